"""Follow-ups: added, changed, tied to issues in trackers, done, deleted."""

from __future__ import annotations

import dataclasses
import datetime

from django.db import transaction

from incidents import text
from incidents.models import Actor, Configuration, FollowUp, FollowUpPriority, IncidentEvent
from incidents.models.follow_up import LABEL_LENGTH, MOST_LABELS, TITLE_LENGTH
from incidents.models.ulid import is_ulid
from incidents.services.changes import lock_incident
from incidents.services.drafts import UNSET, Unset
from incidents.services.errors import Problems, require_responder
from incidents.services.issues import Issue, IssueLink, clean_issue
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
class FollowUpDraft:
    """A follow-up that somebody wants, or wants a follow-up to be; what is UNSET stays. Text is raw."""

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    assignee_id: str | Unset | None = UNSET
    assignee_team_id: str | Unset | None = UNSET
    priority_id: str | Unset | None = UNSET
    labels: tuple[str, ...] | Unset = UNSET
    status: str | Unset = UNSET


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
        require_room(incident, FollowUp)
        follow_up = FollowUp(incident=incident, **actor.creator_columns)
        title = "" if draft.title is UNSET else draft.title
        _fill_follow_up(follow_up, dataclasses.replace(draft, title=title))
        save_task(incident, actor, IncidentEvent.Kind.FOLLOW_UP_ADDED, follow_up, {})
    return follow_up


def add_follow_up_from_link(incident_id: str, url: str, actor: Actor) -> FollowUp:
    """Add a follow-up for an issue that exists in a tracker; the same address again returns what is there.

    Raises:
        As add_follow_up.
    """
    require_responder(actor)
    problems = Problems()
    issue = clean_issue(IssueLink(url=url), problems)
    problems.raise_if_any()
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        present = incident.follow_ups.exclude(status="deleted").filter(issue_permalink=issue.permalink)
        if (follow_up := present.first()) is not None:
            return follow_up
        require_room(incident, FollowUp)
        follow_up = FollowUp(incident=incident, title=issue.title, **actor.creator_columns)
        _tie(follow_up, issue)
        save_task(incident, actor, IncidentEvent.Kind.FOLLOW_UP_ADDED, follow_up, {})
    return follow_up


def edit_follow_up(
    follow_up: FollowUp,
    draft: FollowUpDraft,
    actor: Actor,
    *,
    unchanged_since: datetime.datetime | None = None,
) -> FollowUp:
    """Change a follow-up; deleting it is a change of its status, and the last one.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        FollowUp.DoesNotExist: it was deleted.
        TaskChangedError: somebody changed it since the moment that is given.
        ValidationError: by the names of the fields on the wire.
    """
    require_responder(actor)
    with transaction.atomic():
        incident = lock_incident(follow_up.incident_id, actor, version=None)
        locked = lock_task(follow_up)
        before = state_of(locked)
        _fill_follow_up(locked, draft)
        require_unchanged(locked, before, unchanged_since)
        save_task(incident, actor, IncidentEvent.Kind.FOLLOW_UP_CHANGED, locked, before)
    return locked


def connect_issue(follow_up: FollowUp, link: IssueLink, actor: Actor) -> FollowUp:
    """Tie a follow-up to an issue in a tracker; nothing happens where it is tied to this one already.

    Raises:
        As edit_follow_up; also a ValidationError where it is tied to another issue.
    """
    require_responder(actor)
    problems = Problems()
    issue = clean_issue(link, problems)
    problems.raise_if_any()
    with transaction.atomic():
        incident = lock_incident(follow_up.incident_id, actor, version=None)
        locked = lock_task(follow_up)
        if locked.issue_permalink and (locked.issue_provider, locked.issue_permalink) != (
            issue.provider,
            issue.permalink,
        ):
            problems.add("url", f"This is tied to {locked.issue_name} already.", "already_connected")
            problems.raise_if_any()
        before = state_of(locked)
        _tie(locked, issue)
        save_task(incident, actor, IncidentEvent.Kind.FOLLOW_UP_CHANGED, locked, before)
    return locked


def _tie(follow_up: FollowUp, issue: Issue) -> None:
    follow_up.issue_provider = issue.provider
    follow_up.issue_name = issue.name
    follow_up.issue_permalink = issue.permalink


def _fill_follow_up(follow_up: FollowUp, draft: FollowUpDraft) -> None:
    problems = Problems()
    if draft.title is not UNSET:
        follow_up.title = problems.line("title", draft.title, limit=TITLE_LENGTH)
        if not text.is_visible(draft.title[:TITLE_LENGTH]):
            problems.add("title", "Say in one line what is to be done.", "is_required")
    if draft.description is not UNSET:
        follow_up.description = problems.text("description", draft.description, limit=text.MESSAGE_LENGTH)
    if draft.labels is not UNSET:
        follow_up.labels = _clean_labels(draft.labels, problems)
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


def _clean_labels(labels: tuple[str, ...], problems: Problems) -> list[str]:
    if len(labels) > MOST_LABELS:
        problems.add("labels", f"Give at most {MOST_LABELS} labels.", "too_many")
        return []
    cleaned = [problems.line("labels", label, limit=LABEL_LENGTH) for label in labels]
    return list(dict.fromkeys(filter(None, cleaned)))
