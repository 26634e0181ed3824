"""Incident roles in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import IncidentRole


@admin.register(IncidentRole)
class IncidentRoleAdmin(NounAdmin):
    fields = ("name", "role_type", "shortform", "description", "instructions", "required", "rank")
    list_display = ("name", "role_type", "shortform", "required", "rank", "slug")
    list_filter = ("role_type",)
    search_fields = ("name",)
