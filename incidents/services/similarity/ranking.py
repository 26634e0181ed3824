"""Candidates put in order: warnings by their score, the quiet rest by their wording."""

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
from incidents.services.similarity.scoring import WITH_KNOWN_FIELDS, WITHOUT_KNOWN_FIELDS, Score, score_of
from incidents.services.similarity.weighing import Rarity, stored_weights

ALIKE_COSINE = 0.7
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
    """Return the candidates in the order in which they are shown.

    Warnings go by their score, the rest by how they are worded: without known fields the score says little below a
    warning, and the order of the cosines found more in every kind of data it was tried on.
    """
    judged = [_judge(asked, candidate, comparison) for candidate, comparison in _compared(asked, candidates)]

    def order(one: Ranked) -> tuple[float, ...]:
        score = -one.score.value if one.level != "related" else 0
        return LEVEL_ORDER[one.level], score, -one.comparison.features.cosine, *_newest(one)

    return sorted(judged, key=order)


def compare_text(asked: Asked, reading: Reading) -> Comparison:
    """Compare the question with one other text, as if there were no third."""
    return compare(
        asked.reading, reading, _cosine(asked.weights, _norm(asked.weights), reading), asked.rarity
    )


def judge(
    asked: Asked,
    comparison: Comparison,
    *,
    incident_type_id: str | None,
    is_open: bool = True,
    is_dismissed: bool = False,
) -> tuple[Score, Level]:
    """Say how sure a comparison makes us."""
    types = {asked.incident_type_id, incident_type_id} - {None}
    exact = is_exact(comparison.features, is_open=is_open, is_same_type=len(types) < 2)
    score = score_of(
        comparison.features,
        WITH_KNOWN_FIELDS if asked.reading.has_fields else WITHOUT_KNOWN_FIELDS,
        at_least=EXACT_AT_LEAST if exact else 0.0,
        at_most=DIFFERENT_AT_MOST if is_elsewhere(comparison.features) else 1.0,
    )
    level = level_of(score.value, is_exact=exact, is_dismissed=is_dismissed, likely_from=asked.likely_from)
    return score, level


def _compared(asked: Asked, candidates: Iterable[Candidate]) -> list[tuple[Candidate, Comparison]]:
    """Compare each with the question, and with those that come nearest to it."""
    norm = _norm(asked.weights)
    nearest = [(_cosine(asked.weights, norm, candidate.reading), candidate) for candidate in candidates]
    nearest.sort(key=lambda pair: -pair[0])
    return [
        (
            candidate,
            compare(
                asked.reading,
                candidate.reading,
                cosine,
                asked.rarity,
                next_cosine=_next_cosine(candidate, nearest),
            ),
        )
        for cosine, candidate in nearest
    ]


def _next_cosine(candidate: Candidate, nearest: list[tuple[float, Candidate]]) -> float:
    """Return the cosine of the nearest incident that is worded differently from the candidate, 0 without one."""
    for cosine, other in nearest:
        if other is not candidate and not _is_alike(candidate.reading, other.reading):
            return cosine
    return 0.0


def _is_alike(reading: Reading, other: Reading) -> bool:
    """Tell whether two incidents are worded so much alike that they do not compete."""
    return reading is other or _dot(stored_weights(reading), stored_weights(other)) >= ALIKE_COSINE


def _judge(asked: Asked, candidate: Candidate, comparison: Comparison) -> Ranked:
    row = candidate.row
    score, level = judge(
        asked,
        comparison,
        incident_type_id=row.incident_type_id,
        is_open=row.is_open,
        is_dismissed=row.status_category in DISMISSED,
    )
    return Ranked(candidate, comparison, score, level)


def _norm(weights: Mapping[str, float]) -> float:
    return math.sqrt(math.fsum([weight * weight for weight in weights.values()]))


def _cosine(weights: Mapping[str, float], norm: float, reading: Reading) -> float:
    """Return the cosine of the question's vector, which has this norm, and the candidate's, whose norm is 1."""
    return _dot(weights, stored_weights(reading)) / norm if norm else 0.0


def _dot(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the product, which is the same in whatever order the tokens come."""
    return math.fsum([left[token] * right[token] for token in left.keys() & right.keys()])


def _newest(one: Ranked) -> tuple[bool, float]:
    """Break ties: the open one first, then the one that was active last."""
    row = one.candidate.row
    return not row.is_open, -row.last_activity_at.timestamp()
