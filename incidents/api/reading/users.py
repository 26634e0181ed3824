"""People as the API shows them, with what they may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from django.db.models import QuerySet

from incidents import models
from incidents.api.wire import people as wire
from incidents.api.wire.base import or_unset

# The roles of people are part of Tocsin and not rows of its database, but the API gives each an id: these are it, for
# every installation and for good.
_ROLES: Mapping[str, wire.Role] = {
    models.User.Role.VIEWER: wire.Role(
        id="01KB2ZQ8G00000000000V1EWER",
        name="Viewer",
        slug="viewer",
        description="Sees incidents that are not private, and declares.",
    ),
    models.User.Role.RESPONDER: wire.Role(
        id="01KB2ZQ8G00000000RESP0NDER",
        name="Responder",
        slug="responder",
        description="Declares and changes incidents.",
    ),
    models.User.Role.ADMINISTRATOR: wire.Role(
        id="01KB2ZQ8G0000ADM1N1STRAT0R",
        name="Administrator",
        slug="administrator",
        description="Sees every incident, and changes people and the configuration.",
    ),
}


class Person(NamedTuple):
    """The columns that are shown, in the order in which they are read."""

    id: str
    name: str
    email: str
    slack_user_id: str
    role: str
    is_active: bool


def read_users(people: QuerySet[models.User]) -> list[wire.UserWithRoles]:
    """Return the people with what they may do; one query."""
    return [_user_of(Person(*values)) for values in people.values_list(*Person._fields)]


def _user_of(person: Person) -> wire.UserWithRoles:
    only_views = person.role == models.User.Role.VIEWER
    return wire.UserWithRoles(
        id=person.id,
        name=person.name,
        role=cast("wire.UserRole", person.role),
        base_role=_ROLES[person.role],
        custom_roles=[],
        is_active=person.is_active,
        seats=wire.Seats(on_call="none", response="viewer_only" if only_views else "full_access"),
        email=or_unset(person.email),
        slack_user_id=or_unset(person.slack_user_id),
    )
