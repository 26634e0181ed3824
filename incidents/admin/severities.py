"""Severities in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import Severity


@admin.register(Severity)
class SeverityAdmin(NounAdmin):
    fields = ("name", "description", "rank")
    list_display = ("name", "rank", "slug", "description")
    ordering = ("-rank", "id")
    search_fields = ("name",)
