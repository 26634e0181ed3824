"""Which incidents: the filters of lists, in the grammar of the incident.io API."""

from __future__ import annotations

from incidents.filters.catalogue import filter_fields
from incidents.filters.fields import FilterField, Kind
from incidents.filters.incident_filter import AppliedFilter, Grammar, IncidentFilter, given_names
from incidents.filters.parameters import SEARCH, is_filter
from incidents.filters.values import Choice, Period

__all__ = [
    "SEARCH",
    "AppliedFilter",
    "Choice",
    "FilterField",
    "Grammar",
    "IncidentFilter",
    "Kind",
    "Period",
    "filter_fields",
    "given_names",
    "is_filter",
]
