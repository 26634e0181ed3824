"""A change of status: allowed or refused with its reason, and what follows from it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from incidents.models import CustomField, IncidentEvent, IncidentStatus, IncidentTimestampValue
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.services.changes import Changes
from incidents.services.custom_fields import require_custom_fields
from incidents.services.history import told
from incidents.services.lifecycle import refusal_of_move, timestamps_cleared_by, timestamps_set_by
from incidents.services.metrics import moments_of, write_duration_metrics


def apply_status(changes: Changes, status_id: str) -> None:
    """Note the change of status, and store the timestamps and durations that it sets; up to six queries."""
    incident, configuration = changes.incident, changes.configuration
    if status_id == incident.incident_status_id:
        return
    before = configuration.incident_statuses.by_id[incident.incident_status_id]
    after = configuration.incident_statuses.by_id.get(status_id)
    if after is None:
        changes.problems.add(
            "incident_status_id", "There is no such status. Choose one from the list.", "unknown"
        )
        return
    if refusal := refusal_of_move(before, after):
        changes.problems.add("incident_status_id", refusal, "not_allowed")
        return
    _require_before_resolution(changes, before, after)
    changes.history.add(
        IncidentEvent.Kind.STATUS_CHANGED,
        **{"from": told(before), "to": told(after)},
        from_category=before.category,
        to_category=after.category,
    )
    changes.set(incident_status_id=after.pk, status_category=after.category)
    _move_timestamps(changes, before, after)


def _require_before_resolution(changes: Changes, before: IncidentStatus, after: IncidentStatus) -> None:
    if before.category not in OPEN_CATEGORIES or after.category not in {"learning", "closed"}:
        return
    required = [
        field
        for field in changes.configuration.custom_fields
        if field.required == CustomField.Required.BEFORE_RESOLUTION
    ]
    if required:
        filled = changes.incident.custom_field_entries.values_list("custom_field_id", flat=True)
        require_custom_fields(filled, required, changes.problems, when=f"before the status {after.name}")


def _move_timestamps(changes: Changes, before: IncidentStatus, after: IncidentStatus) -> None:
    incident, configuration = changes.incident, changes.configuration
    cleared = timestamps_cleared_by(before, after, configuration)
    if cleared:
        incident.timestamp_values.filter(incident_timestamp_id__in=cleared).delete()
    moments = moments_of(incident.pk)
    fresh = [pk for pk in timestamps_set_by(after, configuration) if pk not in moments]
    write_moments(incident.pk, dict.fromkeys(fresh, changes.now))
    moments.update(dict.fromkeys(fresh, changes.now))
    write_duration_metrics(
        incident.pk, moments, is_open=after.category in OPEN_CATEGORIES, configuration=configuration
    )


def write_moments(incident_id: str, moments: dict[str, datetime.datetime]) -> None:
    """Store the moments by timestamp id, in place of those that were there; one query."""
    IncidentTimestampValue.objects.bulk_create(
        (
            IncidentTimestampValue(incident_id=incident_id, incident_timestamp_id=timestamp_id, value=moment)
            for timestamp_id, moment in moments.items()
        ),
        update_conflicts=True,
        unique_fields=["incident", "incident_timestamp"],
        update_fields=["value"],
    )


def set_moments(incident_ids: Iterable[str], timestamp_ids: Iterable[str], moment: datetime.datetime) -> None:
    """Store a moment in timestamps of several incidents, where it is not there yet; at most one query."""
    timestamp_ids = tuple(timestamp_ids)
    if not timestamp_ids:
        return
    IncidentTimestampValue.objects.bulk_create(
        (
            IncidentTimestampValue(incident_id=incident_id, incident_timestamp_id=timestamp_id, value=moment)
            for incident_id in incident_ids
            for timestamp_id in timestamp_ids
        ),
        ignore_conflicts=True,
    )
