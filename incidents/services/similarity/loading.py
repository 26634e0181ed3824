"""The candidates as they are stored, read as the question is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Left

from incidents.models import Actor, Configuration, Incident, IncidentUpdate
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


@dataclass(frozen=True, slots=True)
class Row:
    """What is loaded of an incident: the columns that a match shows, and the start of the summary."""

    incident: Incident
    summary: str


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
    """Return the incidents that stand for candidates, by id, as far as the actor may see them.

    A candidate that was merged is stood for by its survivor: one query, none where none was merged.
    """
    shown = {one.incident.pk: one.row for one in candidates if shown_id(one) == one.incident.pk}
    missing = {shown_id(one) for one in candidates} - set(shown)
    return shown | _rows(_visible(missing, actor)) if missing else shown


def shown_id(candidate: Candidate) -> str:
    """Return the id of the incident that stands for a candidate."""
    return candidate.incident.merged_into_incident_id or candidate.incident.pk


def count_reports(incident_ids: Collection[str]) -> dict[str, int]:
    """Return how often somebody reported the same, by incident, without those of which nobody did; one query."""
    if not incident_ids:
        return {}
    reports = IncidentUpdate.objects.filter(incident__in=incident_ids, is_report=True).order_by()
    return dict(reports.values_list("incident").annotate(number=Count("pk")))


def _visible(ids: Collection[str], actor: Actor) -> IncidentQuerySet:
    return Incident.objects.visible_to(actor, are_few=True).filter(pk__in=ids).order_by()


def _rows(incidents: IncidentQuerySet) -> dict[str, Row]:
    started = incidents.annotate(**{SUMMARY_START: Left("summary", SUMMARY_LIMIT)})
    return {
        incident.pk: Row(incident, getattr(incident, SUMMARY_START)) for incident in started.only(*COLUMNS)
    }
