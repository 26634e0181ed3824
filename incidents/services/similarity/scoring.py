"""How sure the evidence makes us: a logistic over the features, and the points that each piece of it gives or takes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from incidents.services.similarity.comparing import Features


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature adds to the logistic's sum, and the sum it starts from."""

    bias: float
    by_feature: Mapping[str, float]


_STORED = json.loads((Path(__file__).parent / "weights.json").read_text(encoding="utf-8"))

VERSION: int = _STORED["version"]
WITH_KNOWN_FIELDS, WITHOUT_KNOWN_FIELDS = (
    Weights(_STORED[name]["bias"], _STORED[name]["weights"])
    for name in ("with_known_fields", "without_known_fields")
)
"""Fitted on labelled data (``manage.py train_similarity`` starts from them), then rounded. One set for each kind of
question: where its service or region is known, that decides between texts that are worded alike; where not, how far
one incident is ahead of all others does.

Evidence for never counts against and evidence against never counts for: the fit is bound to that, so that a reason
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
    """How sure the evidence makes us, with and without what speaks against it, and how hard each reason pushes."""

    chance: float
    chance_without_doubts: float
    pushes: Mapping[str, float]

    @property
    def value(self) -> int:
        """The score, between 0 and 100."""
        return round(100 * self.chance)

    @property
    def points(self) -> dict[str, int]:
        """The points by reason, which add up to the score. Worked out when asked for: few candidates are shown."""
        supports = {code: push for code, push in self.pushes.items() if push > 0}
        doubts = {code: push for code, push in self.pushes.items() if push < 0}
        taken = min(0.0, self.chance - self.chance_without_doubts) if doubts else 0.0
        shares = {**_share(supports, self.chance - taken), **_share(doubts, taken)}
        return _whole(shares, self.value)


def score_of(features: Features, weights: Weights, *, at_least: float = 0.0, at_most: float = 1.0) -> Score:
    """Score the evidence; the bounds are for what is certain either way (the same name, another region)."""
    pushes = _pushes(features, weights)
    without_doubts = _chance(weights.bias + sum(push for push in pushes.values() if push > 0))
    chance = min(max(_chance(weights.bias + sum(pushes.values())), at_least), at_most)
    return Score(chance, without_doubts, pushes)


def _pushes(features: Features, weights: Weights) -> dict[str, float]:
    """Return what each reason adds to the logistic's sum."""
    pushes: dict[str, float] = {}
    for name, weight in weights.by_feature.items():
        if push := weight * getattr(features, name):
            code = CODES.get(name, name)
            pushes[code] = pushes.get(code, 0.0) + push
    return pushes


def _chance(evidence: float) -> float:
    return 1 / (1 + math.exp(-evidence))


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
