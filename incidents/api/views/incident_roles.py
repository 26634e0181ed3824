"""Incident Roles V2, and V1, which also tells whether somebody must have a role."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from incidents.api.nouns import named, next_rank, own_copy, remove_noun, store_noun
from incidents.api.reading.configuration import role_of, role_v1_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import configuration as wire
from incidents.models import IncidentRole
from incidents.models.api_key_roles import Scope

NOUN = "incident role"
_CREATED = "The role is a custom one: those of the lead and the reporter are there already."
_DELETED = "Only one that nobody has on any incident. Those of the lead and the reporter stay."


def list_roles(call: Call[Nothing, Nothing]) -> wire.IncidentRolesList:
    return wire.IncidentRolesList(incident_roles=[role_of(row) for row in call.configuration.incident_roles])


def list_roles_v1(call: Call[Nothing, Nothing]) -> wire.IncidentRolesListV1:
    rows = call.configuration.incident_roles
    return wire.IncidentRolesListV1(incident_roles=[role_v1_of(row) for row in rows])


def show_role(call: Call[Nothing, Nothing]) -> wire.IncidentRolesShow:
    return wire.IncidentRolesShow(incident_role=role_of(_named(call)))


def show_role_v1(call: Call[Nothing, Nothing]) -> wire.IncidentRolesShowV1:
    return wire.IncidentRolesShowV1(incident_role=role_v1_of(_named(call)))


def create_role(call: Call[Nothing, wire.IncidentRolePayload]) -> wire.IncidentRolesShow:
    return wire.IncidentRolesShow(incident_role=role_of(_stored(_new(call), call)))


def create_role_v1(call: Call[Nothing, wire.IncidentRoleCreatePayloadV1]) -> wire.IncidentRolesShowV1:
    row = _new(call)
    row.required = call.body.required
    return wire.IncidentRolesShowV1(incident_role=role_v1_of(_stored(row, call)))


def update_role(call: Call[Nothing, wire.IncidentRolePayload]) -> wire.IncidentRolesShow:
    return wire.IncidentRolesShow(incident_role=role_of(_stored(own_copy(_named(call), NOUN), call)))


def update_role_v1(call: Call[Nothing, wire.IncidentRoleUpdatePayloadV1]) -> wire.IncidentRolesShowV1:
    row = own_copy(_named(call), NOUN)
    if call.body.required is not UNSET:
        row.required = call.body.required
    return wire.IncidentRolesShowV1(incident_role=role_v1_of(_stored(row, call)))


def delete_role(call: Call[Nothing, Nothing]) -> None:
    remove_noun(_named(call), call.actor)


def _named(call: Call[Any, Any]) -> IncidentRole:
    return named(call.configuration.incident_roles, call, NOUN)


def _new(call: Call[Any, Any]) -> IncidentRole:
    return IncidentRole(rank=next_rank(row.rank for row in call.configuration.incident_roles))


def _stored(row: IncidentRole, call: Call[Any, Any]) -> IncidentRole:
    body: wire.IncidentRolePayload = call.body
    row.name, row.description = body.name, body.description
    row.instructions, row.shortform = body.instructions, body.shortform
    store_noun(row, call.actor)
    return row


ROUTES = (
    Route(
        method="GET",
        path="/v2/incident_roles",
        group="Incident roles",
        summary="List incident roles",
        handler=list_roles,
        scope=Scope.INCIDENT_ROLES_VIEW,
        answer=wire.IncidentRolesList,
    ),
    Route(
        method="POST",
        path="/v2/incident_roles",
        group="Incident roles",
        summary="Create an incident role",
        description=_CREATED,
        handler=create_role,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.IncidentRolePayload,
        answer=wire.IncidentRolesShow,
        status=201,
    ),
    Route(
        method="GET",
        path="/v2/incident_roles/{id}",
        group="Incident roles",
        summary="Show an incident role",
        handler=show_role,
        scope=Scope.INCIDENT_ROLES_VIEW,
        answer=wire.IncidentRolesShow,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/v2/incident_roles/{id}",
        group="Incident roles",
        summary="Update an incident role",
        description="Its type stays, and whether somebody must have it.",
        handler=update_role,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.IncidentRolePayload,
        answer=wire.IncidentRolesShow,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v2/incident_roles/{id}",
        group="Incident roles",
        summary="Delete an incident role",
        description=_DELETED,
        handler=delete_role,
        scope=Scope.SETTINGS_UPDATE,
        status=204,
        refusals=(404, 409),
    ),
    Route(
        method="GET",
        path="/v1/incident_roles",
        group="Incident roles",
        summary="List incident roles (V1)",
        handler=list_roles_v1,
        scope=Scope.INCIDENT_ROLES_VIEW,
        answer=wire.IncidentRolesListV1,
        is_deprecated=True,
    ),
    Route(
        method="POST",
        path="/v1/incident_roles",
        group="Incident roles",
        summary="Create an incident role (V1)",
        description=_CREATED,
        handler=create_role_v1,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.IncidentRoleCreatePayloadV1,
        answer=wire.IncidentRolesShowV1,
        status=201,
        is_deprecated=True,
    ),
    Route(
        method="GET",
        path="/v1/incident_roles/{id}",
        group="Incident roles",
        summary="Show an incident role (V1)",
        handler=show_role_v1,
        scope=Scope.INCIDENT_ROLES_VIEW,
        answer=wire.IncidentRolesShowV1,
        refusals=(404,),
        is_deprecated=True,
    ),
    Route(
        method="PUT",
        path="/v1/incident_roles/{id}",
        group="Incident roles",
        summary="Update an incident role (V1)",
        description="Its type stays.",
        handler=update_role_v1,
        scope=Scope.SETTINGS_UPDATE,
        body=wire.IncidentRoleUpdatePayloadV1,
        answer=wire.IncidentRolesShowV1,
        refusals=(404,),
        is_deprecated=True,
    ),
    Route(
        method="DELETE",
        path="/v1/incident_roles/{id}",
        group="Incident roles",
        summary="Delete an incident role (V1)",
        description=_DELETED,
        handler=delete_role,
        scope=Scope.SETTINGS_UPDATE,
        status=204,
        refusals=(404, 409),
        is_deprecated=True,
    ),
)
