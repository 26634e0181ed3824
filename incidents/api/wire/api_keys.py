"""API keys: what is answered, and what may be sent; and what a key learns about itself."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents.api.wire.base import Id, Moment, PaginationMeta, Wire
from incidents.api.wire.people import ActorV1
from incidents.models.api_key import COMMENTS_LENGTH
from incidents.models.api_key_roles import KNOWN_ROLES
from incidents.services.api_keys import HIGHEST_RATE_LIMIT, NAME_LENGTH

SimilarPolicy = Literal["warn", "refuse", "attach"]
RoleName = Annotated[str, Meta(max_length=100, extra_json_schema={"enum": sorted(KNOWN_ROLES)})]
RoleNames = Annotated[list[RoleName], Meta(max_length=100)]
Expiry = Annotated[datetime.datetime, Meta(tz=True)]


class ApiKeyRole(Wire):
    """A role that a key has, and what it is for."""

    name: str
    description: str


class ApiKey(Wire):
    """An API key (APIKeyV1). The last three fields are Tocsin's own."""

    id: str
    name: str
    created_at: Moment
    creator: ActorV1
    roles: list[ApiKeyRole]
    team_ids: list[str]
    team_roles: list[ApiKeyRole]
    token_last_issued_at: Moment
    similar_policy: SimilarPolicy
    rate_limit: int
    expires_at: Moment | UnsetType = UNSET
    last_used_at: Moment | UnsetType = UNSET
    comments: str | UnsetType = UNSET


class ApiKeyPayload(Wire):
    """A key to store. The last three fields are Tocsin's own; where they are left out they stay as they are."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH)]
    role_names: RoleNames
    team_ids: Annotated[list[Id], Meta(max_length=200)]
    team_role_names: RoleNames
    comments: Annotated[str, Meta(max_length=COMMENTS_LENGTH)] = ""
    expires_at: (
        Annotated[Expiry | None, Meta(description="When the key ends; null for never.")] | UnsetType
    ) = UNSET
    similar_policy: SimilarPolicy | UnsetType = UNSET
    rate_limit: Annotated[int, Meta(ge=1, le=HIGHEST_RATE_LIMIT)] | UnsetType = UNSET


class ApiKeysList(Wire):
    """A page of keys."""

    api_keys: list[ApiKey]
    pagination_meta: PaginationMeta


class ApiKeysShow(Wire):
    """One key."""

    api_key: ApiKey


class ApiKeysIssued(Wire):
    """A key with its token, which is told this once."""

    api_key: ApiKey
    token: str


class ApiKeyRotatePayload(Wire):
    """How long the token before goes on working."""

    grace_period_minutes: Annotated[int, Meta(ge=0, le=60)] = 30


class IdentityTeam(Wire):
    """A team that a key is for."""

    id: str
    name: str


class Identity(Wire):
    """Who asks (IdentityV1)."""

    name: str
    dashboard_url: str
    roles: list[str]
    team_roles: list[str]
    teams: list[IdentityTeam]


class IdentityShow(Wire):
    """Who asks."""

    identity: Identity
