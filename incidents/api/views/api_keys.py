"""API Keys V1."""

from __future__ import annotations

import datetime
from typing import Any

from msgspec import UNSET

from incidents.api.errors import Problem, invalid, not_found
from incidents.api.ids import id_in_path, id_sent
from incidents.api.query import PageQuery
from incidents.api.reading.api_keys import api_key_of
from incidents.api.reading.pages import page_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import api_keys as wire
from incidents.models import ApiKey
from incidents.models.api_key_roles import Scope
from incidents.services.api_keys import (
    ApiKeyDraft,
    edit_api_key,
    issue_api_key,
    revoke_api_key,
    rotate_api_key,
)

NOUN = "API key"
_TEAMS = ("team_ids", "team_role_names")


def list_api_keys(call: Call[PageQuery, Nothing]) -> wire.ApiKeysList:
    rows = ApiKey.objects.standing().select_related("creator_user", "creator_api_key")
    if after := id_sent(call.query.after, "/after"):
        rows = rows.filter(id__lt=after)
    size = call.query.page_size
    page, meta = page_of([api_key_of(row) for row in rows[: size + 1]], size)
    return wire.ApiKeysList(api_keys=page, pagination_meta=meta)


def show_api_key(call: Call[Nothing, Nothing]) -> wire.ApiKeysShow:
    return wire.ApiKeysShow(api_key=api_key_of(_named(call)))


def create_api_key(call: Call[Nothing, wire.ApiKeyPayload]) -> wire.ApiKeysIssued:
    usual = ApiKey(similar_policy=call.configuration.duplicates.api_key_policy)
    issued = issue_api_key(_draft(call.body, usual), call.actor)
    return wire.ApiKeysIssued(api_key=api_key_of(issued.api_key), token=issued.token)


def update_api_key(call: Call[Nothing, wire.ApiKeyPayload]) -> wire.ApiKeysShow:
    row = _named(call)
    return wire.ApiKeysShow(api_key=api_key_of(edit_api_key(row, _draft(call.body, row), call.actor)))


def delete_api_key(call: Call[Nothing, Nothing]) -> None:
    revoke_api_key(_named(call), call.actor)


def rotate_key(call: Call[Nothing, wire.ApiKeyRotatePayload]) -> wire.ApiKeysIssued:
    grace = datetime.timedelta(minutes=call.body.grace_period_minutes)
    issued = rotate_api_key(_named(call), call.actor, grace=grace)
    return wire.ApiKeysIssued(api_key=api_key_of(issued.api_key), token=issued.token)


def _named(call: Call[Any, Any]) -> ApiKey:
    pk = id_in_path(call, NOUN)
    rows = ApiKey.objects.standing().select_related("creator_user", "creator_api_key")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise not_found(NOUN)
    return found


def _draft(body: wire.ApiKeyPayload, row: ApiKey) -> ApiKeyDraft:
    """Return what was sent; what is Tocsin's own and was left out is as the key has it."""
    if bool(body.team_ids) != bool(body.team_role_names):
        empty = next(name for name in _TEAMS if not getattr(body, name))
        message = "Roles for teams need both: send team_ids and team_role_names, or neither."
        raise invalid(Problem("is_required", message, f"/{empty}"))
    return ApiKeyDraft(
        name=body.name,
        roles=tuple(body.role_names),
        comments=body.comments,
        team_ids=tuple(map(str.upper, body.team_ids)),
        team_roles=tuple(body.team_role_names),
        expires_at=row.expires_at if body.expires_at is UNSET else body.expires_at,
        similar_policy=row.similar_policy if body.similar_policy is UNSET else body.similar_policy,
        rate_limit=row.rate_limit if body.rate_limit is UNSET else body.rate_limit,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/api_keys",
        group="API keys",
        summary="List API keys",
        description="The newest first, without those that were revoked.",
        handler=list_api_keys,
        scope=Scope.API_KEYS_MANAGE,
        query=PageQuery,
        answer=wire.ApiKeysList,
    ),
    Route(
        method="POST",
        path="/v1/api_keys",
        group="API keys",
        summary="Create an API key",
        description=(
            "A key gives roles that it has itself, but never `api_keys_manage`. The token is in this answer alone."
        ),
        handler=create_api_key,
        scope=Scope.API_KEYS_MANAGE,
        body=wire.ApiKeyPayload,
        answer=wire.ApiKeysIssued,
        status=201,
    ),
    Route(
        method="GET",
        path="/v1/api_keys/{id}",
        group="API keys",
        summary="Show an API key",
        handler=show_api_key,
        scope=Scope.API_KEYS_MANAGE,
        answer=wire.ApiKeysShow,
        refusals=(404,),
    ),
    Route(
        method="PUT",
        path="/v1/api_keys/{id}",
        group="API keys",
        summary="Update an API key",
        description="Any key but the one that asks. Its token stays.",
        handler=update_api_key,
        scope=Scope.API_KEYS_MANAGE,
        body=wire.ApiKeyPayload,
        answer=wire.ApiKeysShow,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/api_keys/{id}",
        group="API keys",
        summary="Delete an API key",
        description="Revokes it at once and for good. Any key but the one that asks.",
        handler=delete_api_key,
        scope=Scope.API_KEYS_MANAGE,
        status=204,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/v1/api_keys/{id}/actions/rotate",
        group="API keys",
        summary="Rotate an API key",
        description=(
            "Issues another token; the one before goes on working for the grace period. The key that asks needs every"
            " scope of the one that it rotates."
        ),
        handler=rotate_key,
        scope=Scope.API_KEYS_MANAGE,
        body=wire.ApiKeyRotatePayload,
        answer=wire.ApiKeysIssued,
        status=201,
        refusals=(404,),
    ),
)
