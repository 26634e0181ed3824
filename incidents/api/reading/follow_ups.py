"""Follow-ups as the API shows them."""

from __future__ import annotations

from typing import cast

from msgspec import UNSET, UnsetType

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.reading.actors import actor_of, assignee_of
from incidents.api.wire import follow_ups as wire
from incidents.api.wire.actions import ActionV1, TaskStatus
from incidents.api.wire.base import or_unset
from incidents.api.wire.incidents import ExternalIssueReference, Provider


def follow_up_of(row: models.FollowUp) -> wire.FollowUp:
    """Return a follow-up; needs for_api()."""
    team, priority = row.assignee_team, row.priority
    return wire.FollowUp(
        id=row.pk,
        incident_id=row.incident_id,
        title=row.title,
        status=cast("TaskStatus", row.status),
        labels=row.labels,
        creator=actor_of(row),
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
        description=or_unset(row.description),
        assignee=assignee_of(row.assignee),
        assignee_team=UNSET if team is None else wire.Team(id=team.pk, name=team.name),
        priority=UNSET if priority is None else _priority_of(priority),
        completed_at=UNSET if row.completed_at is None else in_api_time(row.completed_at),
        external_issue_reference=_issue_of(row),
    )


def follow_up_v1_of(row: models.FollowUp) -> ActionV1:
    """Return a follow-up as an action of V1, told by its title; needs for_api()."""
    return ActionV1(
        id=row.pk,
        incident_id=row.incident_id,
        follow_up=True,
        status=cast("TaskStatus", row.status),
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
        description=row.title,
        assignee=assignee_of(row.assignee),
        completed_at=UNSET if row.completed_at is None else in_api_time(row.completed_at),
        external_issue_reference=_issue_of(row),
    )


def _priority_of(row: models.FollowUpPriority) -> wire.FollowUpPriority:
    return wire.FollowUpPriority(
        id=row.pk, name=row.name, rank=row.rank, description=or_unset(row.description)
    )


def _issue_of(row: models.FollowUp) -> ExternalIssueReference | UnsetType:
    if not row.issue_provider:
        return UNSET
    return ExternalIssueReference(
        provider=cast("Provider", row.issue_provider),
        issue_name=row.issue_name,
        issue_permalink=row.issue_permalink,
    )
