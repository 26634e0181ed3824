"""The way of an incident through its statuses, as the bar under its name shows it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from incidents.models import IncidentEvent, StatusCategory

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from incidents.models import Configuration, Incident, IncidentStatus

# Who moves an incident to and fro more often than this has other worries than the first times.
MOVES_READ = 200
_ENDINGS = frozenset({StatusCategory.DECLINED, StatusCategory.CANCELED, StatusCategory.MERGED})


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step; `reached_at` is when the incident last came there, None where it has not."""

    name: str
    reached_at: datetime.datetime | None
    is_done: bool
    is_current: bool


def read_steps(incident: Incident, configuration: Configuration) -> tuple[Step, ...]:
    """Return the steps from the first to the last; one query."""
    reached = _reached(incident)
    current = configuration.incident_statuses.by_id[incident.incident_status_id]
    statuses = _path(current, reached, configuration)
    at = statuses.index(current)
    return tuple(
        Step(
            name=status.name if status == current else _name_of(status),
            reached_at=reached.get(status.pk) if place <= at else None,
            is_done=place < at,
            is_current=place == at,
        )
        for place, status in enumerate(statuses)
    )


def _reached(incident: Incident) -> dict[str, datetime.datetime]:
    """Return when the incident last entered each status, by the status's id."""
    kinds = (IncidentEvent.Kind.DECLARED, IncidentEvent.Kind.STATUS_CHANGED)
    moves = incident.events.filter(kind__in=kinds).order_by("-id").values_list("details", "created_at")
    newest_first: Iterable[tuple[dict[str, Any], datetime.datetime]] = moves[:MOVES_READ]
    reached: dict[str, datetime.datetime] = {}
    for details, moment in newest_first:
        entered = details.get("to") or details.get("incident_status") or {}
        reached.setdefault(entered.get("id", ""), moment)
    return reached


def _path(
    current: IncidentStatus, reached: dict[str, datetime.datetime], configuration: Configuration
) -> list[IncidentStatus]:
    """Return the statuses to show: every active one, one for each other stage, and the one it is in."""
    path: list[IncidentStatus] = []
    for status in configuration.incident_statuses:
        if status == current or _is_on_the_way(status, current, reached, path):
            path = [other for other in path if not _stands_for(status, other, current)]
            path.append(status)
    return path


def _is_on_the_way(
    status: IncidentStatus,
    current: IncidentStatus,
    reached: dict[str, datetime.datetime],
    path: list[IncidentStatus],
) -> bool:
    if current.category in _ENDINGS:
        return status.pk in reached and status.category not in _ENDINGS
    if status.category == StatusCategory.TRIAGE:
        return status.pk in reached
    if status.category == StatusCategory.LIVE:
        return True
    if status.category in {StatusCategory.LEARNING, StatusCategory.CLOSED}:
        return all(other.category != status.category for other in path)
    return False


def _stands_for(status: IncidentStatus, other: IncidentStatus, current: IncidentStatus) -> bool:
    """Say whether the current status takes the place of the first one of its stage."""
    one_step = {StatusCategory.LEARNING, StatusCategory.CLOSED}
    return status == current and status.category in one_step and other.category == status.category


def _name_of(status: IncidentStatus) -> str:
    if status.category == StatusCategory.LEARNING:
        return StatusCategory.LEARNING.label
    return status.name
