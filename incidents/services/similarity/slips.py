"""Slips of the finger: words that are a letter or two apart."""

from __future__ import annotations

from rapidfuzz.distance import OSA

SHORTEST_SLIP = 4
LONG_WORD = 8
LARGEST_SLIP = 2


def is_slip(word: str, other: str) -> bool:
    """Tell whether two long words are a letter apart (two in very long ones)."""
    shorter = min(len(word), len(other))
    if shorter < SHORTEST_SLIP or abs(len(word) - len(other)) > LARGEST_SLIP or not (word + other).isalpha():
        return False
    return slip_distance(word, other) <= (1 if shorter < LONG_WORD else LARGEST_SLIP)


def slip_distance(word: str, other: str) -> int:
    """Return how many letters were left out, put in, changed or swapped; more than two are not counted."""
    return OSA.distance(word, other, score_cutoff=LARGEST_SLIP)
