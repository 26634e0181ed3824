"""Two readings side by side: what they share and what tells them apart, each between 0 and 1."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

from incidents.services.similarity.identifiers import other_identifiers
from incidents.services.similarity.places import differ
from incidents.services.similarity.reading import Reading
from incidents.services.similarity.slips import is_slip, slip_distance
from incidents.services.similarity.weighing import Rarity

MISSPELT_SHARE = 0.9
USUAL_NEXT_COSINE = 0.2
PLACE_KINDS = ("region", "environment", "host")
SERVICE_KINDS = ("service", "component")
KNOWN_KINDS = (*SERVICE_KINDS, *PLACE_KINDS)


@dataclass(frozen=True)
class Features:
    """The evidence about one pair; the same whichever of the two is asked about, but for the lead.

    `lead` is how far the incident is ahead of the next one that is another, as a share of its cosine: what is worded
    like many incidents is hardly any one of them.
    """

    cosine: float
    lead: float
    name_shared_least: float
    name_found_least: float
    name_found_most: float
    letters: float
    rare_shared: float
    rare_missing_least: float
    rare_missing_most: float
    summary_shared: float
    name_equal: float
    service_same: float
    service_differs: float
    region_same: float
    region_differs: float
    environment_same: float
    environment_differs: float
    host_same: float
    host_differs: float
    identifier_differs: float


@dataclass(frozen=True)
class Comparison:
    """The evidence with the words and values behind it, for the reasons."""

    features: Features
    shared_words: frozenset[str]
    left_only: tuple[str, ...]
    right_only: tuple[str, ...]
    same: frozenset[str]
    different: frozenset[str]
    named_otherwise: tuple[str, ...]


@dataclass(frozen=True)
class _Side:
    """The name of one of the two: its weight, and the words of it that the other one lacks altogether."""

    weight: float
    found: float
    missing: tuple[str, ...]
    rarest_missing: float


def compare(
    left: Reading, right: Reading, cosine: float, rarity: Rarity, *, next_cosine: float = 0.0
) -> Comparison:
    """Compare two readings; ``cosine`` is that of their whole vectors, ``next_cosine`` the nearest other incident's."""
    pairs = _matched_words(left.name_words, right.name_words)
    ours = _side(left, {a for a, _, _ in pairs}, right, rarity)
    theirs = _side(right, {b for _, b, _ in pairs}, left, rarity)
    weights = [min(rarity(a), rarity(b)) * share for a, b, share in pairs]
    same, different = _compare_known(left, right)
    named_otherwise = other_identifiers(left.identifiers, right.identifiers)
    features = Features(
        cosine=cosine,
        lead=_lead(cosine, next_cosine),
        name_shared_least=_ratio(sum(weights), max(ours.weight, theirs.weight)),
        name_found_least=min(ours.found, theirs.found),
        name_found_most=max(ours.found, theirs.found),
        letters=_letters(left.folded_name, right.folded_name),
        rare_shared=max(weights, default=0.0),
        rare_missing_least=min(ours.rarest_missing, theirs.rarest_missing),
        rare_missing_most=max(ours.rarest_missing, theirs.rarest_missing),
        summary_shared=_summary_shared(left, right, rarity),
        name_equal=float(left.folded_name == right.folded_name and bool(left.folded_name)),
        identifier_differs=float(bool(named_otherwise)),
        **_flags(same, different),
    )
    shared = frozenset(word for a, b, _ in pairs for word in (a, b))
    return Comparison(features, shared, ours.missing, theirs.missing, same, different, named_otherwise)


def _side(reading: Reading, matched: set[str], other: Reading, rarity: Rarity) -> _Side:
    words = list(dict.fromkeys(reading.name_words))
    weight = math.fsum(map(rarity, words))
    missing = sorted(
        (w for w in words if w not in matched and w not in other.counts), key=lambda w: (-rarity(w), w)
    )
    found = _ratio(weight - math.fsum(map(rarity, missing)), weight)
    return _Side(weight, found, tuple(missing), rarity(missing[0]) if missing else 0.0)


def _matched_words(left: Collection[str], right: Collection[str]) -> list[tuple[str, str, float]]:
    """Return the words of both names that are one, or differ by a slip of the finger (counted a little less)."""
    exact = sorted(set(left) & set(right))
    pairs = [(word, word, 1.0) for word in exact]
    open_left, open_right = set(left).difference(exact), set(right).difference(exact)
    slips = [
        (slip_distance(a, b), *sorted((a, b)), a, b) for a in open_left for b in open_right if is_slip(a, b)
    ]
    for *_, a, b in sorted(slips):
        if a in open_left and b in open_right:
            open_left.remove(a)
            open_right.remove(b)
            pairs.append((a, b, MISSPELT_SHARE))
    return pairs


def _weight(words: Set[str], rarity: Rarity) -> float:
    return math.fsum(map(rarity, words))


def _letters(left: str, right: str) -> float:
    """Return the share of letter triples that two names have in common."""
    left_triples, right_triples = _triples(left), _triples(right)
    return _ratio(2 * len(left_triples & right_triples), len(left_triples) + len(right_triples))


@lru_cache(maxsize=8)
def _triples(text: str) -> frozenset[str]:
    """Return all that is three letters long in a text; the question's is asked for with every candidate."""
    return frozenset([text[at : at + 3] for at in range(len(text) - 2)])


def _summary_shared(left: Reading, right: Reading, rarity: Rarity) -> float:
    """Return the share of the lighter summary that both have, 0 where one has none."""
    left_words, right_words = left.summary_words, right.summary_words
    if left_words.isdisjoint(right_words):
        return 0.0
    lighter = min(_weight(left_words, rarity), _weight(right_words, rarity))
    return _ratio(_weight(left_words & right_words, rarity), lighter)


def _compare_known(left: Reading, right: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """Return the kinds that agree and those that cannot be one."""
    same, different = set(), set()
    for kind in KNOWN_KINDS:
        ours, theirs = left.values_of(kind), right.values_of(kind)
        if not ours.isdisjoint(theirs):
            same.add(kind)
        elif differ(kind, ours, theirs):
            different.add(kind)
    return frozenset(same), frozenset(different)


def _flags(same: frozenset[str], different: frozenset[str]) -> Mapping[str, float]:
    """Return the flags by kind; a component is taken as a service is."""
    flags = {}
    for kind in PLACE_KINDS:
        flags[f"{kind}_same"] = float(kind in same)
        flags[f"{kind}_differs"] = float(kind in different)
    flags["service_same"] = float(not same.isdisjoint(SERVICE_KINDS))
    flags["service_differs"] = float(not different.isdisjoint(SERVICE_KINDS))
    return flags


def _lead(cosine: float, next_cosine: float) -> float:
    """Return the lead; a next one of USUAL_NEXT_COSINE is imagined where there are few: nothing leads in an empty field."""
    return _ratio(max(0.0, cosine - max(next_cosine, USUAL_NEXT_COSINE)), cosine)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
