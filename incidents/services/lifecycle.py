"""Which statuses may follow which, and what a change of status does to timestamps."""

from __future__ import annotations

import dataclasses

from incidents.models import Configuration, IncidentStatus, StatusCategory
from incidents.models.incident_status import OPEN_CATEGORIES

_TRIAGE, _LIVE, _PAUSED, _LEARNING, _CLOSED, _DECLINED, _CANCELED, _MERGED = StatusCategory

# Where an incident may start. Merged is the end of a merge, never a beginning.
_STARTS = frozenset({_TRIAGE, _LIVE})
_RETROSPECTIVE_STARTS = frozenset(StatusCategory) - {_MERGED}

_MOVES: dict[str, frozenset[StatusCategory]] = {
    _TRIAGE: frozenset({_TRIAGE, _LIVE, _PAUSED, _LEARNING, _CLOSED, _DECLINED, _CANCELED}),
    _LIVE: frozenset({_LIVE, _PAUSED, _LEARNING, _CLOSED, _CANCELED}),
    _PAUSED: frozenset({_PAUSED, _LIVE, _LEARNING, _CLOSED, _CANCELED}),
    _LEARNING: frozenset({_LEARNING, _CLOSED, _LIVE}),
    _CLOSED: frozenset({_CLOSED, _LEARNING, _LIVE}),
    _DECLINED: frozenset({_DECLINED, _TRIAGE, _LIVE}),
    _CANCELED: frozenset({_CANCELED, _TRIAGE, _LIVE}),
    _MERGED: frozenset(),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """A status that an incident may or may not change to; `refusal` says why not, and is empty if it may."""

    status: IncidentStatus
    refusal: str

    @property
    def is_allowed(self) -> bool:
        """Whether the incident may change to the status."""
        return not self.refusal


def moves_from(status: IncidentStatus, configuration: Configuration) -> list[Move]:
    """Return every status in order, each with the reason where an incident in `status` may not go there."""
    return [Move(target, refusal_of_move(status, target)) for target in configuration.incident_statuses]


def refusal_of_move(status: IncidentStatus, target: IncidentStatus) -> str:
    """Return why an incident may not go from one status to another, or "" if it may."""
    if target.category in _MOVES[status.category]:
        return ""
    if status.category == _MERGED:
        return "A merged incident stays merged: work goes on in the incident it was merged into. Split it off first."
    if target.category == _MERGED:
        return "An incident becomes merged by merging it into another one."
    if target.category == _DECLINED:
        return "Declining is for incidents in triage. Cancel this one instead."
    if target.category == _CANCELED:
        return "Canceling is for incidents that are still open."
    if target.category == _TRIAGE:
        return "Triage comes first: an incident that was accepted does not go back to it."
    return f"An incident that is {_label(status)} cannot become {_label(target)}. Reopen it first."


def refusal_of_start(status: IncidentStatus, *, mode: str, always_in_triage: bool) -> str:
    """Return why an incident may not begin in a status, or "" if it may."""
    if mode == "retrospective":
        return "" if status.category in _RETROSPECTIVE_STARTS else "An incident cannot begin as merged."
    if always_in_triage and status.category != _TRIAGE:
        return "Incidents of this type begin in triage."
    if status.category in _STARTS:
        return ""
    return (
        "An incident begins in triage or active. Choose the mode “retrospective” to record one that is over."
    )


def timestamps_set_by(status: IncidentStatus, configuration: Configuration) -> tuple[str, ...]:
    """Return the ids of the timestamps that entering a status sets, unless they are set already."""
    return configuration.timestamps_by_status.get(status.pk, ())


def timestamps_cleared_by(
    before: IncidentStatus, after: IncidentStatus, configuration: Configuration
) -> frozenset[str]:
    """Return the ids of the timestamps that reopening undoes: those that only statuses of the end set.

    Without this, an incident that is reopened would keep the moment it was first resolved, and every duration
    that ends there would be too short.
    """
    if before.category in OPEN_CATEGORIES or after.category not in OPEN_CATEGORIES:
        return frozenset()
    by_open: set[str] = set()
    by_ended: set[str] = set()
    for status in configuration.incident_statuses:
        (by_open if status.is_open else by_ended).update(timestamps_set_by(status, configuration))
    return frozenset(by_ended - by_open)


def _label(status: IncidentStatus) -> str:
    return StatusCategory(status.category).label.lower()
