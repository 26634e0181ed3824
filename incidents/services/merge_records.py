"""Remembers what incidents were before a merge, and puts them back."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import models

from incidents.models import (
    CustomFieldEntry,
    Incident,
    IncidentBeforeMerge,
    IncidentDurationMetric,
    IncidentMembership,
    IncidentMerge,
    IncidentRoleAssignment,
    IncidentTimestampValue,
)
from incidents.services.row_text import put_back, read_columns, written_row

Part = IncidentBeforeMerge.Part
# What a merge may change in the row of an incident, and in the rows that hang on it.
COLUMNS = (
    "summary",
    "call_url",
    "severity_id",
    "severity_rank",
    "incident_type_id",
    "incident_status_id",
    "status_category",
    "merged_into_incident_id",
    "last_activity_at",
)
_TABLES: tuple[type[models.Model], ...] = (
    CustomFieldEntry,
    IncidentRoleAssignment,
    IncidentTimestampValue,
    IncidentDurationMetric,
    IncidentMembership,
    Incident.teams.through,
)


def remember(incident: Incident, part: Part) -> IncidentBeforeMerge:
    """Return the row of an incident as it is now, not stored yet; no query."""
    return IncidentBeforeMerge(
        incident=incident,
        part=part,
        columns=written_row(incident, COLUMNS),
        version_before=incident.version,
        updated_at_before=incident.updated_at,
    )


def remember_rows(records: Sequence[IncidentBeforeMerge]) -> None:
    """Add what hangs on the incidents; one query for each of six tables."""
    by_incident = {record.incident_id: record for record in records}
    for table in _TABLES:
        for record in records:
            record.rows[table._meta.label_lower] = []
        for row in table._default_manager.filter(incident__in=list(by_incident)):
            by_incident[_owner(row)].rows[table._meta.label_lower].append(written_row(row))


def store_records(
    records: Iterable[IncidentBeforeMerge], merge: IncidentMerge, now: datetime.datetime
) -> None:
    """Store them, with how the merge leaves the incidents: each one version further; one query."""
    rows = list(records)
    for record in rows:
        record.merge = merge
        record.version_after = record.version_before + 1
        record.updated_at_after = now
    IncidentBeforeMerge.objects.bulk_create(rows)


def is_untouched(record: IncidentBeforeMerge, incident: Incident) -> bool:
    """Tell whether nothing was written to an incident since the merge."""
    return (incident.version, incident.updated_at) == (record.version_after, record.updated_at_after)


def restore(
    records: Sequence[IncidentBeforeMerge], incidents: dict[str, Incident], now: datetime.datetime
) -> None:
    """Put incidents and what hangs on them back. The version goes on: it never stands for two states.

    What is merged into a source has to wait until the source is one that goes on: two statements, in that order.
    """
    columns = [*COLUMNS, "version", "updated_at"]
    for record in records:
        incident = incidents[record.incident_id]
        for column, value in read_columns(Incident, record.columns).items():
            setattr(incident, column, value)
        incident.version += 1
        incident.updated_at = now
    own = [incidents[record.incident_id] for record in records if record.part != Part.LED_ON]
    led_on = [incidents[record.incident_id] for record in records if record.part == Part.LED_ON]
    for together in (own, led_on):
        if together:
            Incident.objects.bulk_update(together, [column.removesuffix("_id") for column in columns])
    _restore_rows([record for record in records if record.rows])


def keep_exact(records: Sequence[IncidentBeforeMerge], incidents: dict[str, Incident]) -> None:
    """Let earlier merges stay ones that can be undone: what was put back is as they left it; two queries."""
    before = {record.incident_id: record for record in records}
    earlier = IncidentBeforeMerge.objects.filter(incident__in=list(before), merge__undone_at__isnull=True)
    moved = []
    for record in earlier.exclude(merge__in=[record.merge_id for record in records]):
        undone, incident = before[record.incident_id], incidents[record.incident_id]
        left = (record.version_after, record.updated_at_after)
        if left == (undone.version_before, undone.updated_at_before):
            record.version_after, record.updated_at_after = incident.version, incident.updated_at
            moved.append(record)
    if moved:
        IncidentBeforeMerge.objects.bulk_update(moved, ["version_after", "updated_at_after"])


def _restore_rows(records: Collection[IncidentBeforeMerge]) -> None:
    ids = [record.incident_id for record in records]
    for table in _TABLES:
        now = table._default_manager.filter(incident__in=ids)
        before: list[Any] = [row for record in records for row in record.rows[table._meta.label_lower]]
        put_back(table, now, before)


def _owner(row: Any) -> str:
    return str(row.incident_id)
