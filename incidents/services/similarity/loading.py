"""The candidates as they are stored, read as the question is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.functions import Left

from incidents.models import Actor, Configuration, Incident
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.services.similarity.known_fields import known_values, pairs_stored
from incidents.services.similarity.reading import Reading, read
from incidents.services.similarity.window import is_compared
from incidents.services.similarity.words import SUMMARY_LIMIT

COLUMNS = (
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

SUMMARY_START = "summary_start"
REPORT_COUNT = "report_count"


@dataclass(frozen=True, slots=True)
class Row:
    """What is loaded of an incident: the columns that a match shows, the start of the summary, and its reports."""

    incident: Incident
    summary: str
    report_count: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident to be compared, with what it says."""

    row: Row
    reading: Reading

    @property
    def incident(self) -> Incident:
        """The incident itself."""
        return self.row.incident


def load_candidates(ids: Collection[str], actor: Actor, configuration: Configuration) -> list[Candidate]:
    """Return those of the incidents that the actor may see and that are compared, in the order of their ids.

    Two queries; one where no custom field is read.
    """
    # What is compared is decided here: asked of the database, it looks up each of them in a second index.
    rows = {pk: row for pk, row in _rows(_visible(ids, actor)).items() if is_compared(row.incident)}
    pairs = pairs_stored(list(rows), configuration)
    known = known_values(configuration)
    return [
        Candidate(row, read(row.incident.name, row.summary, pairs.get(pk, frozenset()), known))
        for pk in ids
        if (row := rows.get(pk)) is not None
    ]


def load_shown(candidates: Collection[Candidate], actor: Actor) -> dict[str, Row]:
    """Return the incidents that stand for candidates, with their reports, as far as the actor may see them.

    A candidate that was merged is stood for by its survivor. One query; none without candidates.
    """
    ids = {shown_id(candidate) for candidate in candidates}
    return _rows(_visible(ids, actor).with_report_count()) if ids else {}


def shown_id(candidate: Candidate) -> str:
    """Return the id of the incident that stands for a candidate."""
    return candidate.incident.merged_into_incident_id or candidate.incident.pk


def _visible(ids: Collection[str], actor: Actor) -> IncidentQuerySet:
    return Incident.objects.visible_to(actor, are_few=True).filter(pk__in=ids).order_by()


def _rows(incidents: IncidentQuerySet) -> dict[str, Row]:
    started = incidents.annotate(**{SUMMARY_START: Left("summary", SUMMARY_LIMIT)})
    return {
        incident.pk: Row(incident, getattr(incident, SUMMARY_START), getattr(incident, REPORT_COUNT, 0))
        for incident in started.only(*COLUMNS)
    }
