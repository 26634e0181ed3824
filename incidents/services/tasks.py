"""What actions and follow-ups have in common: who does them, how far they are, and what history tells of them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from incidents.models import Action, Actor, FollowUp, Incident, IncidentEvent, TaskStatus
from incidents.services.drafts import UNSET, Unset
from incidents.services.errors import Problems
from incidents.services.history import History, told
from incidents.services.validation import clean_people

Task = Action | FollowUp


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


def note_task(incident: Incident, actor: Actor, kind: IncidentEvent.Kind, task: Task) -> None:
    """Tell the incident's history of the task as it is now; two queries."""
    history = History(incident.pk, actor, task.updated_at)
    history.add(
        kind, task={"id": task.pk, "name": str(task)}, status=task.status, assignee=told(task.assignee)
    )
    history.write()
    touch_incident(incident, task.updated_at)


def touch_incident(incident: Incident, now: datetime.datetime) -> None:
    """Note that something happened around the incident; its version stays: nothing of the row itself changed."""
    Incident.objects.filter(pk=incident.pk).update(updated_at=now, last_activity_at=now)
