"""The way an incident goes: stages, with the time between them, cut off at now."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Iterable

from incidents.models import Configuration, IncidentStatus, StatusCategory

_MINUTE = 60.0
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
# Usual seconds from the stage before; what happens is spread widely around them.
_USUAL = {
    "accepted": 6 * _MINUTE,
    "severity_up": 12 * _MINUTE,
    "severity_down": 20 * _MINUTE,
    "still": 25 * _MINUTE,
    "identified": 35 * _MINUTE,
    "monitoring": 40 * _MINUTE,
    "paused": 2 * _HOUR,
    "resumed": 20 * _HOUR,
    "resolved": 40 * _MINUTE,
    "reopened": 5 * _HOUR,
    "reviewing": 1.5 * _DAY,
    "closed": 3 * _DAY,
    "declined": 30 * _MINUTE,
    "canceled": 25 * _MINUTE,
    "merged": 15 * _MINUTE,
    "report": 9 * _MINUTE,
}
_SPREAD = 0.8


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `after` so many seconds since the incident was declared."""

    after: float
    stage: str
    status: IncidentStatus | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """Where an incident begins, and everything that happens after that."""

    start: IncidentStatus
    steps: tuple[Step, ...]


class Statuses:
    """The statuses of an installation by category, and what its active ones stand for."""

    def __init__(self, configuration: Configuration) -> None:
        self._by_category: dict[str, list[IncidentStatus]] = {
            category: [] for category in StatusCategory.values
        }
        for status in configuration.incident_statuses:
            self._by_category[status.category].append(status)

    def missing(self) -> list[str]:
        """Return the categories without which no incident can be told."""
        return [category for category in ("triage", "live", "closed") if not self._by_category[category]]

    def of(self, stage: str) -> IncidentStatus | None:
        """Return the status that an incident takes at a stage, or None where it keeps the one it has."""
        live, learning = self._by_category["live"], self._by_category["learning"]
        found = {
            "accepted": live[:1],
            "identified": live[1:-1][:1],
            "monitoring": live[-1:] if len(live) > 1 else [],
            "resumed": live[:1],
            "reopened": live[:1],
            "resolved": learning[:1] or self._by_category["closed"][:1],
            "reviewing": learning[1:2],
        }
        return next(iter(found.get(stage, self._by_category.get(stage, []))), None)


def route_to(ending: str, statuses: Statuses, rng: random.Random, *, room: float, in_triage: bool) -> Route:
    """Return the way to an ending within `room` seconds; equal for a generator in the same state."""
    start = statuses.of("triage" if in_triage or ending in {"triage", "declined"} else "accepted")
    assert start is not None  # noqa: S101 - the caller asked missing()
    stages = list(_stages(ending, rng, in_triage=start.category == StatusCategory.TRIAGE))
    gaps = [_USUAL[stage] * math.exp(rng.gauss(0, _SPREAD)) for stage in stages]
    squeeze = min(1.0, room * 0.95 / sum(gaps)) if gaps else 1.0
    steps, after, current = [], 0.0, start
    for stage, gap in zip(stages, gaps, strict=True):
        after += gap * squeeze
        status = statuses.of(stage)
        if status is None or status.pk == current.pk:
            steps.append(Step(after, stage))
        else:
            steps.append(Step(after, stage, status))
            current = status
    return Route(start, tuple(steps))


def _stages(ending: str, rng: random.Random, *, in_triage: bool) -> Iterable[str]:
    if rng.random() < 0.22:
        yield "report"
    if ending in {"declined", "canceled", "merged"}:
        yield ending
    if ending not in {"live", "paused", "learning", "closed"}:
        return
    if in_triage or rng.random() < 0.3:
        yield "accepted"
    yield from _at_work(ending, rng)
    if ending in {"learning", "closed"}:
        yield from _afterwards(ending, rng)


def _afterwards(ending: str, rng: random.Random) -> Iterable[str]:
    yield "resolved"
    if rng.random() < 0.02:
        yield from ("reopened", "identified", "monitoring", "resolved")
    if rng.random() < 0.3:
        yield "reviewing"
    if ending == "closed":
        yield "closed"


def _at_work(ending: str, rng: random.Random) -> Iterable[str]:
    """Between the first look and the end."""
    if rng.random() < 0.16:
        yield "severity_up" if rng.random() < 0.55 else "severity_down"
    if ending == "paused":
        yield "paused"
        return
    if rng.random() < 0.35:
        yield "still"
    over = ending in {"learning", "closed"}
    if over and rng.random() < 0.03:
        yield from ("paused", "resumed")
    # What is still going on stands anywhere between the first look and the last.
    reached = 1.0 if over else rng.random()
    if reached > 0.45 and rng.random() < 0.6:
        yield "identified"
    if reached > 0.72 and rng.random() < 0.7:
        yield "monitoring"
