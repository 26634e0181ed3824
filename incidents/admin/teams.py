"""Teams in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import Team


@admin.register(Team)
class TeamAdmin(NounAdmin):
    fields = ("name",)
    list_display = ("name", "slug")
    search_fields = ("name",)
