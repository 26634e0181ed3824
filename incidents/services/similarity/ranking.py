"""Candidates put in order: warnings by their score, the quiet rest by wording and score together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidents.models.incident_status import StatusCategory
from incidents.services.similarity.comparing import Comparison, compare
from incidents.services.similarity.levels import (
    DIFFERENT_AT_MOST,
    EXACT_AT_LEAST,
    LIKELY_FROM,
    is_elsewhere,
    is_exact,
    level_of,
)
from incidents.services.similarity.loading import Candidate
from incidents.services.similarity.question import Level
from incidents.services.similarity.reading import Reading
from incidents.services.similarity.scoring import Score, score_of
from incidents.services.similarity.weighing import Rarity, stored_weights

FUSION_START = 10
COSINE_SHARE = 2
DISMISSED = (StatusCategory.DECLINED, StatusCategory.CANCELED)
LEVEL_ORDER: Mapping[Level, int] = {"exact": 0, "likely": 1, "related": 2}


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, ready to be compared: its reading, the weights of its tokens and how rare each token is."""

    reading: Reading
    weights: Mapping[str, float]
    rarity: Rarity
    incident_type_id: str | None
    likely_from: int = LIKELY_FROM


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its evidence, score and level."""

    candidate: Candidate
    comparison: Comparison
    score: Score
    level: Level


def rank(asked: Asked, candidates: Iterable[Candidate]) -> list[Ranked]:
    """Return the candidates in the order in which they are shown."""
    judged = [_judge(asked, candidate) for candidate in candidates]
    by_cosine = _places(sorted(judged, key=lambda one: (-one.comparison.features.cosine, *_newest(one))))
    by_score = _places(sorted(judged, key=lambda one: (-one.score.value, *_newest(one))))

    def order(one: Ranked) -> tuple[float, ...]:
        pk = one.candidate.incident.pk
        if one.level != "related":
            return LEVEL_ORDER[one.level], -one.score.value, by_cosine[pk]
        fused = COSINE_SHARE / (FUSION_START + by_cosine[pk]) + 1 / (FUSION_START + by_score[pk])
        return LEVEL_ORDER[one.level], -fused, by_cosine[pk]

    return sorted(judged, key=order)


def _judge(asked: Asked, candidate: Candidate) -> Ranked:
    incident = candidate.incident
    comparison = compare(
        asked.reading, candidate.reading, _cosine(asked.weights, candidate.reading), asked.rarity
    )
    types = {asked.incident_type_id, incident.incident_type_id} - {None}
    exact = is_exact(comparison.features, is_open=incident.is_open, is_same_type=len(types) < 2)
    score = score_of(
        comparison.features,
        at_least=EXACT_AT_LEAST if exact else 0.0,
        at_most=DIFFERENT_AT_MOST if is_elsewhere(comparison.features) else 1.0,
    )
    level = level_of(
        score.value,
        is_exact=exact,
        is_dismissed=incident.status_category in DISMISSED,
        likely_from=asked.likely_from,
    )
    return Ranked(candidate, comparison, score, level)


def _cosine(weights: Mapping[str, float], reading: Reading) -> float:
    """Return the cosine of the question's vector and the candidate's, whose norm is 1."""
    stored = stored_weights(reading)
    norm = math.sqrt(sum(weight * weight for weight in weights.values()))
    return sum(weight * stored.get(token, 0.0) for token, weight in weights.items()) / norm if norm else 0.0


def _newest(one: Ranked) -> tuple[bool, float]:
    """Break ties: the open one first, then the one that was active last."""
    incident = one.candidate.incident
    return not incident.is_open, -incident.last_activity_at.timestamp()


def _places(ranked: list[Ranked]) -> dict[str, int]:
    return {one.candidate.incident.pk: place for place, one in enumerate(ranked, 1)}
