"""Incident statuses in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import IncidentStatus


@admin.register(IncidentStatus)
class IncidentStatusAdmin(NounAdmin):
    fields = ("name", "description", "category", "rank")
    list_display = ("name", "category", "rank", "slug", "description")
    list_filter = ("category",)
    search_fields = ("name",)
