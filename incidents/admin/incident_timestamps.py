"""Incident timestamps and duration metrics in the admin."""

from __future__ import annotations

from django.contrib import admin

from incidents.admin.nouns import NounAdmin
from incidents.models import DurationMetric, IncidentTimestamp


@admin.register(IncidentTimestamp)
class IncidentTimestampAdmin(NounAdmin):
    autocomplete_fields = ("set_by_statuses",)
    fields = ("name", "rank", "set_at_creation", "set_by_statuses")
    list_display = ("name", "rank", "set_at_creation", "slug")
    search_fields = ("name",)


@admin.register(DurationMetric)
class DurationMetricAdmin(NounAdmin):
    autocomplete_fields = ("from_timestamp", "to_timestamp")
    fields = ("name", "from_timestamp", "to_timestamp", "is_headline", "rank")
    list_display = ("name", "from_timestamp", "to_timestamp", "is_headline", "rank", "slug")
    list_select_related = ("from_timestamp", "to_timestamp")
    search_fields = ("name",)
