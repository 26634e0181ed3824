"""The dry run: what would become of each row, without making anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from incidents.models import Actor, Configuration, Import, ImportedIncident, ImportRow, Incident
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.ulid import is_ulid
from incidents.services.creation import check_draft
from incidents.services.declaring import look_for_similar
from incidents.services.drafts import IncidentDraft
from incidents.services.importing import targets
from incidents.services.importing.nouns import Vocabulary
from incidents.services.importing.people import People
from incidents.services.importing.resolving import Resolved, Resolver

_Outcome = ImportRow.Outcome
_CHECKED_COLUMNS = ("source_id", "likeness", "outcome", "problems", "incident")
# Where services report a problem, by the target that caused it.
_TARGETS = {
    "severity_id": targets.SEVERITY,
    "incident_status_id": targets.STATUS,
    "incident_type_id": targets.INCIDENT_TYPE,
}


def check_rows(incident_import: Import, rows: Sequence[ImportRow], actor: Actor) -> None:
    """Note what would become of the rows of a batch; a few queries, and a few for each row."""
    if not rows:
        return
    resolver = resolver_of(incident_import, rows, None)
    resolved = {row.pk: resolver.resolve(row.content) for row in rows}
    for row in rows:
        row.source_id, row.likeness = resolved[row.pk].source_id, resolved[row.pk].likeness
    present = present_in(incident_import, rows)
    earlier = _Earlier(incident_import, rows)
    taken = _taken_numbers(resolved.values())
    for row in rows:
        found = resolved[row.pk]
        _judge(row, found, present, taken)
        if row.outcome == _Outcome.WAITING:
            _check(row, found, resolver, actor_of(found, actor))
        _compare(row, found, earlier, actor)
    ImportRow.objects.bulk_update(rows, _CHECKED_COLUMNS)


def resolver_of(incident_import: Import, rows: Iterable[ImportRow], maker: Actor | None) -> Resolver:
    """Return what reads the rows of a batch; one query for the people whom they name."""
    vocabulary = Vocabulary(
        Configuration.current(),
        incident_import.values,
        makes_missing=incident_import.make_missing,
        actor=maker,
    )
    named = [
        column
        for column, target in incident_import.targets.items()
        if target == targets.CREATOR or target.startswith(targets.ROLE_KEY)
    ]
    texts = {row.content[column] for row in rows for column in named if column in row.content}
    return Resolver(incident_import, vocabulary, People.find(texts))


def present_in(incident_import: Import, rows: Iterable[ImportRow]) -> dict[str, str]:
    """Return the incidents that rows are already, by the id in the source; two queries.

    They were imported before, or the file is an export of this very installation.
    """
    source_ids = [row.source_id for row in rows]
    own = Incident.objects.filter(pk__in=[pk for pk in source_ids if is_ulid(pk)])
    known = ImportedIncident.objects.filter(origin=incident_import.origin, source_id__in=source_ids)
    return {pk: pk for pk in own.values_list("pk", flat=True)} | dict(
        known.values_list("source_id", "incident_id")
    )


def actor_of(found: Resolved, actor: Actor) -> Actor:
    """Return who declared the incident: the person whom the file names, else whoever imports it."""
    return Actor.of_user(found.creator) if found.creator else actor


def told(error: ValidationError, resolver: Resolver, configuration: Configuration) -> list[dict[str, str]]:
    """Return what a service refused, each with the column that caused it."""
    return [
        {"column": resolver.column_of.get(_target_of(key, configuration), ""), "message": " ".join(messages)}
        for key, messages in error.message_dict.items()
    ]


def _judge(row: ImportRow, found: Resolved, present: dict[str, str], taken: set[int]) -> None:
    row.problems, row.incident_id = [*found.problems, *found.notes], None
    number = found.draft.number if found.draft else None
    if found.is_practice:
        row.outcome = _Outcome.LEFT_OUT
        row.problems = [{"column": "", "message": "Tests and tutorials are left out."}]
    elif found.source_id in present:
        row.outcome, row.incident_id = _Outcome.PRESENT, present[found.source_id]
    elif number in taken:
        row.outcome = _Outcome.BAD
        row.problems.insert(0, {"column": "", "message": f"{REFERENCE_PREFIX}{number} exists already."})
    else:
        row.outcome = _Outcome.BAD if found.problems else _Outcome.WAITING


def _check(row: ImportRow, found: Resolved, resolver: Resolver, actor: Actor) -> None:
    configuration = Configuration.current()
    assert found.draft is not None  # noqa: S101 - every row is resolved to a draft
    try:
        check_draft(found.draft, actor, configuration)
    except ValidationError as error:
        row.outcome = _Outcome.BAD
        row.problems = [*told(error, resolver, configuration), *row.problems]
    else:
        row.outcome = _Outcome.READY


class _Earlier:
    """The rows of the file before a batch, as far as they are like one of it."""

    def __init__(self, incident_import: Import, rows: Sequence[ImportRow]) -> None:
        earlier = incident_import.rows.filter(number__lt=rows[0].number)
        self.ids = dict(
            earlier.filter(source_id__in=[row.source_id for row in rows]).values_list("source_id", "number")
        )
        self.likenesses = dict(
            earlier.filter(likeness__in=[row.likeness for row in rows if row.likeness]).values_list(
                "likeness", "number"
            )
        )


def _compare(row: ImportRow, found: Resolved, earlier: _Earlier, actor: Actor) -> None:
    """Look for the same incident further up in the file, and for one that is open here."""
    if row.outcome == _Outcome.READY:
        if row.source_id in earlier.ids:
            row.outcome = _Outcome.PRESENT
            _tell(row, f"Row {earlier.ids[row.source_id]} has the same id.")
        elif row.likeness in earlier.likenesses:
            row.outcome = _Outcome.SIMILAR
            _tell(row, f"Row {earlier.likenesses[row.likeness]} has the same name within the same hour.")
        elif found.draft is not None:
            _compare_open(row, found.draft, actor)
    earlier.ids.setdefault(row.source_id, row.number)
    earlier.likenesses.setdefault(row.likeness, row.number)


def _compare_open(row: ImportRow, draft: IncidentDraft, actor: Actor) -> None:
    configuration = Configuration.current()
    status = configuration.incident_statuses.by_id.get(draft.incident_status_id or "")
    if status is None or not status.is_open:
        return
    similar = look_for_similar(draft, actor, configuration)
    match = next((match for match in similar.warnings if match.is_open), None) if similar else None
    if match is not None:
        row.outcome, row.incident_id = _Outcome.SIMILAR, match.incident_id
        _tell(row, f"{match.reference} “{match.name}” is open and {match.score} of 100 alike.")


def _tell(row: ImportRow, message: str) -> None:
    row.problems = [{"column": "", "message": message}, *row.problems]


def _taken_numbers(resolved: Iterable[Resolved]) -> set[int]:
    wanted = [found.draft.number for found in resolved if found.draft and found.draft.number]
    if not wanted:
        return set()
    return set(Incident.objects.filter(number__in=wanted).values_list("number", flat=True))


def _target_of(key: str, configuration: Configuration) -> str:
    part, _, pk = key.partition(".")
    rows: Any = {
        "custom_field_entries": (targets.FIELD_KEY, configuration.custom_fields),
        "incident_timestamp_values": (targets.TIMESTAMP_KEY, configuration.incident_timestamps),
    }
    if part in rows and pk in rows[part][1].by_id:
        return str(rows[part][0] + rows[part][1].by_id[pk].slug)
    return _TARGETS.get(part, part)
