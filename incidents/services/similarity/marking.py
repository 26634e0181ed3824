"""The shared words of a name, found again in it as it is written."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from incidents.services.similarity.reading import REMEMBERED
from incidents.services.similarity.words import BUILT_IN, RAW_WORD, Vocabulary, words_of

NameParts = tuple[tuple[str, bool], ...]
LONGEST_JOINT = 1


def name_parts(name: str, shared: Collection[str], vocabulary: Vocabulary = BUILT_IN) -> NameParts:
    """Return the name in pieces, each with whether it is shared; the pieces join to the name again."""
    spans = [
        match.span() for match in RAW_WORD.finditer(name) if _is_shared(match.group(), shared, vocabulary)
    ]
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in _joined(name, spans):
        if start > at:
            parts.append((name[at:start], False))
        parts.append((name[start:end], True))
        at = end
    if at < len(name):
        parts.append((name[at:], False))
    return tuple(parts)


def shared_as_written(
    name: str, shared: Collection[str], vocabulary: Vocabulary = BUILT_IN
) -> tuple[str, ...]:
    """Return the shared words as the name writes them, in its order, each once."""
    return tuple(dict.fromkeys(part for part, is_shared in name_parts(name, shared, vocabulary) if is_shared))


def _is_shared(raw: str, shared: Collection[str], vocabulary: Vocabulary) -> bool:
    return not _words_of(raw, vocabulary).isdisjoint(shared)


@lru_cache(maxsize=REMEMBERED)
def _words_of(raw: str, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(words_of(raw, keep_numbers=True, vocabulary=vocabulary))


def _joined(name: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join pieces that only a sign divides: "eu-west-1" is one mark, not three."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= LONGEST_JOINT and not name[joined[-1][1] : start].isspace():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
