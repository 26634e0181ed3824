"""Every route there is."""

from __future__ import annotations

from incidents.api.routes import RouteTable
from incidents.api.views import (
    actions,
    actions_v1,
    follow_ups,
    incident_attachments,
    incident_memberships,
    incident_participants,
    incident_relationships,
    incident_updates,
    incidents,
    incidents_v1,
    severities,
)

TABLE = RouteTable(
    (
        *incidents.ROUTES,
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
    )
)
