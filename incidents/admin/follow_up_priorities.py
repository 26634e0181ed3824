"""Priorities of follow-ups in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import FollowUpPriority


@admin.register(FollowUpPriority)
class FollowUpPriorityAdmin(NounAdmin):
    fields = ("name", "description", "rank")
    list_display = ("name", "rank", "description")
    ordering = ("-rank", "id")
    search_fields = ("name",)
