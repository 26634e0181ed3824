"""The actions and follow-ups of one incident, as its page lists them."""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Q, QuerySet, When, Window

from incidents.models import Action, FollowUp, TaskStatus
from incidents.web.incident_side import safe_url
from incidents.web.sentence import shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from incidents.models import Actor, Incident

MOST_SHOWN = 50
"""How many of each kind are listed before somebody asks for all."""


@dataclasses.dataclass(frozen=True, slots=True)
class TaskRow:
    """An action or a follow-up: what fits into a line, and what else there is to read.

    `origin` is the incident that it belongs to, where that was merged into the one that is shown.
    """

    task: Action | FollowUp
    url_name: str
    title: str
    more: str
    labels: tuple[str, ...] = ()
    priority: str = ""
    team: str = ""
    issue_name: str = ""
    issue_url: str = ""
    origin: Incident | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was completed."""
        return self.task.status == TaskStatus.COMPLETED

    @property
    def is_dropped(self) -> bool:
        """Whether somebody decided against it."""
        return self.task.status == TaskStatus.NOT_DOING

    @property
    def has_more(self) -> bool:
        """Whether there is more to read than fits into the line."""
        return bool(self.more or self.labels)


@dataclasses.dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks of one kind, as far as they are shown."""

    name: str
    rows: tuple[TaskRow, ...]
    total: int
    done: int
    dropped: int


@dataclasses.dataclass(frozen=True, slots=True)
class IncidentTasks:
    """Both kinds."""

    can_change: bool
    actions: TaskGroup
    follow_ups: TaskGroup

    @property
    def groups(self) -> list[TaskGroup]:
        """Those kinds of which there is something."""
        return [group for group in (self.actions, self.follow_ups) if group.rows]

    @property
    def wanted(self) -> int:
        """How many there are that nobody decided against."""
        return sum(group.total - group.dropped for group in self.groups)

    @property
    def done(self) -> int:
        """How many were completed."""
        return sum(group.done for group in self.groups)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(group.total for group in self.groups)

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.total - sum(len(group.rows) for group in self.groups)


def read_tasks(
    incident: Incident, actor: Actor, *, merged: Collection[Incident] = (), shows_all: bool = False
) -> IncidentTasks:
    """Return the tasks, those of merged incidents too, the open ones first among those that are shown; two queries."""
    limit = None if shows_all else MOST_SHOWN
    origins = {one.pk: one for one in merged}
    of_incidents = Q(incident__in=[incident.pk, *origins])
    actions = Action.objects.listed().filter(of_incidents).select_related("assignee")
    follow_ups = FollowUp.objects.listed().filter(of_incidents)
    follow_ups = follow_ups.select_related("assignee", "assignee_team", "priority")
    return IncidentTasks(
        can_change=can_change(incident, actor),
        actions=_group("Actions", [row_of(task, origins) for task in _shown(actions, limit)]),
        follow_ups=_group("Follow-ups", [row_of(task, origins) for task in _shown(follow_ups, limit)]),
    )


def can_change(incident: Incident, actor: Actor) -> bool:
    """Tell whether the page of an incident offers to change it: that of a merged one is kept as it was."""
    return actor.can_respond and incident.merged_into_incident_id is None


def row_of(task: Action | FollowUp, origins: Mapping[str, Incident]) -> TaskRow:
    """Return the row of one task; reads who does it and how urgent it is, unless they were selected along.

    `origins` are the incidents that were merged into the one that is shown, by id.
    """
    return _action_row(task, origins) if isinstance(task, Action) else _follow_up_row(task, origins)


def _shown(rows: QuerySet[Any], limit: int | None) -> list[Any]:
    """Return the open ones, then the others, as many as are shown, in the order in which they were added."""
    counted = rows.annotate(
        total=Window(Count("pk")),
        done=Window(Count("pk", filter=Q(status=TaskStatus.COMPLETED))),
        dropped=Window(Count("pk", filter=Q(status=TaskStatus.NOT_DOING))),
    )
    is_over = Case(When(status=TaskStatus.OUTSTANDING, then=0), default=1)
    return sorted(counted.order_by(is_over, "pk")[:limit], key=attrgetter("pk"))


def _group(name: str, rows: Sequence[TaskRow]) -> TaskGroup:
    counts: Any = rows[0].task if rows else None
    return TaskGroup(
        name=name,
        rows=tuple(rows),
        total=counts.total if rows else 0,
        done=counts.done if rows else 0,
        dropped=counts.dropped if rows else 0,
    )


def _action_row(action: Action, origins: Mapping[str, Incident]) -> TaskRow:
    line, _, more = action.description.partition("\n")
    title = shortened(line)
    more = more.strip() if title == line else action.description
    return TaskRow(
        action,
        url_name="incidents:action",
        title=title,
        more=more,
        origin=origins.get(action.incident_id),
    )


def _follow_up_row(follow_up: FollowUp, origins: Mapping[str, Incident]) -> TaskRow:
    return TaskRow(
        follow_up,
        url_name="incidents:follow_up",
        title=follow_up.title,
        more=follow_up.description,
        labels=tuple(follow_up.labels),
        priority=follow_up.priority.name if follow_up.priority else "",
        team=follow_up.assignee_team.name if follow_up.assignee_team else "",
        issue_name=follow_up.issue_name,
        issue_url=safe_url(follow_up.issue_permalink),
        origin=origins.get(follow_up.incident_id),
    )
