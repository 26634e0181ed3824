"""Changing an incident: one transaction with its history."""

from __future__ import annotations

import dataclasses

from django.db import transaction
from django.utils import timezone

from incidents import text
from incidents.models import Actor, Configuration, Incident, IncidentEvent, IncidentMembership
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.services.changes import Changes, lock_incident
from incidents.services.drafts import UNSET, IncidentEdit
from incidents.services.edit_parts import apply_parts
from incidents.services.errors import require_responder
from incidents.services.history import told
from incidents.services.references import recount_listed
from incidents.services.search_text import rewrite_search_text
from incidents.services.similarity import index_incident
from incidents.services.status_change import apply_status
from incidents.services.validation import (
    clean_link,
    clean_mode,
    clean_name,
    clean_severity,
    clean_type,
    clean_visibility,
)

_Kind = IncidentEvent.Kind
_SEARCH_COLUMNS = frozenset({"name", "summary", "status_category"})
_SIMILARITY_COLUMNS = frozenset(
    {"name", "summary", "incident_type_id", "status_category", "mode", "visibility"}
)


@dataclasses.dataclass(frozen=True, slots=True)
class Edited:
    """What edit_incident did; `kinds` are the events it wrote, none where nothing was different."""

    incident: Incident
    kinds: tuple[IncidentEvent.Kind, ...]


def edit_incident(
    incident_id: str, edit: IncidentEdit, actor: Actor, *, version: int | None = None
) -> Edited:
    """Change what the edit names. With `version`, only if nobody changed the incident since.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        VersionConflictError: the incident is at another version.
        ValidationError: by the names of the fields on the wire, with everything that is wrong.
    """
    require_responder(actor)
    with transaction.atomic():
        configuration = Configuration.held()
        incident = lock_incident(incident_id, actor, version=version)
        changes = Changes(incident, actor, configuration, timezone.now())
        apply_edit(changes, edit)
        if not changes.is_empty:
            save_changes(changes)
            changes.history.write()
    return Edited(incident, tuple(IncidentEvent.Kind(event.kind) for event in changes.history.events))


def apply_edit(changes: Changes, edit: IncidentEdit) -> None:
    """Note everything that the edit changes, and store the parts that have rows of their own.

    Raises:
        ValidationError: with every problem; the transaction around it has to be rolled back.
    """
    _apply_texts(changes, edit)
    _apply_kind(changes, edit)
    if edit.severity_id is not UNSET:
        _apply_severity(changes, edit.severity_id)
    apply_parts(changes, edit)
    if edit.incident_status_id is not UNSET:
        apply_status(changes, edit.incident_status_id)
    changes.problems.raise_if_any()


def save_changes(changes: Changes) -> None:
    """Store the incident's row, and what search and the duplicate check read of it."""
    changes.save_row()
    if {"mode", "visibility"} & changes.columns.keys():
        recount_listed(
            mode=changes.before.get("mode", changes.incident.mode),
            visibility=changes.before.get("visibility", changes.incident.visibility),
            incident=changes.incident,
        )
    if _SEARCH_COLUMNS & changes.columns.keys():
        rewrite_search_text(changes.incident)
    fields_changed = any(event.kind == _Kind.FIELD_CHANGED for event in changes.history.events)
    if fields_changed or _SIMILARITY_COLUMNS & changes.columns.keys():
        index_incident(changes.incident)


def _apply_texts(changes: Changes, edit: IncidentEdit) -> None:
    incident, problems = changes.incident, changes.problems
    if edit.name is not UNSET and (name := clean_name(edit.name, problems)) != incident.name:
        changes.history.add(_Kind.NAME_CHANGED, **{"from": incident.name, "to": name})
        changes.set(name=name)
    if edit.summary is not UNSET:
        summary = problems.text("summary", edit.summary, limit=text.SUMMARY_LENGTH)
        if summary != incident.summary:
            changes.history.add(_Kind.SUMMARY_CHANGED, **{"from": incident.summary, "to": summary})
            changes.set(summary=summary)
    if edit.call_url is not UNSET:
        _apply_property(changes, "call_url", clean_link("call_url", edit.call_url, problems))
    if edit.postmortem_document_url is not UNSET:
        link = clean_link("postmortem_document_url", edit.postmortem_document_url, problems)
        _apply_property(changes, "postmortem_document_url", link)
    if edit.slack_channel_name is not UNSET:
        channel = problems.line("slack_channel_name", edit.slack_channel_name, limit=100)
        _apply_property(changes, "slack_channel_name", channel)


def _apply_property(changes: Changes, column: str, value: str) -> None:
    before = getattr(changes.incident, column)
    if value != before:
        changes.history.add(_Kind.PROPERTY_CHANGED, property=column, **{"from": before, "to": value})
        changes.set(**{column: value})


def _apply_kind(changes: Changes, edit: IncidentEdit) -> None:
    """Type, mode and visibility: what kind of incident it is, and who sees it."""
    incident, problems, configuration = changes.incident, changes.problems, changes.configuration
    if edit.mode is not UNSET:
        _apply_property(changes, "mode", clean_mode(edit.mode, problems))
    if edit.incident_type_id is not UNSET and edit.incident_type_id != incident.incident_type_id:
        before = configuration.incident_types.by_id.get(incident.incident_type_id or "")
        after = clean_type(edit.incident_type_id, configuration, problems)
        changes.history.add(_Kind.TYPE_CHANGED, **{"from": told(before), "to": told(after)})
        changes.set(incident_type_id=None if after is None else after.pk)
    if edit.visibility is UNSET and edit.incident_type_id is UNSET:
        return
    incident_type = configuration.incident_types.by_id.get(incident.incident_type_id or "")
    wanted = incident.visibility if edit.visibility is UNSET else edit.visibility
    visibility = clean_visibility(wanted, incident_type, problems)
    if visibility != incident.visibility:
        changes.history.add(_Kind.VISIBILITY_CHANGED, **{"from": incident.visibility, "to": visibility})
        changes.set(visibility=visibility)
        _keep_in_sight(changes)


def _keep_in_sight(changes: Changes) -> None:
    """Make members of those who work on an incident that becomes private: they would lose it otherwise."""
    if not changes.incident.is_private:
        return
    incident = changes.incident
    at_work = set(incident.role_assignments.values_list("assignee_id", flat=True))
    for tasks in (incident.actions, incident.follow_ups):
        assigned = tasks.listed().filter(assignee__isnull=False)
        at_work.update(assigned.values_list("assignee_id", flat=True))
    if changes.actor.user_id is not None:
        at_work.add(changes.actor.user_id)
    IncidentMembership.objects.bulk_create(
        (IncidentMembership(incident=incident, user_id=user_id) for user_id in sorted(at_work)),
        ignore_conflicts=True,
    )


def _apply_severity(changes: Changes, severity_id: str | None) -> None:
    incident, configuration = changes.incident, changes.configuration
    if severity_id == incident.severity_id:
        return
    before = configuration.severities.by_id.get(incident.severity_id or "")
    after = clean_severity(severity_id, configuration, changes.problems)
    changes.history.add(
        _Kind.SEVERITY_CHANGED,
        **{"from": told(before), "to": told(after)},
        from_rank=incident.severity_rank,
        to_rank=NO_SEVERITY_RANK if after is None else after.rank,
    )
    if after is not None:
        changes.set(severity_id=after.pk, severity_rank=after.rank)
