"""Incident memberships (IncidentMembershipV1)."""

from __future__ import annotations

from incidents.api.wire.base import Id, Moment, Wire
from incidents.api.wire.people import User


class IncidentMembership(Wire):
    """A person who sees a private incident."""

    id: str
    incident_id: str
    user: User
    created_at: Moment
    updated_at: Moment


class IncidentMembershipsShow(Wire):
    """One membership."""

    incident_membership: IncidentMembership


class IncidentMembershipPayload(Wire):
    """A person and a private incident."""

    incident_id: Id
    user_id: Id
