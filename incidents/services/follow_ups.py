"""Follow-ups: added, changed, done, deleted."""

from __future__ import annotations

import dataclasses

from django.db import transaction
from django.utils import timezone

from incidents import text
from incidents.models import (
    Actor,
    Configuration,
    ExternalIssueReference,
    FollowUp,
    FollowUpPriority,
    IncidentEvent,
)
from incidents.models.follow_up import LABEL_LENGTH, MOST_LABELS, TITLE_LENGTH
from incidents.models.ulid import is_ulid
from incidents.services.changes import lock_incident
from incidents.services.drafts import UNSET, Unset
from incidents.services.errors import Problems, require_responder
from incidents.services.tasks import fill_assignee, fill_status, note_task, state_of
from incidents.services.validation import clean_link


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IssueLink:
    """An issue in a tracker."""

    provider: str
    name: str
    permalink: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDraft:
    """A follow-up that somebody wants, or wants a follow-up to be; what is UNSET stays. Text is raw."""

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    assignee_id: str | Unset | None = UNSET
    assignee_team_id: str | Unset | None = UNSET
    priority_id: str | Unset | None = UNSET
    labels: tuple[str, ...] | Unset = UNSET
    status: str | Unset = UNSET
    issue: IssueLink | Unset = UNSET


def add_follow_up(incident_id: str, draft: FollowUpDraft, actor: Actor) -> FollowUp:
    """Add a follow-up to an incident.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: by the names of the fields on the wire.
    """
    require_responder(actor)
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        follow_up = FollowUp(incident=incident, created_at=timezone.now(), **actor.creator_columns)
        _fill_follow_up(
            follow_up, dataclasses.replace(draft, title="" if draft.title is UNSET else draft.title)
        )
        follow_up.save(force_insert=True)
        note_task(incident, actor, IncidentEvent.Kind.FOLLOW_UP_ADDED, follow_up)
    return follow_up


def edit_follow_up(follow_up: FollowUp, draft: FollowUpDraft, actor: Actor) -> FollowUp:
    """Change a follow-up; deleting it is a change of its status.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: by the names of the fields on the wire.
    """
    require_responder(actor)
    with transaction.atomic():
        incident = lock_incident(follow_up.incident_id, actor, version=None)
        locked = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
        before = state_of(locked)
        _fill_follow_up(locked, draft)
        if state_of(locked) != before:
            locked.updated_at = timezone.now()
            locked.save()
            note_task(incident, actor, IncidentEvent.Kind.FOLLOW_UP_CHANGED, locked)
    return locked


def _fill_follow_up(follow_up: FollowUp, draft: FollowUpDraft) -> None:
    problems = Problems()
    if draft.title is not UNSET:
        follow_up.title = problems.line("title", draft.title, limit=TITLE_LENGTH)
        if not text.is_visible(draft.title):
            problems.add("title", "Say in one line what is to be done.", "is_required")
    if draft.description is not UNSET:
        follow_up.description = problems.text("description", draft.description, limit=text.MESSAGE_LENGTH)
    if draft.labels is not UNSET:
        follow_up.labels = _clean_labels(draft.labels, problems)
    if draft.issue is not UNSET:
        _fill_issue(follow_up, draft.issue, problems)
    _fill_priority(follow_up, draft.priority_id, problems)
    _fill_team(follow_up, draft.assignee_team_id, problems)
    fill_assignee(follow_up, draft.assignee_id, problems)
    fill_status(follow_up, draft.status, problems)
    problems.raise_if_any()


def _fill_priority(follow_up: FollowUp, priority_id: str | Unset | None, problems: Problems) -> None:
    if priority_id is UNSET:
        return
    found = FollowUpPriority.objects.filter(pk=priority_id) if priority_id and is_ulid(priority_id) else None
    follow_up.priority = found.first() if found is not None else None
    if priority_id and follow_up.priority is None:
        problems.add("follow_up_priority_option_id", "There is no such priority.", "unknown")


def _fill_team(follow_up: FollowUp, team_id: str | Unset | None, problems: Problems) -> None:
    if team_id is UNSET:
        return
    follow_up.assignee_team = Configuration.current().teams.by_id.get(team_id) if team_id else None
    if team_id and follow_up.assignee_team is None:
        problems.add("assignee_team_id", "There is no such team.", "unknown")


def _fill_issue(follow_up: FollowUp, issue: IssueLink, problems: Problems) -> None:
    if issue.provider not in ExternalIssueReference.Provider.values:
        problems.add("provider", "There is no such provider.", "unknown")
    follow_up.issue_provider = issue.provider
    follow_up.issue_permalink = clean_link("url", issue.permalink, problems)
    follow_up.issue_name = problems.line("url", issue.name, limit=200)
    if not issue.permalink.strip():
        problems.add("url", "Give the address of the issue.", "is_required")


def _clean_labels(labels: tuple[str, ...], problems: Problems) -> list[str]:
    if len(labels) > MOST_LABELS:
        problems.add("labels", f"Give at most {MOST_LABELS} labels.", "too_many")
        return []
    cleaned = [problems.line("labels", label, limit=LABEL_LENGTH) for label in labels]
    return list(dict.fromkeys(filter(None, cleaned)))
