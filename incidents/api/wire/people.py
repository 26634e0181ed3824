"""People and other actors."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from incidents.api.wire.base import PaginationMeta, Wire

UserRole = Literal["viewer", "responder", "administrator", "owner", "unset"]


class User(Wire):
    """A person (UserV1 and UserV2)."""

    id: str
    name: str
    role: UserRole
    email: str | UnsetType = UNSET
    slack_user_id: str | UnsetType = UNSET


class NamedActor(Wire):
    """An API key or a workflow that acts."""

    id: str
    name: str


class AlertActor(Wire):
    """An alert that acts."""

    id: str
    title: str


class ActorV1(Wire):
    """Who did it, where only people and keys can be told; empty for others."""

    user: User | UnsetType = UNSET
    api_key: NamedActor | UnsetType = UNSET


class Actor(Wire):
    """Who did it: one of the four (ActorV2)."""

    user: User | UnsetType = UNSET
    api_key: NamedActor | UnsetType = UNSET
    alert: AlertActor | UnsetType = UNSET
    workflow: NamedActor | UnsetType = UNSET


class Role(Wire):
    """What a person may do in the installation (RBACRoleV2)."""

    id: str
    name: str
    slug: str
    description: str | UnsetType = UNSET


class Seats(Wire):
    """What a person's seat allows."""

    on_call: Literal["full_access", "viewer_only", "none"]
    response: Literal["full_access", "viewer_only", "none"]


class UserWithRoles(Wire):
    """A person with what they may do (UserWithRolesV2)."""

    id: str
    name: str
    role: UserRole
    base_role: Role
    custom_roles: list[Role]
    is_active: bool
    seats: Seats
    email: str | UnsetType = UNSET
    slack_user_id: str | UnsetType = UNSET


class UsersList(Wire):
    """A page of people."""

    users: list[UserWithRoles]
    pagination_meta: PaginationMeta


class UsersShow(Wire):
    """One person."""

    user: UserWithRoles
