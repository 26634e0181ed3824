"""Severities V1."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from incidents.api.nouns import named, next_rank, own_copy, remove_noun, store_noun
from incidents.api.reading.configuration import severity_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import configuration as wire
from incidents.models import Severity
from incidents.models.api_key_roles import Scope

NOUN = "severity"


def list_severities(call: Call[Nothing, Nothing]) -> wire.SeveritiesList:
    return wire.SeveritiesList(severities=[severity_of(row) for row in call.configuration.severities])


def show_severity(call: Call[Nothing, Nothing]) -> wire.SeveritiesShow:
    return wire.SeveritiesShow(severity=severity_of(_named(call)))


def create_severity(call: Call[Nothing, wire.SeverityPayload]) -> wire.SeveritiesShow:
    row = Severity(rank=next_rank(row.rank for row in call.configuration.severities))
    return _store(row, call)


def update_severity(call: Call[Nothing, wire.SeverityPayload]) -> wire.SeveritiesShow:
    return _store(own_copy(_named(call), NOUN), call)


def delete_severity(call: Call[Nothing, Nothing]) -> None:
    remove_noun(_named(call), call.actor)


def _named(call: Call[Any, Any]) -> Severity:
    return named(call.configuration.severities, call, NOUN)


def _store(row: Severity, call: Call[Nothing, wire.SeverityPayload]) -> wire.SeveritiesShow:
    row.name, row.description = call.body.name, call.body.description
    if call.body.rank is not UNSET:
        row.rank = call.body.rank
    store_noun(row, call.actor)
    return wire.SeveritiesShow(severity=severity_of(row))


ROUTES = (
    Route(
        method="GET",
        path="/v1/severities",
        group="Severities",
        summary="List severities",
        handler=list_severities,
        scope=Scope.SEVERITIES_VIEW,
        answer=wire.SeveritiesList,
    ),
    Route(
        method="POST",
        path="/v1/severities",
        group="Severities",
        summary="Create a severity",
        description="Without a rank it becomes the worst one.",
        handler=create_severity,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.SeverityPayload,
        answer=wire.SeveritiesShow,
        status=201,
    ),
    Route(
        method="GET",
        path="/v1/severities/{id}",
        group="Severities",
        summary="Show a severity",
        handler=show_severity,
        scope=Scope.SEVERITIES_VIEW,
        answer=wire.SeveritiesShow,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/v1/severities/{id}",
        group="Severities",
        summary="Update a severity",
        description="A new rank is carried over to every incident of the severity.",
        handler=update_severity,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.SeverityPayload,
        answer=wire.SeveritiesShow,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/severities/{id}",
        group="Severities",
        summary="Delete a severity",
        description="Only one that no incident has, and that is not the last one.",
        handler=delete_severity,
        scope=Scope.SETTINGS_UPDATE,
        status=202,
        refusals=(404, 409),
    ),
)
