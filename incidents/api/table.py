"""Every route there is."""

from __future__ import annotations

from incidents.api.routes import RouteTable
from incidents.api.views import (
    actions,
    actions_v1,
    alert_events,
    api_keys,
    catalog_types,
    custom_field_options,
    custom_fields,
    empty_lists,
    follow_ups,
    identity,
    incident_attachments,
    incident_memberships,
    incident_participants,
    incident_relationships,
    incident_roles,
    incident_statuses,
    incident_timestamps,
    incident_types,
    incident_updates,
    incidents,
    incidents_v1,
    merging,
    severities,
    similar,
    users,
)

TABLE = RouteTable(
    (
        *incidents.ROUTES,
        *merging.ROUTES,
        *similar.ROUTES,
        *incidents_v1.ROUTES,
        *incident_updates.ROUTES,
        *actions.ROUTES,
        *actions_v1.ROUTES,
        *follow_ups.ROUTES,
        *incident_attachments.ROUTES,
        *incident_memberships.ROUTES,
        *incident_participants.ROUTES,
        *incident_relationships.ROUTES,
        *severities.ROUTES,
        *incident_statuses.ROUTES,
        *incident_types.ROUTES,
        *incident_roles.ROUTES,
        *incident_timestamps.ROUTES,
        *custom_fields.ROUTES,
        *custom_field_options.ROUTES,
        *catalog_types.ROUTES,
        *alert_events.ROUTES,
        *users.ROUTES,
        *api_keys.ROUTES,
        *identity.ROUTES,
        *empty_lists.ROUTES,
    )
)
