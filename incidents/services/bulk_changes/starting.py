"""Begins a bulk change: what is wanted is checked, and its incidents are stored as rows that wait."""

from __future__ import annotations

import dataclasses

from django.db import IntegrityError, transaction

from incidents import text
from incidents.models import Actor, BulkChange, BulkChangeRow, Configuration, Incident
from incidents.models.bulk_change import MOST_INCIDENTS, QUERY_LENGTH
from incidents.models.ulid import is_ulid
from incidents.services.bulk_changes.values import Wanted, clean_wanted
from incidents.services.errors import Problems, require_responder
from incidents.services.history import told

_WITH_MESSAGE = {BulkChange.Kind.STATUS, BulkChange.Kind.SEVERITY}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BulkChangeDraft:
    """A bulk change that somebody wants; `message` is an update to share with each change of status or severity.

    `form_token` is a ULID that the form was given: the same one by the same person again is the same change.
    """

    kind: BulkChange.Kind
    values: tuple[str, ...]
    incident_ids: tuple[str, ...]
    field_id: str = ""
    message: str = ""
    query: str = ""
    form_token: str


def start_bulk_change(draft: BulkChangeDraft, actor: Actor) -> BulkChange:
    """Store the change with a row for each incident, in their order; advance_bulk_change does the work.

    Raises:
        PermissionDenied: the actor may not change incidents, or is no person.
        ValidationError: by the names of the fields on the wire; then nothing is stored.
    """
    require_responder(actor)
    configuration = Configuration.current()
    wanted = clean_wanted(draft.kind, draft.values, configuration, field_id=draft.field_id)
    problems = Problems()
    message = problems.text("message", draft.message, limit=text.MESSAGE_LENGTH)
    if message and draft.kind not in _WITH_MESSAGE:
        problems.add("message", "An update goes with a change of status or severity.", "not_allowed")
    incident_ids = _clean_ids(draft, actor, problems)
    problems.raise_if_any()
    custom_field = configuration.custom_fields.by_id.get(draft.field_id)
    change = BulkChange(
        kind=wanted.kind,
        custom_field=told(custom_field),
        values=list(wanted.values),
        label=wanted.label,
        message=message,
        query=draft.query,
        form_token=draft.form_token,
        incident_count=len(incident_ids),
        creator_user=actor.user,
    )
    return _store(change, incident_ids, actor)


def wanted_of(change: BulkChange) -> Wanted:
    """Return what a stored change sets."""
    field_id = change.custom_field["id"] if change.custom_field else ""
    return Wanted(BulkChange.Kind(change.kind), tuple(change.values), change.label, field_id)


def _clean_ids(draft: BulkChangeDraft, actor: Actor, problems: Problems) -> tuple[str, ...]:
    """Return the ids of the incidents, each once; one query."""
    ids = tuple(dict.fromkeys(draft.incident_ids))
    if not ids:
        problems.add("incident_ids", "Choose at least one incident.", "is_required")
    if len(ids) > MOST_INCIDENTS:
        problems.add("incident_ids", f"Change at most {MOST_INCIDENTS:,} incidents at once.", "too_many")
        return ()
    if not is_ulid(draft.form_token) or len(draft.query) > QUERY_LENGTH or actor.user is None:
        problems.add("incident_ids", "This form cannot be read. Load it anew.", "invalid")
    known = Incident.objects.visible_to(actor).filter(pk__in=[pk for pk in ids if is_ulid(pk)])
    if known.count() != len(ids):
        problems.add("incident_ids", "One of these incidents is not there.", "unknown")
    return ids


def _store(change: BulkChange, incident_ids: tuple[str, ...], actor: Actor) -> BulkChange:
    """Store all of it, or return what the same form stored before: the unique key decides."""
    try:
        with transaction.atomic():
            change.save(force_insert=True)
            BulkChangeRow.objects.bulk_create(
                BulkChangeRow(bulk_change=change, number=number, incident_id=pk)
                for number, pk in enumerate(incident_ids, 1)
            )
    except IntegrityError:
        return BulkChange.objects.get(creator_user=actor.user, form_token=change.form_token)
    return change
