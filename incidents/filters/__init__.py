"""Which incidents: the filters of lists, in the grammar of the incident.io API."""

from __future__ import annotations

from incidents.filters.catalogue import filter_fields
from incidents.filters.fields import FilterField, Kind
from incidents.filters.incident_filter import AppliedFilter, Grammar, IncidentFilter, given_names
from incidents.filters.listed import (
    GROUP_BY,
    NO_GROUPS,
    OPEN_ONLY,
    SORT_BY,
    ListedIncidents,
    read_listed,
    read_order,
)
from incidents.filters.parameters import BULK_CHANGE, SEARCH, is_filter
from incidents.filters.values import Choice, Period

__all__ = [
    "BULK_CHANGE",
    "GROUP_BY",
    "NO_GROUPS",
    "OPEN_ONLY",
    "SEARCH",
    "SORT_BY",
    "AppliedFilter",
    "Choice",
    "FilterField",
    "Grammar",
    "IncidentFilter",
    "Kind",
    "ListedIncidents",
    "Period",
    "filter_fields",
    "given_names",
    "is_filter",
    "read_listed",
    "read_order",
]
