"""The candidates as they are stored, read as the question is read."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from incidents.models import Actor, Configuration, Incident, IncidentUpdate
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_selection import IncidentSelection, Sql, column_of, fetch_rows, stored_value
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.services.similarity.known_fields import known_values, pairs_stored
from incidents.services.similarity.reading import Reading, read
from incidents.services.similarity.window import is_compared
from incidents.services.similarity.words import SUMMARY_LIMIT

COLUMNS = (
    "id",
    "number",
    "name",
    "mode",
    "visibility",
    "incident_status_id",
    "severity_id",
    "incident_type_id",
    "merged_into_incident_id",
    "status_category",
    "created_at",
    "last_activity_at",
)
_FIELDS = (*(column_of(Incident, column) for column in COLUMNS), None)
_ROWS = f"SELECT {', '.join(COLUMNS)}, SUBSTR(summary, 1, %s) FROM ({{found}}) AS found"  # noqa: S608 - our names
_REPORTS = """
SELECT incident_id, COUNT(*) FROM incidents_incidentupdate
WHERE incident_id IN ({incidents}) AND is_report GROUP BY incident_id
"""
_REPORT_FIELDS = (column_of(IncidentUpdate, "incident"), None)


@dataclass(frozen=True, slots=True)
class Row:
    """What is read of an incident: the columns that a match shows, and the start of the summary.

    A model instance with most of its columns left out takes Django as long to make as the database to find it.
    """

    id: str
    number: int
    name: str
    mode: str
    visibility: str
    incident_status_id: str
    severity_id: str | None
    incident_type_id: str | None
    merged_into_incident_id: str | None
    status_category: str
    created_at: datetime.datetime
    last_activity_at: datetime.datetime
    summary: str

    @property
    def reference(self) -> str:
        """The name people use: INC-123."""
        return f"{REFERENCE_PREFIX}{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.status_category in OPEN_CATEGORIES

    @property
    def is_private(self) -> bool:
        """Whether only members and administrators see it."""
        return self.visibility == Incident.Visibility.PRIVATE

    @property
    def shown_id(self) -> str:
        """The id of the incident that stands for it: its own, or its survivor's."""
        return self.merged_into_incident_id or self.id


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident to be compared, with what it says."""

    row: Row
    reading: Reading


def load_candidates(ids: Collection[str], actor: Actor, configuration: Configuration) -> list[Candidate]:
    """Return those of the incidents that the actor may see and that are compared, in the order of their ids.

    Two queries; one where no custom field is read.
    """
    # What is compared is decided here: asked of the database, it looks up each of them in a second index.
    rows = {
        pk: row
        for pk, row in _read_rows(ids, actor).items()
        if is_compared(row.mode, is_open=row.is_open, created_at=row.created_at)
    }
    pairs = pairs_stored(list(rows), configuration)
    known = known_values(configuration)
    return [
        Candidate(row, read(row.name, row.summary, pairs.get(pk, frozenset()), known))
        for pk in ids
        if (row := rows.get(pk)) is not None
    ]


def load_shown(rows: Collection[Row], actor: Actor) -> dict[str, Row]:
    """Return the incidents that stand for the rows, by id, as far as the actor may see them.

    An incident that was merged is stood for by its survivor: one query, none where none was merged.
    """
    shown = {row.id: row for row in rows if row.shown_id == row.id}
    missing = {row.shown_id for row in rows} - set(shown)
    return shown | _read_rows(missing, actor) if missing else shown


def count_reports(incident_ids: Collection[str]) -> dict[str, int]:
    """Return how often somebody reported the same, by incident, without those of which nobody did; one query."""
    if not incident_ids:
        return {}
    text = _REPORTS.format(incidents=", ".join(["%s"] * len(incident_ids)))
    ids = tuple(stored_value("id", pk) for pk in incident_ids)
    return {row[0]: row[1] for row in fetch_rows(Sql(text, ids), _REPORT_FIELDS)}


def _read_rows(ids: Collection[str], actor: Actor) -> dict[str, Row]:
    visible = Incident.objects.visible_to(actor, are_few=True).filter(pk__in=ids)
    found = IncidentSelection(visible, (*COLUMNS, "summary")).found
    text = _ROWS.format(found=found.text)
    rows = fetch_rows(Sql(text, (SUMMARY_LIMIT, *found.parameters)), _FIELDS)
    return {row[0]: Row(*row) for row in rows}
