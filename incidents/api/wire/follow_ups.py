"""Follow-ups: what is answered, and what may be sent. V2 and V3 have one shape."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from incidents.api.wire.actions import AssigneeId, Description, StatusToSet, TaskStatus
from incidents.api.wire.base import Id, Moment, PaginationMeta, Wire
from incidents.api.wire.incidents import ExternalIssueReference, Provider, Url
from incidents.api.wire.people import Actor, User
from incidents.models.follow_up import LABEL_LENGTH, MOST_LABELS, TITLE_LENGTH

Title = Annotated[str, Meta(max_length=TITLE_LENGTH)]
Labels = Annotated[list[Annotated[str, Meta(max_length=LABEL_LENGTH)]], Meta(max_length=MOST_LABELS)]
TeamId = Annotated[str, Meta(max_length=200, description="The team that does it.")]
CategoryId = Annotated[str, Meta(max_length=200, description="There are no categories here: leave it out.")]
IssueId = Annotated[
    str, Meta(max_length=200, description="Issues have no ids here: connect one by its address.")
]


class Team(Wire):
    """A team."""

    id: str
    name: str


class FollowUpPriority(Wire):
    """How soon it should be done; a higher rank is more urgent."""

    id: str
    name: str
    rank: int
    description: str | UnsetType = UNSET


class FollowUp(Wire):
    """Something to do once an incident is over."""

    id: str
    incident_id: str
    title: str
    status: TaskStatus
    labels: list[str]
    creator: Actor
    created_at: Moment
    updated_at: Moment
    description: str | UnsetType = UNSET
    assignee: User | UnsetType = UNSET
    assignee_team: Team | UnsetType = UNSET
    priority: FollowUpPriority | UnsetType = UNSET
    completed_at: Moment | UnsetType = UNSET
    external_issue_reference: ExternalIssueReference | UnsetType = UNSET


class FollowUpsList(Wire):
    """Follow-ups, oldest first."""

    follow_ups: list[FollowUp]


class FollowUpsPage(Wire):
    """A page of follow-ups, oldest first."""

    follow_ups: list[FollowUp]
    pagination_meta: PaginationMeta


class FollowUpsShow(Wire):
    """One follow-up."""

    follow_up: FollowUp


class FollowUpCreatePayload(Wire):
    """A follow-up to add."""

    incident_id: Id
    title: Title
    description: Description | UnsetType = UNSET
    assignee_id: AssigneeId | UnsetType = UNSET
    assignee_team_id: TeamId | UnsetType = UNSET
    follow_up_priority_option_id: Id | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET
    follow_up_category_id: CategoryId | UnsetType = UNSET
    external_issue_reference_id: IssueId | UnsetType = UNSET


class FollowUpUpdatePayload(Wire):
    """What a follow-up shall be; what is left out stays, and null takes assignee and team away."""

    title: Title
    status: StatusToSet
    description: Description | UnsetType = UNSET
    assignee_id: AssigneeId | UnsetType | None = UNSET
    assignee_team_id: TeamId | UnsetType | None = UNSET
    follow_up_priority_option_id: Id | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET
    follow_up_category_id: CategoryId | UnsetType = UNSET


class ConnectIssuePayload(Wire):
    """The issue that a follow-up is, in a tracker."""

    provider: Provider
    url: Url


class FollowUpFromLinkPayload(Wire):
    """An issue in a tracker that becomes a follow-up."""

    incident_id: Id
    url: Url
