"""Incident types in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import IncidentType


@admin.register(IncidentType)
class IncidentTypeAdmin(NounAdmin):
    autocomplete_fields = ("owning_teams",)
    fields = (
        "name",
        "description",
        "is_default",
        "private_incidents_only",
        "create_in_triage",
        "owning_teams",
    )
    list_display = ("name", "is_default", "private_incidents_only", "create_in_triage", "slug")
    search_fields = ("name",)
