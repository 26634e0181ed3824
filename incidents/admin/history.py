"""The history and the updates of incidents in the admin: to be read."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.admin.listing import ReadOnlyAdmin
from incidents.models import IncidentEvent, IncidentUpdate

_CREATORS = ("creator_user", "creator_api_key", "creator_alert", "creator_workflow")


class TellingAdmin(ReadOnlyAdmin):
    """Rows about incidents, newest first; those of one incident where the address names it."""

    ordering = ("-id",)
    sortable_by = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "incident__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="by")
    def made_by(self, row: IncidentEvent | IncidentUpdate) -> str:
        return str(row.creator)


@admin.register(IncidentEvent)
class IncidentEventAdmin(TellingAdmin):
    fields = ("incident", "kind", "made_by", "created_at", "incident_update", "told_details")
    list_display = ("kind", "incident", "made_by", "created_at")
    list_select_related = ("incident", *_CREATORS)

    @admin.display(description="details")
    def told_details(self, event: IncidentEvent) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(event.details, indent=2, ensure_ascii=False))


@admin.register(IncidentUpdate)
class IncidentUpdateAdmin(TellingAdmin):
    fields = (
        "incident",
        "message",
        "new_incident_status",
        "new_severity",
        "merged_into_incident",
        "is_report",
        "made_by",
        "created_at",
    )
    list_display = ("__str__", "incident", "new_incident_status", "is_report", "made_by", "created_at")
    list_select_related = ("incident", "new_incident_status", *_CREATORS)
