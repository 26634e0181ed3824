"""Incident Types V1, which clients may read."""

from __future__ import annotations

from incidents.api.nouns import named
from incidents.api.reading.configuration import type_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import configuration as wire
from incidents.models import IncidentType
from incidents.models.api_key_roles import Scope


def list_types(call: Call[Nothing, Nothing]) -> wire.IncidentTypesList:
    return wire.IncidentTypesList(incident_types=[_owned(row) for row in call.configuration.incident_types])


def show_type(call: Call[Nothing, Nothing]) -> wire.IncidentTypesShow:
    row = named(call.configuration.incident_types, call, "incident type")
    return wire.IncidentTypesShow(incident_type=_owned(row))


def _owned(row: IncidentType) -> wire.IncidentType:
    """Return a type with its teams, which the configuration has read along."""
    return type_of(row, owning_team_ids=[team.pk for team in row.owning_teams.all()])


ROUTES = (
    Route(
        method="GET",
        path="/v1/incident_types",
        group="Incident types",
        summary="List incident types",
        handler=list_types,
        scope=Scope.INCIDENT_TYPES_VIEW,
        answer=wire.IncidentTypesList,
    ),
    Route(
        method="GET",
        path="/v1/incident_types/{id}",
        group="Incident types",
        summary="Show an incident type",
        handler=show_type,
        scope=Scope.INCIDENT_TYPES_VIEW,
        answer=wire.IncidentTypesShow,
        refusals=(404,),
    ),
)
