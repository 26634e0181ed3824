"""How sure the evidence makes us: a logistic over the features, and the points that each piece of it gives or takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from incidents.services.similarity.comparing import Features

VERSION = 1
BIAS = -9.2
WEIGHTS: Mapping[str, float] = {
    "cosine": 2.6,
    "name_shared_least": 0.4,
    "name_found_least": 2.2,
    "name_found_most": 1.5,
    "letters": 1.2,
    "rare_shared": 4.3,
    "rare_missing_least": -0.2,
    "rare_missing_most": -0.4,
    "summary_shared": 0.5,
    "name_equal": 1.5,
    "service_same": 0.6,
    "service_differs": -1.8,
    "region_same": 0.4,
    "region_differs": -2.0,
    "environment_same": 0.8,
    "environment_differs": -1.7,
    "host_same": 1.5,
    "host_differs": -3.0,
    "number_differs": -0.8,
}
"""Fitted on labelled pairs of several kinds, each kind with the same say, then rounded.

Evidence for never counts against and evidence against never counts for: the fit was bound to that, so that a reason
shown to a person pushes the way it reads.
"""

CODES: Mapping[str, str] = {
    "cosine": "words",
    "name_shared_least": "words",
    "name_found_least": "words",
    "name_found_most": "words",
    "letters": "words",
    "rare_shared": "words",
    "rare_missing_least": "other_words",
    "rare_missing_most": "other_words",
    "summary_shared": "summary",
}
"""The reason under which a feature is told; a feature that is not named here is its own reason."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score between 0 and 100 and its points by reason, which add up to it."""

    value: int
    points: Mapping[str, int]


def score_of(features: Features, *, at_least: float = 0.0, at_most: float = 1.0) -> Score:
    """Score the evidence; the bounds are for what is certain either way (the same name, another region)."""
    pushes = _pushes(features)
    without_doubts = _chance(sum(push for push in pushes.values() if push > 0))
    chance = min(max(_chance(sum(pushes.values())), at_least), at_most)
    value = round(100 * chance)
    taken = min(0.0, chance - without_doubts) if any(push < 0 for push in pushes.values()) else 0.0
    shares = {
        **_share({code: push for code, push in pushes.items() if push > 0}, chance - taken),
        **_share({code: push for code, push in pushes.items() if push < 0}, taken),
    }
    return Score(value, _whole(shares, value))


def _pushes(features: Features) -> dict[str, float]:
    """Return what each reason adds to the logistic's sum."""
    pushes: dict[str, float] = {}
    for name, weight in WEIGHTS.items():
        if push := weight * getattr(features, name):
            code = CODES.get(name, name)
            pushes[code] = pushes.get(code, 0.0) + push
    return pushes


def _chance(evidence: float) -> float:
    return 1 / (1 + math.exp(-(BIAS + evidence)))


def _share(pushes: Mapping[str, float], total: float) -> dict[str, float]:
    """Divide a part of the score among its reasons, each by how hard it pushes."""
    whole = sum(pushes.values())
    return {code: 100 * total * push / whole for code, push in pushes.items()}


def _whole(shares: Mapping[str, float], value: int) -> dict[str, int]:
    """Round so that the sum is the score: the ones cut off most get the missing points."""
    points = {code: math.floor(share) for code, share in shares.items()}
    missing = value - sum(points.values())
    by_loss = sorted(shares, key=lambda code: (points[code] - shares[code], code))
    for code in by_loss[: max(missing, 0)]:
        points[code] += 1
    return points
