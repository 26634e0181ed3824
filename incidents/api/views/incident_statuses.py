"""Incident Statuses V1."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from incidents.api.errors import Problem, invalid
from incidents.api.nouns import named, next_rank, own_copy, remove_noun, store_noun
from incidents.api.reading.configuration import status_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import configuration as wire
from incidents.models import IncidentStatus
from incidents.models.api_key_roles import Scope

NOUN = "incident status"


def list_statuses(call: Call[Nothing, Nothing]) -> wire.IncidentStatusesList:
    rows = call.configuration.incident_statuses
    return wire.IncidentStatusesList(incident_statuses=[status_of(row) for row in rows])


def show_status(call: Call[Nothing, Nothing]) -> wire.IncidentStatusesShow:
    return wire.IncidentStatusesShow(incident_status=status_of(_named(call)))


def create_status(call: Call[Nothing, wire.IncidentStatusCreatePayload]) -> wire.IncidentStatusesShow:
    category = call.body.category
    others = call.configuration.incident_statuses
    rank = next_rank(other.rank for other in others if other.category == category)
    return _store(IncidentStatus(category=category, rank=rank), call)


def update_status(call: Call[Nothing, wire.IncidentStatusUpdatePayload]) -> wire.IncidentStatusesShow:
    return _store(own_copy(_named(call), NOUN), call)


def delete_status(call: Call[Nothing, Nothing]) -> None:
    remove_noun(_named(call), call.actor)


def _named(call: Call[Any, Any]) -> IncidentStatus:
    return named(call.configuration.incident_statuses, call, NOUN)


def _store(
    row: IncidentStatus,
    call: Call[Nothing, wire.IncidentStatusCreatePayload] | Call[Nothing, wire.IncidentStatusUpdatePayload],
) -> wire.IncidentStatusesShow:
    row.name, row.description = call.body.name, call.body.description
    _place(row, call.body.rank, call)
    store_noun(row, call.actor)
    return wire.IncidentStatusesShow(incident_status=status_of(row))


def _place(row: IncidentStatus, rank: int | UnsetType, call: Call[Any, Any]) -> None:
    if rank is UNSET or rank == row.rank:
        return
    for other in call.configuration.incident_statuses:
        if other.category == row.category and other.rank == rank:
            raise invalid(Problem("taken", f"“{other}” has this rank in its category already.", "/rank"))
    row.rank = rank


ROUTES = (
    Route(
        method="GET",
        path="/v1/incident_statuses",
        group="Incident statuses",
        summary="List incident statuses",
        handler=list_statuses,
        scope=Scope.INCIDENT_STATUSES_VIEW,
        answer=wire.IncidentStatusesList,
    ),
    Route(
        method="POST",
        path="/v1/incident_statuses",
        group="Incident statuses",
        summary="Create an incident status",
        description="Without a rank it becomes the last one of its category.",
        handler=create_status,
        scope=Scope.LIFECYCLES_UPDATE,
        body=wire.IncidentStatusCreatePayload,
        answer=wire.IncidentStatusesShow,
        status=201,
    ),
    Route(
        method="GET",
        path="/v1/incident_statuses/{id}",
        group="Incident statuses",
        summary="Show an incident status",
        handler=show_status,
        scope=Scope.INCIDENT_STATUSES_VIEW,
        answer=wire.IncidentStatusesShow,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/v1/incident_statuses/{id}",
        group="Incident statuses",
        summary="Update an incident status",
        description="Its category stays. Without a rank it stays where it is.",
        handler=update_status,
        scope=Scope.LIFECYCLES_UPDATE,
        body=wire.IncidentStatusUpdatePayload,
        answer=wire.IncidentStatusesShow,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/incident_statuses/{id}",
        group="Incident statuses",
        summary="Delete an incident status",
        description=(
            "Only one that no incident has and no update names. The last of a category stays, but for paused and"
            " learning, which may be empty."
        ),
        handler=delete_status,
        scope=Scope.LIFECYCLES_UPDATE,
        status=202,
        refusals=(404, 409),
    ),
)
