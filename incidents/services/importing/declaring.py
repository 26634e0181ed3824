"""The import itself: rows that were found right are declared, through the verb that every door takes."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents import text
from incidents.models import (
    Actor,
    Configuration,
    Import,
    ImportedIncident,
    ImportRow,
    Incident,
    IncidentAttachment,
)
from incidents.services.attachments import ANY_LINK
from incidents.services.creation import create_incident
from incidents.services.custom_fields import is_web_link
from incidents.services.importing.checking import actor_of, present_in, resolver_of, told
from incidents.services.importing.resolving import Resolved, Resolver
from incidents.services.updates import add_report

_Outcome = ImportRow.Outcome


def import_rows(incident_import: Import, rows: Sequence[ImportRow], actor: Actor) -> None:
    """Declare the rows of a batch, and note what became of each; some twenty queries a row.

    What was checked may be wrong by now: it is checked again, and a row that fails leaves nothing behind.
    """
    if not rows:
        return
    resolver = resolver_of(incident_import, rows, actor)
    present = present_in(incident_import, rows)
    for row in rows:
        found = resolver.resolve(row.content)
        row.problems = [*found.problems, *found.notes]
        if row.source_id in present:
            row.outcome, row.incident_id = _Outcome.PRESENT, present[row.source_id]
        elif found.problems:
            row.outcome = _Outcome.BAD
        else:
            _import(incident_import, row, found, resolver, actor)
        if row.incident_id and row.outcome in {_Outcome.MADE, _Outcome.ATTACHED}:
            present[row.source_id] = row.incident_id
        if row.outcome != _Outcome.BAD:
            row.content = {}
    ImportRow.objects.bulk_update(rows, ("content", "outcome", "problems", "incident"))


def _import(
    incident_import: Import, row: ImportRow, found: Resolved, resolver: Resolver, actor: Actor
) -> None:
    try:
        with transaction.atomic():
            incident_id = _attached(incident_import, row, found, actor)
            row.outcome = _Outcome.ATTACHED if incident_id else _Outcome.MADE
            if incident_id is None:
                incident_id = _declared(found, actor)
            ImportedIncident.objects.create(
                origin=incident_import.origin,
                source_id=row.source_id,
                permalink=_link(found),
                incident_id=incident_id,
                incident_import=incident_import,
            )
            row.incident_id = incident_id
    except ValidationError as error:
        row.outcome, row.incident_id = _Outcome.BAD, None
        row.problems = [*told(error, resolver, Configuration.current()), *row.problems]
    except IntegrityError:
        # Another import of the same file was first.
        known = present_in(incident_import, [row])
        if row.source_id not in known:
            raise
        row.outcome, row.incident_id = _Outcome.PRESENT, known[row.source_id]


def _attached(incident_import: Import, row: ImportRow, found: Resolved, actor: Actor) -> str | None:
    """Add the row to the open incident that it repeats, if that is wished and it is still open."""
    if incident_import.duplicates != Import.Duplicates.ATTACH or row.incident_id is None:
        return None
    if found.draft is None or not Incident.objects.open().filter(pk=row.incident_id).exists():
        return None
    add_report(row.incident_id, found.draft, actor)
    return row.incident_id


def _declared(found: Resolved, actor: Actor) -> str:
    assert found.draft is not None  # noqa: S101 - every row is resolved to a draft
    made = create_incident(found.draft, actor_of(found, actor), created_at=found.created_at).incident
    if link := _link(found):
        IncidentAttachment.objects.create(
            incident=made, resource_type=ANY_LINK, permalink=link, title="Where it was imported from"
        )
    return made.pk


def _link(found: Resolved) -> str:
    link = found.permalink
    return link if len(link) <= text.URL_LENGTH and is_web_link(link) else ""
