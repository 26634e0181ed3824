"""Actions: added, changed, done, deleted."""

from __future__ import annotations

import dataclasses
import datetime

from django.db import transaction

from incidents import text
from incidents.models import Action, Actor, IncidentEvent
from incidents.services.changes import lock_incident
from incidents.services.drafts import UNSET, Unset
from incidents.services.errors import Problems, require_responder
from incidents.services.tasks import (
    fill_assignee,
    fill_status,
    lock_task,
    require_room,
    require_unchanged,
    save_task,
    state_of,
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """An action that somebody wants, or wants an action to be; what is UNSET stays. Text is raw."""

    description: str | Unset = UNSET
    assignee_id: str | Unset | None = UNSET
    status: str | Unset = UNSET


def add_action(incident_id: str, draft: ActionDraft, actor: Actor) -> Action:
    """Add an action to an incident.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: by the names of the fields on the wire.
    """
    require_responder(actor)
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        require_room(incident, Action)
        action = Action(incident=incident, **actor.creator_columns)
        description = "" if draft.description is UNSET else draft.description
        _fill_action(action, dataclasses.replace(draft, description=description))
        save_task(incident, actor, IncidentEvent.Kind.ACTION_ADDED, action, {})
    return action


def edit_action(
    action: Action, draft: ActionDraft, actor: Actor, *, unchanged_since: datetime.datetime | None = None
) -> Action:
    """Change an action; deleting it is a change of its status, and the last one.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        Action.DoesNotExist: it was deleted.
        TaskChangedError: somebody changed it since the moment that is given.
        ValidationError: by the names of the fields on the wire.
    """
    require_responder(actor)
    with transaction.atomic():
        incident = lock_incident(action.incident_id, actor, version=None)
        locked = lock_task(action)
        before = state_of(locked)
        _fill_action(locked, draft)
        require_unchanged(locked, before, unchanged_since)
        save_task(incident, actor, IncidentEvent.Kind.ACTION_CHANGED, locked, before)
    return locked


def _fill_action(action: Action, draft: ActionDraft) -> None:
    problems = Problems()
    if draft.description is not UNSET:
        action.description = problems.text("description", draft.description, limit=text.MESSAGE_LENGTH)
        if not text.is_visible(draft.description[: text.MESSAGE_LENGTH]):
            problems.add("description", "Say what is to be done.", "is_required")
    fill_assignee(action, draft.assignee_id, problems)
    fill_status(action, draft.status, problems)
    problems.raise_if_any()
