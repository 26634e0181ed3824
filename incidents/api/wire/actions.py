"""Actions: what is answered, and what may be sent. V2 and V3 have one shape."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents import text
from incidents.api.wire.base import Id, Moment, PaginationMeta, Wire
from incidents.api.wire.incidents import ExternalIssueReference
from incidents.api.wire.people import Actor, User

TaskStatus = Literal["outstanding", "completed", "not_doing", "deleted"]
StatusToSet = Annotated[
    Literal["outstanding", "completed", "not_doing"], Meta(description="To delete one, use DELETE.")
]
Description = Annotated[str, Meta(max_length=text.MESSAGE_LENGTH, description="Markdown.")]
AssigneeId = Annotated[str, Meta(max_length=200, description="The person who does it.")]


class ActionV1(Wire):
    """An action, or a follow-up as the older version tells it."""

    id: str
    incident_id: str
    follow_up: bool
    status: TaskStatus
    created_at: Moment
    updated_at: Moment
    description: str | UnsetType = UNSET
    assignee: User | UnsetType = UNSET
    completed_at: Moment | UnsetType = UNSET
    external_issue_reference: ExternalIssueReference | UnsetType = UNSET


class ActionsListV1(Wire):
    """Actions and follow-ups, oldest first."""

    actions: list[ActionV1]


class ActionsShowV1(Wire):
    """One action or follow-up."""

    action: ActionV1


class Action(Wire):
    """Something to do while an incident lasts."""

    id: str
    incident_id: str
    description: str
    status: TaskStatus
    creator: Actor
    created_at: Moment
    updated_at: Moment
    assignee: User | UnsetType = UNSET
    completed_at: Moment | UnsetType = UNSET


class ActionsList(Wire):
    """Actions, oldest first."""

    actions: list[Action]


class ActionsPage(Wire):
    """A page of actions, oldest first."""

    actions: list[Action]
    pagination_meta: PaginationMeta


class ActionsShow(Wire):
    """One action."""

    action: Action


class ActionCreatePayload(Wire):
    """An action to add."""

    incident_id: Id
    description: Description
    assignee_id: AssigneeId | UnsetType = UNSET


class ActionUpdatePayload(Wire):
    """What an action shall be; null takes the assignee away."""

    description: Description
    status: StatusToSet
    assignee_id: AssigneeId | UnsetType | None = UNSET
