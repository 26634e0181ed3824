"""A merge is a verdict, too: who merges two incidents holds them to be the same."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from incidents.models import Actor, SimilarityVerdict
from incidents.models.pairs import PairQuerySet
from incidents.services.duplicate_check import Evidence, evidence_about

MOST_ASKED = 5
"""For so many of a merge the duplicate check is asked what it makes of them; of the others nothing is known."""


def record_merged(survivor_id: str, source_ids: Collection[str], actor: Actor) -> None:
    """Store that the sources are the survivor, unless people said something of the pair; call it before the merge.

    Two queries, and about a dozen for each of the first MOST_ASKED sources.
    """
    judged = set(_between(survivor_id, source_ids).values_list("incident_id", "other_incident_id"))
    pairs = [pair for source_id in source_ids if (pair := _pair(survivor_id, source_id)) not in judged]
    SimilarityVerdict.objects.bulk_create(
        SimilarityVerdict(
            incident_id=pair[0],
            other_incident_id=pair[1],
            verdict=SimilarityVerdict.Verdict.SAME,
            source=SimilarityVerdict.Source.MERGE,
            **(evidence_about(*pair, actor) if place < MOST_ASKED else Evidence()).columns,
            **actor.creator_columns,
        )
        for place, pair in enumerate(pairs)
    )


def forget_merged(survivor_id: str, source_ids: Collection[str]) -> None:
    """Remove what a merge alone said of them, now that it is taken back; one query."""
    _between(survivor_id, source_ids).filter(source=SimilarityVerdict.Source.MERGE).delete()


def _between(survivor_id: str, source_ids: Collection[str]) -> PairQuerySet[SimilarityVerdict]:
    others = list(source_ids)
    return SimilarityVerdict.objects.filter(
        Q(incident=survivor_id, other_incident__in=others)
        | Q(incident__in=others, other_incident=survivor_id)
    )


def _pair(one_id: str, other_id: str) -> tuple[str, str]:
    older, newer = sorted((one_id, other_id))
    return older, newer
