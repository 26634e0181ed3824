"""People and whoever else acts, as the API shows them."""

from __future__ import annotations

from typing import cast

from msgspec import UNSET, UnsetType

from incidents import models
from incidents.api.wire import people as wire
from incidents.api.wire.base import or_unset


def user_of(user: models.User) -> wire.User:
    """Return a person."""
    return wire.User(
        id=user.pk,
        name=user.name,
        role=cast("wire.UserRole", user.role),
        email=or_unset(user.email),
        slack_user_id=or_unset(user.slack_user_id),
    )


def assignee_of(user: models.User | None) -> wire.User | UnsetType:
    """Return a person, or what leaves the field out where there is nobody."""
    return UNSET if user is None else user_of(user)


def actor_of(made: models.sources.Creatable) -> wire.Actor:
    """Return who made a row; needs the four creators selected along."""
    if made.creator_user is not None:
        return wire.Actor(user=user_of(made.creator_user))
    if made.creator_api_key is not None:
        return wire.Actor(api_key=_named(made.creator_api_key))
    if made.creator_alert is not None:
        alert = made.creator_alert
        return wire.Actor(alert=wire.AlertActor(id=alert.pk, title=alert.title))
    return wire.Actor(workflow=UNSET if made.creator_workflow is None else _named(made.creator_workflow))


def _named(source: models.ApiKey | models.Workflow) -> wire.NamedActor:
    return wire.NamedActor(id=source.pk, name=source.name)
