"""Compares what is stored twice: copies that lists sort by, durations, search texts, the counter of references."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.db.models import Count, Max

from incidents.models import (
    Incident,
    IncidentDurationMetric,
    IncidentSearchText,
    IncidentTimestampValue,
    IncidentUpdate,
    ReferenceCounter,
)
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.services.metrics import measure
from incidents.services.search_text import LONGEST_TEXT, search_text

BATCH = 1_000


def verify_counter() -> Iterator[str]:
    """Yield what is wrong with the numbers as a whole: a gap, or a counter that stands elsewhere; four queries."""
    numbers = Incident.objects.aggregate(count=Count("pk"), last=Max("number"))
    last = numbers["last"] or 0
    counter = ReferenceCounter.objects.filter(name="incident").first()
    if counter is None:
        yield "The reference counter has no row: run manage.py migrate."
        return
    if counter.last_number != last:
        yield f"The reference counter is at {counter.last_number}, the last incident has number {last}."
    if numbers["count"] + counter.skipped != last:
        yield f"There are {numbers['count']} incidents, but the last one has number {last}: there is a gap."
    yield from _verify_listed(counter)


def _verify_listed(counter: ReferenceCounter) -> Iterator[str]:
    listed = Incident.objects.in_default_modes()
    for column, visibility in (("listed_public", "public"), ("listed_private", "private")):
        counted = listed.filter(visibility=visibility).count()
        if getattr(counter, column) != counted:
            yield f"The counter says {column} {getattr(counter, column)}, and there are {counted}."


def verify_incidents() -> Iterator[tuple[int, list[str]]]:
    """Yield, batch by batch, how many incidents were compared and what is wrong; five queries a batch."""
    last = 0
    while batch := _after(last):
        yield len(batch), [*_verify_columns(batch), *_verify_search_texts(batch), *_verify_durations(batch)]
        last = batch[-1].number


def _after(number: int) -> list[Incident]:
    rows = Incident.objects.filter(number__gt=number).order_by("number")
    return list(rows.select_related("incident_status", "severity")[:BATCH])


def _verify_columns(batch: Sequence[Incident]) -> Iterator[str]:
    for incident in batch:
        category = incident.incident_status.category
        if incident.status_category != category:
            yield f"{incident.reference}: status_category is {incident.status_category}, not {category}."
        rank = NO_SEVERITY_RANK if incident.severity is None else incident.severity.rank
        if incident.severity_rank != rank:
            yield f"{incident.reference}: severity_rank is {incident.severity_rank}, not {rank}."


def _verify_search_texts(batch: Sequence[Incident]) -> Iterator[str]:
    texts = dict(IncidentSearchText.objects.filter(incident__in=batch).values_list("incident_id", "text"))
    messages = _messages(batch)
    for incident in batch:
        if incident.pk not in texts:
            yield f"{incident.reference}: the search text is missing."
            continue
        said = messages.get(incident.pk, ())
        if texts[incident.pk] != search_text(incident.number, incident.name, incident.summary, said):
            yield f"{incident.reference}: the search text is not that of its name, summary and updates."


def _messages(batch: Sequence[Incident]) -> dict[str, list[str]]:
    """Return what updates say, by incident; only as many as the search can hold."""
    said: dict[str, list[str]] = {}
    lengths: dict[str, int] = {}
    updates = IncidentUpdate.objects.filter(incident__in=batch).exclude(message="").order_by("incident", "id")
    for incident_id, message in updates.values_list("incident_id", "message").iterator():
        if lengths.get(incident_id, 0) <= LONGEST_TEXT:
            said.setdefault(incident_id, []).append(message)
            lengths[incident_id] = lengths.get(incident_id, 0) + len(message)
    return said


def _verify_durations(batch: Sequence[Incident]) -> Iterator[str]:
    """Compare the durations that there are: a metric that was added later has none for older incidents."""
    moments = _moments(batch)
    incidents = {incident.pk: incident for incident in batch}
    rows = IncidentDurationMetric.objects.filter(incident__in=batch).select_related("duration_metric")
    for row in rows:
        incident, metric = incidents[row.incident_id], row.duration_metric
        measured = measure(
            moments.get((incident.pk, metric.from_timestamp_id)),
            moments.get((incident.pk, metric.to_timestamp_id)),
            is_open=incident.incident_status.is_open,
        )
        if (row.status, row.value_seconds) != measured:
            yield f"{incident.reference}: “{metric.name}” does not follow from its timestamps."


def _moments(batch: Sequence[Incident]) -> dict[tuple[str, str], datetime.datetime]:
    values = IncidentTimestampValue.objects.filter(incident__in=batch)
    return {
        (incident_id, timestamp_id): moment
        for incident_id, timestamp_id, moment in values.values_list(
            "incident_id", "incident_timestamp_id", "value"
        )
    }
