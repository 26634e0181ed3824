"""Incident Memberships V1."""

from __future__ import annotations

from incidents.api.errors import Problem, in_api_time, invalid
from incidents.api.ids import needed_id
from incidents.api.reading.actors import user_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import incident_memberships as wire
from incidents.models import User
from incidents.models.api_key_roles import Scope
from incidents.services.memberships import grant_membership, revoke_membership


def create_incident_membership(
    call: Call[Nothing, wire.IncidentMembershipPayload],
) -> wire.IncidentMembershipsShow:
    incident_id, user = _named(call)
    if not user.is_active:
        raise invalid(Problem("unknown", "This person is not here any more.", "/user_id"))
    row = grant_membership(incident_id, user, call.actor)
    return wire.IncidentMembershipsShow(
        incident_membership=wire.IncidentMembership(
            id=row.pk,
            incident_id=row.incident_id,
            user=user_of(user),
            created_at=in_api_time(row.created_at),
            updated_at=in_api_time(row.updated_at),
        )
    )


def revoke_incident_membership(call: Call[Nothing, wire.IncidentMembershipPayload]) -> None:
    revoke_membership(*_named(call), call.actor)


def _named(call: Call[Nothing, wire.IncidentMembershipPayload]) -> tuple[str, User]:
    """Return the incident's id and the person, found first, so that it tells nothing about incidents."""
    incident_id = needed_id(call.body.incident_id, "/incident_id")
    user = User.objects.filter(pk=needed_id(call.body.user_id, "/user_id")).first()
    if user is None:
        raise invalid(Problem("unknown", "There is no such person.", "/user_id"))
    return incident_id, user


ROUTES = (
    Route(
        method="POST",
        path="/v1/incident_memberships",
        group="Incident memberships",
        summary="Let a person see a private incident",
        description="The key itself must see it: by the role `global_access`.",
        handler=create_incident_membership,
        scope=Scope.MEMBERSHIPS_GRANT,
        body=wire.IncidentMembershipPayload,
        answer=wire.IncidentMembershipsShow,
        status=201,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/v1/incident_memberships/actions/revoke",
        group="Incident memberships",
        summary="Take the sight of a private incident back",
        description="Also where the person has none.",
        handler=revoke_incident_membership,
        scope=Scope.MEMBERSHIPS_REVOKE,
        body=wire.IncidentMembershipPayload,
        status=204,
        refusals=(404,),
    ),
)
