"""Fits the weights of the duplicate check on labelled questions."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from incidents.management.benchmarking import Progress, load_pool, question_of
from incidents.models import Configuration
from incidents.services.similarity.finding import rank_similar
from incidents.services.similarity.levels import is_elsewhere
from incidents.services.similarity.scoring import Weights

CANDIDATES_PER_QUESTION = 6
HARD_NEGATIVE_SHARE = 5.0
SHARE_OF_A_KIND = 100.0
ROUNDS = 200
STILL = 1e-3
BIAS = "bias"


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A candidate of a question: the evidence, whether it is the same incident, and how much it has to say."""

    features: Mapping[str, float]
    is_same: bool
    share: float


def collect_examples(rows: Iterable[Mapping[str, Any]], progress: Progress) -> Iterator[tuple[bool, Example]]:
    """Load the incidents, ask every question, and yield its nearest candidates with the set of weights they train.

    Every kind of question has the same say, whatever the number of its questions; a hard negative counts more than a
    stranger. Candidates at a known other place are left out: the score never decides about them.
    """
    rows = list(rows)
    questions = [row for row in rows if row["type"] == "query"]
    actor, pool_ids = load_pool(rows, progress)
    configuration = Configuration.current()
    kinds = Counter(_kind(row) for row in questions)
    for row in questions:
        question = question_of(row)
        ranked = rank_similar(question, actor, configuration)[0]
        ranked.sort(key=lambda one: -one.comparison.features.cosine)
        for one in ranked[:CANDIDATES_PER_QUESTION]:
            if is_elsewhere(one.comparison.features):
                continue
            found = pool_ids[one.candidate.row.id]
            share = SHARE_OF_A_KIND / kinds[_kind(row)]
            yield (
                bool(question.field_values),
                Example(
                    dataclasses.asdict(one.comparison.features),
                    is_same=str(found) in row["labels"],
                    share=share * (HARD_NEGATIVE_SHARE if found in row.get("hard_negatives", ()) else 1),
                ),
            )


def fit(examples: Sequence[Example], start: Weights, *, pull: float, chance: float) -> Weights:
    """Fit a logistic and return its weights, rounded; a warning comes at the given chance or more.

    The weights are pulled towards those they start from, and keep their sign: evidence for never counts against.
    Evidence against keeps half of its weight at least: texts of one source may never show that a missing word matters.
    """
    curve = _Curve(examples, start)
    for _ in range(ROUNDS):
        if max(curve.move(name, pull) for name in curve.values) < STILL:
            break
    bias = curve.values.pop(BIAS) - math.log(chance / (1 - chance))
    return Weights(round(bias, 2), {name: round(value, 2) for name, value in curve.values.items()})


class _Curve:
    """The logistic while it is fitted: its values, and the evidence of every example under them."""

    def __init__(self, examples: Sequence[Example], start: Weights) -> None:
        self._start = {BIAS: start.bias, **start.by_feature}
        self.values = dict(self._start)
        self._columns = {
            name: [1.0 if name == BIAS else example.features[name] for example in examples]
            for name in self.values
        }
        self._shares = [example.share for example in examples]
        self._aims = [float(example.is_same) for example in examples]
        self._evidence = [
            sum(self.values[name] * self._columns[name][at] for name in self.values)
            for at in range(len(examples))
        ]

    def move(self, name: str, pull: float) -> float:
        """Move one value towards its best and return how far; the step never overshoots."""
        column = self._columns[name]
        pull = 0.0 if name == BIAS else pull
        slope = pull * (self.values[name] - self._start[name])
        steepness = pull
        for part, share, aim, evidence in zip(column, self._shares, self._aims, self._evidence, strict=True):
            if part:
                slope += share * part * (1 / (1 + math.exp(-evidence)) - aim)
                steepness += share * part * part / 4
        if not steepness:
            return 0.0
        moved = self._bounded(name, self.values[name] - slope / steepness)
        step, self.values[name] = moved - self.values[name], moved
        self._evidence = [
            evidence + step * part for evidence, part in zip(self._evidence, column, strict=True)
        ]
        return abs(step)

    def _bounded(self, name: str, value: float) -> float:
        if name == BIAS:
            return value
        start = self._start[name]
        return min(value, start / 2) if start < 0 else max(value, 0.0)


def _kind(row: Mapping[str, Any]) -> str:
    return str(row.get("kind", ""))
