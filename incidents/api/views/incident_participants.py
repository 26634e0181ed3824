"""Incident Participants V2."""

from __future__ import annotations

from msgspec import Struct

from incidents.api.ids import needed_id
from incidents.api.reading.incident_participants import read_participants
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import incident_participants as wire
from incidents.api.wire.base import Id
from incidents.models import Incident
from incidents.models.api_key_roles import Scope


class ListQuery(Struct):
    """The incident whose participants are meant."""

    incident_id: Id


def list_incident_participants(call: Call[ListQuery, Nothing]) -> wire.IncidentParticipantsList:
    incident_id = needed_id(call.query.incident_id, "/incident_id")
    incident = Incident.objects.visible_to(call.actor).filter(pk=incident_id).first()
    if incident is None:
        nobody = wire.IncidentParticipants(active=[], passive=[])
        return wire.IncidentParticipantsList(incident_participants=nobody)
    return wire.IncidentParticipantsList(incident_participants=read_participants(incident))


ROUTES = (
    Route(
        method="GET",
        path="/v2/incident_participants",
        group="Incident participants",
        summary="List incident participants",
        description=(
            "Responders have a role, collaborators reported, updated or changed it, observers are the other members"
            " of a private incident. At most 500 people, each once."
        ),
        handler=list_incident_participants,
        scope=Scope.INCIDENTS_VIEW,
        query=ListQuery,
        answer=wire.IncidentParticipantsList,
    ),
)
