"""Marks of neighbouring words: by them PostgreSQL finds a phrase of common words without reading all that have both."""

from __future__ import annotations

import itertools
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models.search_words import Word

_SIGN = "+"
_LETTERS = "0123456789abcdefghijklmnopqrstuv"
_TWO_LETTERS = ["".join(pair) for pair in itertools.product(_LETTERS, repeat=2)]
# Long numbers are rare by themselves: a mark for each INC-123456 would only make the index larger.
_LONG_NUMBER = 5


def pair_marks(words: Sequence[Word | None]) -> set[str]:
    """Return the marks of the words that stand side by side; words without a mark between them are no news.

    There are a million marks, so two pairs may share one: who is found by marks alone still has to be read.
    """
    return {
        _mark(first.stem, second.stem)
        for first, second in itertools.pairwise(words)
        if first and second and not _is_long_number(first.stem) and not _is_long_number(second.stem)
    }


@lru_cache(maxsize=50_000)
def _mark(first: str, second: str) -> str:
    hashed = zlib.crc32(f"{first} {second}".encode()) & 0xFFFFF
    return f"{_SIGN}{_TWO_LETTERS[hashed >> 10]}{_TWO_LETTERS[hashed & 0x3FF]}"


def _is_long_number(stem: str) -> bool:
    return len(stem) >= _LONG_NUMBER and stem.isdigit()
