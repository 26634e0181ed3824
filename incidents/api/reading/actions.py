"""Actions as the API shows them."""

from __future__ import annotations

from typing import cast

from msgspec import UNSET

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.reading.actors import actor_of, assignee_of
from incidents.api.wire import actions as wire


def action_of(row: models.Action) -> wire.Action:
    """Return an action; needs for_api()."""
    return wire.Action(
        id=row.pk,
        incident_id=row.incident_id,
        description=row.description,
        status=cast("wire.TaskStatus", row.status),
        creator=actor_of(row),
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
        assignee=assignee_of(row.assignee),
        completed_at=UNSET if row.completed_at is None else in_api_time(row.completed_at),
    )


def action_v1_of(row: models.Action) -> wire.ActionV1:
    """Return an action in the words of V1; needs for_api()."""
    return wire.ActionV1(
        id=row.pk,
        incident_id=row.incident_id,
        follow_up=False,
        status=cast("wire.TaskStatus", row.status),
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
        description=row.description,
        assignee=assignee_of(row.assignee),
        completed_at=UNSET if row.completed_at is None else in_api_time(row.completed_at),
    )
