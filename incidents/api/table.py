"""Every route there is."""

from __future__ import annotations

from incidents.api.routes import RouteTable
from incidents.api.views import (
    api_keys,
    catalog_types,
    custom_field_options,
    custom_fields,
    empty_lists,
    identity,
    incident_roles,
    incident_statuses,
    incident_timestamps,
    incident_types,
    incidents,
    severities,
    similar,
    users,
)

TABLE = RouteTable(
    (
        *incidents.ROUTES,
        *similar.ROUTES,
        *severities.ROUTES,
        *incident_statuses.ROUTES,
        *incident_types.ROUTES,
        *incident_roles.ROUTES,
        *incident_timestamps.ROUTES,
        *custom_fields.ROUTES,
        *custom_field_options.ROUTES,
        *catalog_types.ROUTES,
        *users.ROUTES,
        *api_keys.ROUTES,
        *identity.ROUTES,
        *empty_lists.ROUTES,
    )
)
