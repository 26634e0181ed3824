"""What an incident says, read once: its tokens, its known values and its places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from incidents.services.similarity.identifiers import Identifiers, identifiers_of
from incidents.services.similarity.places import Places, places_of, region_of
from incidents.services.similarity.words import (
    BUILT_IN,
    NAME_LIMIT,
    SUMMARY_LIMIT,
    Vocabulary,
    folded,
    words_of,
)

NAME_COUNT = 2
SUMMARY_COUNT = 1
PAIR_COUNT = 1
KNOWN_COUNT = 2
LONGEST_TOKEN = 80
PLAIN_WORD = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)*")
LONGEST_PHRASE = 4
REMEMBERED = 4_096
"""Readings of a process, some 17 MB: a company that declares no more in a month reads each of them once."""

KnownPairs = frozenset[tuple[str, str]]
NO_VALUES: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Reading:
    """One incident, or one question, as it is compared; two readings are never taken for equal.

    `known` has the values by kind: those of fields, those that the text mentions and the places it names.
    """

    folded_name: str
    name_words: tuple[str, ...]
    summary_words: frozenset[str]
    counts: Mapping[str, int]
    has_fields: bool
    known: Mapping[str, frozenset[str]]
    places: Places
    identifiers: Identifiers
    spelling: Mapping[str, str]
    vocabulary: Vocabulary

    def values_of(self, kind: str) -> frozenset[str]:
        """Return what is known of one kind: "service", "component", "region", "environment" or "host"."""
        return self.known.get(kind, NO_VALUES)


class KnownValues:
    """What the installation knows: the values of its fields, found again in texts, and its own synonyms."""

    def __init__(self, values: Iterable[tuple[str, str]], vocabulary: Vocabulary = BUILT_IN) -> None:
        """Take pairs of kind and value as they are written in the configuration, and the words of one meaning."""
        self.vocabulary = vocabulary
        self._exact: dict[str, list[tuple[str, str]]] = {}
        self._folded: dict[str, list[tuple[str, str]]] = {}
        self._starts: set[str] = set()
        self._longest = 0
        for kind, value in values:
            phrase = _phrase(value)
            self._starts.add(phrase.casefold().split(" ")[0])
            self._longest = max(self._longest, len(phrase.split()))
            is_name = phrase.islower() or " " in phrase or "-" in phrase
            target = self._folded if is_name else self._exact
            target.setdefault(phrase.casefold() if is_name else phrase, []).append((kind, value))

    def found_in(self, text: str) -> KnownPairs:
        """Return the values that the text names; a capitalised word ("Issues") only where it is written so."""
        words = PLAIN_WORD.findall(text) if self._longest else []
        found: set[tuple[str, str]] = set()
        for start, word in enumerate(words):
            if word.casefold() not in self._starts:
                continue
            for end in range(start + 1, min(start + self._longest, len(words)) + 1):
                phrase = " ".join(words[start:end])
                found.update(self._exact.get(phrase, ()))
                found.update(self._folded.get(phrase.casefold(), ()))
        return frozenset(found)


NO_KNOWN_VALUES = KnownValues(())


def read(name: str, summary: str, fields: KnownPairs, known_values: KnownValues = NO_KNOWN_VALUES) -> Reading:
    """Read a name, the start of a summary and the values of known fields."""
    return _reading(name[:NAME_LIMIT], summary[:SUMMARY_LIMIT], fields, known_values)


@lru_cache(maxsize=REMEMBERED)
def _reading(name: str, summary: str, fields: KnownPairs, known_values: KnownValues) -> Reading:
    """Read once what is asked for again and again: the newest incidents are candidates of every question."""
    mentioned = known_values.found_in(f"{name}\n{summary}")
    vocabulary = known_values.vocabulary
    name_words = tuple(words_of(name, keep_numbers=True, vocabulary=vocabulary))
    summary_words = words_of(summary, keep_numbers=False, vocabulary=vocabulary)
    places = _places(name, summary, fields)
    identifiers = identifiers_of(name)
    counts: dict[str, int] = defaultdict(int)
    for word in name_words:
        counts[word] += NAME_COUNT
    for word in summary_words:
        counts[word] += SUMMARY_COUNT
    for pair in {a + b for a, b in pairwise(name_words)}:
        counts[pair] += PAIR_COUNT
    known = [f"{kind}:{value.casefold()}" for pairs in (mentioned, fields) for kind, value in pairs]
    found = [f"{kind}:{value}" for kind, values in places.items() for value in values]
    # The words of a path or a named queue are counted already; a number is not.
    numbers = {f"number:{kind}{value}" for kind, value in identifiers if value[:1].isdigit()}
    for token in (*known, *found, *numbers):
        counts[token] += KNOWN_COUNT
    return Reading(
        folded_name=folded(name),
        name_words=name_words,
        summary_words=frozenset(summary_words),
        counts={token[:LONGEST_TOKEN]: count for token, count in counts.items()},
        has_fields=bool(fields),
        known=_by_kind(fields | mentioned, places),
        places=places,
        identifiers=identifiers,
        spelling={value.casefold(): value for _, value in sorted(fields | mentioned)},
        vocabulary=vocabulary,
    )


def _places(name: str, summary: str, fields: KnownPairs) -> dict[str, frozenset[str]]:
    """Return the places: a field's before the name's before the summary's, which may speak of other places."""
    places = {**places_of(summary), **places_of(name)}
    regions = frozenset(region_of(value) for kind, value in fields if kind == "region")
    return {**places, "region": regions} if regions else places


def _by_kind(pairs: KnownPairs, places: Places) -> dict[str, frozenset[str]]:
    kinds = {kind: set(values) for kind, values in places.items()}
    for kind, value in pairs:
        kinds.setdefault(kind, set()).add(value.casefold())
    return {kind: frozenset(values) for kind, values in kinds.items()}


def _phrase(value: str) -> str:
    return " ".join(PLAIN_WORD.findall(value)[:LONGEST_PHRASE])
