"""What actions and follow-ups have in common: who does them, how far they are, and what history tells of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils import timezone

from incidents.models import Action, Actor, FollowUp, Incident, IncidentEvent, TaskStatus
from incidents.services.drafts import UNSET, Unset
from incidents.services.errors import Problems, TaskChangedError
from incidents.services.history import History, told
from incidents.services.memberships import add_members
from incidents.services.validation import clean_people

Task = Action | FollowUp
TaskT = TypeVar("TaskT", Action, FollowUp)
MOST_TASKS = 500
"""How many actions, and as many follow-ups, an incident may have besides the deleted ones."""


def require_room(incident: Incident, kind: type[Task]) -> None:
    """Refuse one more task where there are as many as anybody can keep in view; one query.

    Raises:
        ValidationError: by the name of the field on the wire.
    """
    if kind.objects.filter(incident=incident).listed().count() >= MOST_TASKS:
        problems = Problems()
        noun = kind._meta.verbose_name_plural
        problems.add("incident_id", f"An incident has at most {MOST_TASKS} {noun}. Delete one.", "too_many")
        problems.raise_if_any()


def lock_task(task: TaskT) -> TaskT:
    """Return the task as it is now, locked until the transaction ends; one query.

    Raises:
        ObjectDoesNotExist: it was deleted, by somebody who was quicker.
    """
    rows = type(task).objects.listed().select_for_update(of=("self",))
    return rows.select_related("assignee").get(pk=task.pk)


def require_unchanged(
    task: Task, before: Mapping[str, Any], unchanged_since: datetime.datetime | None
) -> None:
    """Refuse to overwrite what somebody changed since; where both want the same there is nothing to overwrite.

    Raises:
        TaskChangedError: the task holds new values, and is not as it was at that moment.
    """
    is_overtaken = unchanged_since is not None and task.updated_at != unchanged_since
    if is_overtaken and state_of(task) != before:
        raise TaskChangedError(task)


def fill_assignee(task: Task, user_id: str | Unset | None, problems: Problems) -> None:
    """Give the task to a person, or to nobody; one query for a person."""
    if user_id is UNSET or user_id == task.assignee_id:
        return
    if not user_id:
        task.assignee = None
        return
    task.assignee = clean_people({user_id}, Problems()).get(user_id)
    if task.assignee is None:
        problems.add("assignee_id", "There is nobody with this id.", "unknown")


def fill_status(task: Task, status: str | Unset, problems: Problems) -> None:
    """Set how far the task is, and the moment at which it was completed."""
    if status is UNSET or status == task.status:
        return
    if status not in TaskStatus.values:
        problems.add("status", f"The status is one of {', '.join(TaskStatus.values)}.", "unknown")
        return
    task.status = status
    task.completed_at = timezone.now() if status == TaskStatus.COMPLETED else None


def state_of(task: Task) -> dict[str, Any]:
    """Return every column, to be compared with what they are later."""
    return {field.attname: getattr(task, field.attname) for field in task._meta.concrete_fields}


def save_task(
    incident: Incident, actor: Actor, kind: IncidentEvent.Kind, task: Task, before: Mapping[str, Any]
) -> None:
    """Store a task that differs from what it was before, and tell the incident's history; nothing if it does not.

    Whoever has to do something on a private incident becomes a member of it, as with roles.
    """
    changed = [column for column, value in state_of(task).items() if before.get(column) != value]
    if not changed:
        return
    completed_now = task.completed_at if "completed_at" in changed else None
    task.updated_at = completed_now or timezone.now()
    if not before:
        task.created_at = task.updated_at
    task.save(force_insert=not before)
    history = History(incident.pk, actor, task.updated_at)
    history.add(
        kind,
        task={"id": task.pk, "name": str(task)},
        status=task.status,
        assignee=told(task.assignee),
        changed=changed if before else [],
    )
    if incident.is_private and task.assignee is not None and "assignee_id" in changed:
        add_members(incident, history, [task.assignee])
    history.write()
    touch_incident(incident, task.updated_at)


def touch_incident(incident: Incident, now: datetime.datetime) -> None:
    """Note that something happened around the incident; its version stays: nothing of the row itself changed."""
    Incident.objects.filter(pk=incident.pk).update(updated_at=now, last_activity_at=now)
