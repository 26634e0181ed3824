"""How good the warnings are, measured by what people said of pairs of incidents."""

from __future__ import annotations

import dataclasses
import datetime
import math
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.models import Incident, SimilarityVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incidents.models import Actor

MOST_JUDGED = 5_000
FEWEST_PAIRS = 20
"""With fewer pairs than these a share would be chance."""
MOST_SHOWN = 20
CONFIDENCE = 1.96
"""Two-sided 95%, for the interval of Wilson (1927)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """A share of pairs, with the interval in which it lies 19 times of 20."""

    hits: int
    total: int

    @property
    def is_known(self) -> bool:
        """Whether there are pairs enough to say anything."""
        return self.total >= FEWEST_PAIRS

    @property
    def percent(self) -> int:
        """The share, rounded."""
        return round(100 * self.hits / self.total) if self.total else 0

    @property
    def interval(self) -> tuple[int, int]:
        """The lowest and the highest share that go with what was counted, in percent."""
        if not self.total:
            return 0, 100
        share, weight = self.hits / self.total, CONFIDENCE**2 / self.total
        middle = (share + weight / 2) / (1 + weight)
        reach = (
            CONFIDENCE
            / (1 + weight)
            * math.sqrt(share * (1 - share) / self.total + weight / (4 * self.total))
        )
        return round(100 * max(0.0, middle - reach)), round(100 * min(1.0, middle + reach))


@dataclasses.dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two incidents, or an incident and a report, of which people said whether they are one."""

    is_same: bool
    score: int
    is_exact: bool
    incident_id: str
    other_incident_id: str | None

    def is_warned_at(self, warn_at: int) -> bool:
        """Whether the check warns of the pair where warnings begin at that score."""
        return self.is_exact or self.score >= warn_at


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What warnings from a score on come to."""

    warn_at: int
    caught: int
    wrong: int
    duplicates: int

    @property
    def right(self) -> Rate:
        """How often a warning is right."""
        return Rate(self.caught, self.caught + self.wrong)

    @property
    def found(self) -> Rate:
        """How many of the duplicates are warned of."""
        return Rate(self.caught, self.duplicates)


@dataclasses.dataclass(frozen=True, slots=True)
class ShownPair:
    """A judged pair by name; without `other` the other side is a report on the incident."""

    incident: Incident
    other: Incident | None
    score: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What other marks would have done to the pairs that were judged."""

    before: Outcome
    after: Outcome
    stops_before: int
    stops_after: int
    missed: tuple[ShownPair, ...]
    spared: tuple[ShownPair, ...]
    gained: tuple[ShownPair, ...]
    disturbed: tuple[ShownPair, ...]


def read_judged_pairs(actor: Actor, *, days: int) -> list[JudgedPair]:
    """Return the newest judged pairs of the last days, at most MOST_JUDGED; one query.

    Whoever was not sure says nothing, and neither does a pair that the check could not be asked about.
    """
    since = timezone.now() - datetime.timedelta(days=days)
    told = SimilarityVerdict.objects.visible_to(actor).filter(judged_at__gte=since, score__isnull=False)
    rows = told.exclude(verdict=SimilarityVerdict.Verdict.UNSURE).order_by("-judged_at")
    columns = ("verdict", "score", "level", "incident_id", "other_incident_id")
    return [
        JudgedPair(verdict == SimilarityVerdict.Verdict.SAME, score or 0, level == "exact", incident, other)
        for verdict, score, level, incident, other in rows.values_list(*columns)[:MOST_JUDGED]
    ]


def outcome_at(warn_at: int, pairs: Iterable[JudgedPair]) -> Outcome:
    """Return what warnings from that score on would have come to."""
    caught = wrong = duplicates = 0
    for pair in pairs:
        duplicates += pair.is_same
        if pair.is_warned_at(warn_at):
            caught += pair.is_same
            wrong += not pair.is_same
    return Outcome(warn_at, caught, wrong, duplicates)


def read_effect(
    pairs: Sequence[JudgedPair], now: tuple[int, int], chosen: tuple[int, int], actor: Actor
) -> Effect:
    """Compare marks, each given as (warn, stop); one query for the names, none where nothing changes."""
    lost = [pair for pair in pairs if pair.is_warned_at(now[0]) and not pair.is_warned_at(chosen[0])]
    new = [pair for pair in pairs if pair.is_warned_at(chosen[0]) and not pair.is_warned_at(now[0])]
    parts = {
        "missed": [pair for pair in lost if pair.is_same][:MOST_SHOWN],
        "spared": [pair for pair in lost if not pair.is_same][:MOST_SHOWN],
        "gained": [pair for pair in new if pair.is_same][:MOST_SHOWN],
        "disturbed": [pair for pair in new if not pair.is_same][:MOST_SHOWN],
    }
    names = _names([pair for part in parts.values() for pair in part], actor)
    return Effect(
        before=outcome_at(now[0], pairs),
        after=outcome_at(chosen[0], pairs),
        stops_before=sum(pair.is_warned_at(now[1]) for pair in pairs),
        stops_after=sum(pair.is_warned_at(chosen[1]) for pair in pairs),
        **{part: _shown(found, names) for part, found in parts.items()},
    )


def _names(pairs: Iterable[JudgedPair], actor: Actor) -> dict[str, Incident]:
    ids = {pk for pair in pairs for pk in (pair.incident_id, pair.other_incident_id) if pk}
    if not ids:
        return {}
    return Incident.objects.visible_to(actor).only("number", "name").in_bulk(list(ids))


def _shown(pairs: Iterable[JudgedPair], names: dict[str, Incident]) -> tuple[ShownPair, ...]:
    return tuple(
        ShownPair(names[pair.incident_id], names.get(pair.other_incident_id or ""), pair.score)
        for pair in pairs
        if pair.incident_id in names
    )
