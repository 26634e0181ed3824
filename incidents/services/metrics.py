"""Duration metrics: kept with the incident, so that lists can show and sort them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from incidents.models import Configuration, Incident, IncidentDurationMetric, IncidentTimestampValue
from incidents.models.ulid import new_ulid

_Status = IncidentDurationMetric.Status


def measure(
    start: datetime.datetime | None, end: datetime.datetime | None, *, is_open: bool
) -> tuple[IncidentDurationMetric.Status, int | None]:
    """Return the status of a metric and its whole seconds, which only a success has."""
    if start is not None and end is not None:
        seconds = int((end - start).total_seconds())
        return (_Status.SUCCESS, seconds) if end >= start else (_Status.INVALID_TIMESTAMPS, None)
    if start is not None and is_open:
        return _Status.CALCULATING, None
    return _Status.TIMESTAMPS_MISSING, None


def write_duration_metrics(
    incident_id: str,
    moments: Mapping[str, datetime.datetime],
    *,
    is_open: bool,
    configuration: Configuration,
) -> None:
    """Store every duration metric of an incident, from its timestamps by id; one query."""
    rows = []
    for metric in configuration.duration_metrics:
        start, end = moments.get(metric.from_timestamp_id), moments.get(metric.to_timestamp_id)
        status, seconds = measure(start, end, is_open=is_open)
        rows.append(
            IncidentDurationMetric(
                id=new_ulid(),
                incident_id=incident_id,
                duration_metric_id=metric.pk,
                status=status,
                value_seconds=seconds,
            )
        )
    IncidentDurationMetric.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["incident", "duration_metric"],
        update_fields=["status", "value_seconds"],
    )


def measure_again(incidents: Iterable[Incident], configuration: Configuration) -> None:
    """Store what follows for the durations that incidents have, after their statuses changed; three queries."""
    by_id = {incident.pk: incident for incident in incidents}
    values = IncidentTimestampValue.objects.filter(incident__in=list(by_id))
    moments = {(value.incident_id, value.incident_timestamp_id): value.value for value in values}
    different = []
    for row in IncidentDurationMetric.objects.filter(incident__in=list(by_id)):
        metric = configuration.duration_metrics.by_id[row.duration_metric_id]
        status, seconds = measure(
            moments.get((row.incident_id, metric.from_timestamp_id)),
            moments.get((row.incident_id, metric.to_timestamp_id)),
            is_open=by_id[row.incident_id].is_open,
        )
        if (row.status, row.value_seconds) != (status, seconds):
            row.status, row.value_seconds = status, seconds
            different.append(row)
    if different:
        IncidentDurationMetric.objects.bulk_update(different, ["status", "value_seconds"])


def moments_of(incident_id: str) -> dict[str, datetime.datetime]:
    """Return the timestamps of an incident that are set, by timestamp id; one query."""
    values = IncidentTimestampValue.objects.filter(incident_id=incident_id)
    return dict(values.values_list("incident_timestamp_id", "value"))
