"""How much a token counts: rare ones much, everyday ones little."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from incidents.services.similarity.reading import REMEMBERED, Reading
from incidents.services.similarity.words import EVERYDAY, USUAL

Rarity = Callable[[str], float]

IMAGINED_INCIDENTS = 5_000
IMAGINED_FREQUENCY_EVERYDAY = 1_500
IMAGINED_FREQUENCY_USUAL = 150
IMAGINED_FREQUENCY_OTHER = 5

# The imagined incidents weigh as much as this many real ones: a new installation starts from them.
PRIOR_INCIDENTS = 300
COUNT_LIMIT = 300
"""Nobody counts further: a token of 300 incidents is a common one."""


def usual_rarity(token: str) -> float:
    """Return the rarity of a token in incidents at large, between 0 and 1, without asking the database."""
    return _USUAL_RARITIES[_imagined_frequency(token)]


def measured_rarity(frequencies: Mapping[str, int], incidents: int) -> Rarity:
    """Return the rarity among the incidents that are compared; a token that was not counted keeps its usual one."""
    share = PRIOR_INCIDENTS / IMAGINED_INCIDENTS
    known = {
        token: _rarity(frequency + share * _imagined_frequency(token), incidents + PRIOR_INCIDENTS)
        for token, frequency in frequencies.items()
    }

    return _Rarities(known).__getitem__


@lru_cache(maxsize=REMEMBERED)
def stored_weights(reading: Reading) -> Mapping[str, float]:
    """Return the weight of each token of an incident; a function of its own text alone, with norm 1.

    No statistics of other incidents go in, so that nothing stored tells of a private one or grows old.
    """
    weights = {token: (1 + math.log(count)) * usual_rarity(token) for token, count in reading.counts.items()}
    norm = math.sqrt(math.fsum([weight * weight for weight in weights.values()])) or 1.0
    return {token: weight / norm for token, weight in weights.items()}


def question_weights(reading: Reading, rarity: Rarity) -> dict[str, float]:
    """Return the weight of each token of a question; its norm is the same for all candidates and left out."""
    return {token: (1 + math.log(count)) * rarity(token) for token, count in reading.counts.items()}


class _Rarities(dict[str, float]):
    """Rarities by token; what was not counted is looked up once, for it is asked for again with every candidate."""

    def __missing__(self, token: str) -> float:
        self[token] = rarity = usual_rarity(token)
        return rarity


def _rarity(frequency: float, incidents: int) -> float:
    return (1 + math.log((1 + incidents) / (1 + frequency))) / (1 + math.log(1 + incidents))


def _imagined_frequency(token: str) -> int:
    if token in EVERYDAY:
        return IMAGINED_FREQUENCY_EVERYDAY
    return IMAGINED_FREQUENCY_USUAL if token in USUAL else IMAGINED_FREQUENCY_OTHER


_USUAL_RARITIES = {
    frequency: _rarity(frequency, IMAGINED_INCIDENTS)
    for frequency in (IMAGINED_FREQUENCY_EVERYDAY, IMAGINED_FREQUENCY_USUAL, IMAGINED_FREQUENCY_OTHER)
}
