"""API keys as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from msgspec import UNSET, UnsetType

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.wire import api_keys as wire
from incidents.api.wire.base import or_unset
from incidents.api.wire.people import ActorV1, NamedActor, User
from incidents.models.api_key_roles import role_description

if TYPE_CHECKING:
    import datetime

    from incidents.api.wire.people import UserRole


def api_key_of(row: models.ApiKey) -> wire.ApiKey:
    """Return a key; no query if its creator was selected along."""
    return wire.ApiKey(
        id=row.pk,
        name=row.name,
        created_at=in_api_time(row.created_at),
        creator=_creator_of(row),
        roles=_roles(row.roles),
        team_ids=row.team_ids,
        team_roles=_roles(row.team_roles),
        token_last_issued_at=in_api_time(row.token_last_issued_at),
        similar_policy=cast("wire.SimilarPolicy", row.similar_policy),
        rate_limit=row.rate_limit,
        expires_at=_moment(row.expires_at),
        last_used_at=_moment(row.last_used_at),
        comments=or_unset(row.comments),
    )


def _creator_of(row: models.ApiKey) -> ActorV1:
    """Return who made the key: nobody where it was made from the command line."""
    if row.creator_user is not None:
        person = row.creator_user
        return ActorV1(
            user=User(
                id=person.pk,
                name=person.name,
                role=cast("UserRole", person.role),
                email=or_unset(person.email),
                slack_user_id=or_unset(person.slack_user_id),
            )
        )
    if row.creator_api_key is not None:
        return ActorV1(api_key=NamedActor(id=row.creator_api_key.pk, name=row.creator_api_key.name))
    return ActorV1()


def _roles(names: Iterable[str]) -> list[wire.ApiKeyRole]:
    return [wire.ApiKeyRole(name=name, description=role_description(name)) for name in names]


def _moment(moment: datetime.datetime | None) -> str | UnsetType:
    return UNSET if moment is None else in_api_time(moment)
