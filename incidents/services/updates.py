"""Sharing updates, and adding a report to an incident that exists already."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import text
from incidents.models import Actor, Configuration, Incident, IncidentEvent, IncidentUpdate
from incidents.models.ulid import new_ulid
from incidents.services.changes import Changes, lock_incident
from incidents.services.declare_drafts import finish_draft
from incidents.services.drafts import UNSET, IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import apply_edit, save_changes
from incidents.services.errors import (
    Problems,
    VersionConflictError,
    require_declarer,
    require_responder,
)
from incidents.services.idempotency import Claim, claim_of_update, update_made_before
from incidents.services.search_text import rewrite_search_text


def share_update(
    incident_id: str,
    draft: UpdateDraft,
    actor: Actor,
    *,
    version: int | None = None,
    idempotency_key: str = "",
) -> IncidentUpdate:
    """Share an update, with the change of status and severity that it tells of, in one transaction.

    A `version` is compared only if the update changes something: words alone never conflict. The same key by the same
    API key again returns the first update; people have no keys.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        VersionConflictError: somebody changed the incident since.
        ValidationError: by the names of the fields on the wire.
        IdempotencyKeyReusedError: the key stands for another update.
    """
    require_responder(actor)
    with transaction.atomic():
        configuration = Configuration.held()
        # Whoever sends the same update at the same time waits here, and finds it made.
        incident = lock_incident(incident_id, actor, version=None)
        changes = Changes(incident, actor, configuration, timezone.now())
        claim = claim_of_update(idempotency_key, incident.pk, draft, actor, changes.problems)
        if made_before := update_made_before(claim, actor):
            return made_before
        edit = _edit_of(draft, incident)
        if edit is not None and version not in {None, incident.version}:
            raise VersionConflictError(incident)
        message = changes.problems.text("message", draft.message, limit=text.MESSAGE_LENGTH)
        if edit is None and not text.is_visible(draft.message[: text.MESSAGE_LENGTH]):
            changes.problems.add(
                "message", "Write what changed, or choose another status or severity.", "is_required"
            )
        apply_edit(changes, edit or IncidentEdit())
        severity_id = draft.severity_id if edit else None
        return _store(changes, message, claim=claim, new_severity_id=severity_id)


def add_report(
    incident_id: str, draft: IncidentDraft, actor: Actor, *, form_token: str = ""
) -> IncidentUpdate:
    """Add what somebody was about to declare to the incident that exists already; viewers may, too.

    The draft that was kept of the form with this token is finished in the same transaction.

    The same words by the same actor are one report: a button pressed twice returns what its first press made.

    Raises:
        PermissionDenied: the actor may not declare.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: by the names of the fields on the wire.
    """
    require_declarer(actor)
    problems = Problems()
    name = problems.line("name", draft.name, limit=text.NAME_LENGTH)
    summary = problems.text("summary", draft.summary, limit=text.SUMMARY_LENGTH)
    if not name and not summary:
        problems.add("name", "Say in one line what you see.", "is_required")
    problems.raise_if_any()
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        finish_draft(form_token, actor)
        message = "\n\n".join(part for part in (name, summary) if part)
        reports = incident.updates.filter(is_report=True, message=message, **actor.creator_columns)
        if (made_before := reports.first()) is not None:
            return made_before
        changes = Changes(incident, actor, Configuration.current(), timezone.now())
        return _store(changes, message, is_report=True)


def _edit_of(draft: UpdateDraft, incident: Incident) -> IncidentEdit | None:
    """Return what the update changes beside telling, or None."""
    status = draft.incident_status_id if draft.incident_status_id != incident.incident_status_id else None
    severity = draft.severity_id if draft.severity_id != incident.severity_id else None
    if not status and not severity:
        return None
    return IncidentEdit(incident_status_id=status or UNSET, severity_id=severity or UNSET)


def _store(
    changes: Changes,
    message: str,
    *,
    claim: Claim = Claim(),  # noqa: B008 - it is frozen
    new_severity_id: str | None = None,
    is_report: bool = False,
) -> IncidentUpdate:
    incident = changes.incident
    update = IncidentUpdate(
        id=new_ulid(),
        incident_id=incident.pk,
        message=message,
        new_incident_status_id=incident.incident_status_id,
        new_severity_id=new_severity_id,
        is_report=is_report,
        idempotency_key=claim.key,
        body_hash=claim.body_hash,
        created_at=changes.now,
        **changes.actor.creator_columns,
    )
    _insert(update, claim, changes.actor)
    kind = IncidentEvent.Kind.REPORT_ADDED if is_report else IncidentEvent.Kind.UPDATE_SHARED
    changes.history.add(kind)
    save_changes(changes)
    if message:
        rewrite_search_text(incident)
    changes.history.write(update)
    return update


def _insert(update: IncidentUpdate, claim: Claim, actor: Actor) -> None:
    """Store the row. Of two updates of different incidents with one key, the unique index lets one through."""
    try:
        with transaction.atomic():
            update.save(force_insert=True)
    except IntegrityError:
        update_made_before(claim, actor)
        raise
