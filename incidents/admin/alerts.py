"""Alert sources in the admin, and the alerts that came from them: to be read."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.listing import ReadOnlyAdmin
from incidents.admin.nouns import NounAdmin
from incidents.models import Alert, AlertSource


@admin.register(AlertSource)
class AlertSourceAdmin(NounAdmin):
    autocomplete_fields = ("severity",)
    fields = ("name", "policy", "severity")
    list_display = ("name", "policy", "severity", "slug", "pk")
    list_select_related = ("severity",)
    search_fields = ("name",)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    fields = (
        "title",
        "source",
        "deduplication_key",
        "status",
        "count",
        "description",
        "source_url",
        "created_at",
        "last_seen_at",
    )
    list_display = ("title", "source", "status", "count", "last_seen_at", "created_at")
    list_select_related = ("source",)
    ordering = ("-id",)
    sortable_by = ()
