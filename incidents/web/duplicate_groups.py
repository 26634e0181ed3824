"""Incidents that look like one and are not merged, as groups."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from incidents.models import DuplicateCandidate, SimilarityVerdict
from incidents.web.merging import merge_url

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from incidents.models import Actor, Configuration, Incident

    Pair = DuplicateCandidate | SimilarityVerdict

MOST_PAIRS = 300
MOST_GROUPS = 20
MOST_IN_GROUP = 10
_REASONS_SHOWN = 2
_DECIDED = (SimilarityVerdict.Verdict.DIFFERENT, SimilarityVerdict.Verdict.RELATED)


@dataclasses.dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Incidents that hang together by pairs, the one that was declared first at the head."""

    incidents: tuple[Incident, ...]
    more: int
    is_judged_same: bool
    score: int
    reasons: tuple[str, ...]

    @property
    def since(self) -> datetime.datetime:
        """When the last of them was declared."""
        return max(incident.created_at for incident in self.incidents)

    @property
    def merge_url(self) -> str:
        """Where they are merged."""
        return merge_url(incident.reference for incident in self.incidents)


@dataclasses.dataclass(frozen=True, slots=True)
class DuplicateGroups:
    """The groups with the newest incidents first, and whether there are more than are shown."""

    groups: tuple[DuplicateGroup, ...]
    has_more: bool

    @property
    def incident_count(self) -> int:
        """How many incidents are in them."""
        return sum(len(group.incidents) + group.more for group in self.groups)


def read_duplicate_groups(actor: Actor, configuration: Configuration) -> DuplicateGroups:
    """Return the groups that the actor may see, by the newest MOST_PAIRS pairs of each kind; two queries."""
    pairs: list[Pair] = [*_called_the_same(actor), *_alike(actor, configuration.duplicates.warn_at)]
    members = _joined(pairs)
    groups = sorted((_group(ids, pairs) for ids in members), key=lambda group: group.since, reverse=True)
    return DuplicateGroups(tuple(groups[:MOST_GROUPS]), len(groups) > MOST_GROUPS or len(pairs) >= MOST_PAIRS)


def _called_the_same(actor: Actor) -> QuerySet[SimilarityVerdict]:
    same = SimilarityVerdict.objects.all().to_merge(actor).filter(verdict=SimilarityVerdict.Verdict.SAME)
    return same.select_related("incident", "other_incident").order_by("-id")[:MOST_PAIRS]


def _alike(actor: Actor, warn_at: int) -> QuerySet[DuplicateCandidate]:
    decided = SimilarityVerdict.objects.filter(
        incident=OuterRef("incident"), other_incident=OuterRef("other_incident"), verdict__in=_DECIDED
    )
    alike = DuplicateCandidate.objects.all().to_merge(actor).filter(~Exists(decided))
    warned = alike.filter(Q(score__gte=warn_at) | Q(level="exact"))
    return warned.select_related("incident", "other_incident").order_by("-id")[:MOST_PAIRS]


def _joined(pairs: Iterable[Pair]) -> list[set[str]]:
    """Return the sets of incidents that hang together."""
    sets: dict[str, set[str]] = {}
    for pair in pairs:
        ids = (pair.incident_id, str(pair.other_incident_id))
        joined = set(ids).union(*(sets.get(pk, set()) for pk in ids))
        sets.update(dict.fromkeys(joined, joined))
    return list({id(joined): joined for joined in sets.values()}.values())


def _group(ids: set[str], pairs: Sequence[Pair]) -> DuplicateGroup:
    own = [pair for pair in pairs if pair.incident_id in ids]
    rows = {pair.incident_id: pair.incident for pair in own}
    rows |= {str(pair.other_incident_id): pair.other_incident for pair in own if pair.other_incident}
    best = max(own, key=lambda pair: pair.score or 0)
    told = [reason["text"] for reason in best.reasons if reason["points"] > 0][:_REASONS_SHOWN]
    # The words may be those of an incident that was merged before.
    told += [reason["text"] for reason in best.reasons if reason["code"] == "merged"]
    incidents = [rows[pk] for pk in sorted(rows)]
    return DuplicateGroup(
        incidents=tuple(incidents[:MOST_IN_GROUP]),
        more=max(0, len(incidents) - MOST_IN_GROUP),
        is_judged_same=any(isinstance(pair, SimilarityVerdict) for pair in own),
        score=best.score or 0,
        reasons=tuple(told),
    )
