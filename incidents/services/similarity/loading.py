"""The candidates as they are stored, read as the question is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from incidents.models import Actor, Configuration, IncidentUpdate
from incidents.models.incident_selection import Sql, column_of, fetch_rows, stored_value
from incidents.services.similarity.known_fields import fields_read, known_values, pairs_in
from incidents.services.similarity.reading import Reading, read
from incidents.services.similarity.rows import Row, read_rows
from incidents.services.similarity.window import is_compared

_REPORTS = """
SELECT incident_id, COUNT(*) FROM incidents_incidentupdate
WHERE incident_id IN ({incidents}) AND is_report GROUP BY incident_id
"""
_REPORT_FIELDS = (column_of(IncidentUpdate, "incident"), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident to be compared, with what it says."""

    row: Row
    reading: Reading


def load_candidates(ids: Collection[str], actor: Actor, configuration: Configuration) -> list[Candidate]:
    """Return those of the incidents that the actor may see and that are compared, in the order of their ids; one query."""
    # What is compared is decided here: asked of the database, it looks up each of them in a second index.
    rows, entries = read_rows(ids, actor, fields_read(configuration))
    pairs, known = pairs_in(entries, configuration), known_values(configuration)
    return [
        Candidate(row, read(row.name, row.summary, pairs.get(pk, frozenset()), known))
        for pk in ids
        if (row := rows.get(pk)) is not None
        and is_compared(row.mode, is_open=row.is_open, created_at=row.created_at)
    ]


def load_shown(rows: Collection[Row], actor: Actor) -> dict[str, Row]:
    """Return the incidents that stand for the rows, by id, as far as the actor may see them.

    An incident that was merged is stood for by its survivor: one query, none where none was merged.
    """
    shown = {row.id: row for row in rows if row.shown_id == row.id}
    missing = {row.shown_id for row in rows} - set(shown)
    return shown | read_rows(missing, actor)[0]


def count_reports(incident_ids: Collection[str]) -> dict[str, int]:
    """Return how often somebody reported the same, by incident, without those of which nobody did; one query."""
    if not incident_ids:
        return {}
    text = _REPORTS.format(incidents=", ".join(["%s"] * len(incident_ids)))
    ids = tuple(stored_value("id", pk) for pk in incident_ids)
    return {row[0]: row[1] for row in fetch_rows(Sql(text, ids), _REPORT_FIELDS)}
