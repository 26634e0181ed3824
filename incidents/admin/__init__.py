"""Django's admin for administrators: configuration, people and incidents, written through the services."""

from __future__ import annotations

from incidents.admin import (
    alerts,
    catalog,
    custom_fields,
    follow_up_priorities,
    history,
    incident_roles,
    incident_statuses,
    incident_timestamps,
    incident_types,
    incidents,
    people,
    severities,
    site,
    teams,
)

__all__ = [
    "alerts",
    "catalog",
    "custom_fields",
    "follow_up_priorities",
    "history",
    "incident_roles",
    "incident_statuses",
    "incident_timestamps",
    "incident_types",
    "incidents",
    "people",
    "severities",
    "site",
    "teams",
]
