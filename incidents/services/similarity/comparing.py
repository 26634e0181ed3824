"""Two readings side by side: what they share and what tells them apart, each between 0 and 1."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from incidents.services.similarity.places import differ
from incidents.services.similarity.reading import Reading
from incidents.services.similarity.weighing import Rarity

MISSPELT_FROM = 5
MISSPELT_SHARE = 0.9
HIGHEST_RARITY = 8.0
PLACE_KINDS = ("region", "environment", "host")


@dataclass(frozen=True)
class Features:
    """The evidence about one pair; the same whichever of the two is asked about."""

    cosine: float
    name_shared_least: float
    name_shared_most: float
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


@dataclass(frozen=True)
class Comparison:
    """The evidence with the words and values behind it, for the reasons."""

    features: Features
    shared_words: tuple[str, ...]
    fields_same: frozenset[str]
    fields_differ: frozenset[str]


def compare(left: Reading, right: Reading, cosine: float, rarity: Rarity) -> Comparison:
    """Compares two readings; ``cosine`` is that of their whole vectors, which the caller has already."""
    pairs = _matched_words(left.name_words, right.name_words)
    shared_weight = sum(min(rarity(a), rarity(b)) * share for a, b, share in pairs)
    left_weight, right_weight = _weight(left.name_words, rarity), _weight(right.name_words, rarity)
    shares = sorted((_ratio(shared_weight, left_weight), _ratio(shared_weight, right_weight)))
    left_matched, right_matched = {a for a, _, _ in pairs}, {b for _, b, _ in pairs}
    found = sorted(
        (_found(left, left_matched, right, left_weight, rarity), _found(right, right_matched, left, right_weight, rarity))
    )
    missing = sorted(
        (_rarest_missing(left, left_matched, right, rarity), _rarest_missing(right, right_matched, left, rarity))
    )
    same, different = _compare_fields(left, right)
    features = Features(
        cosine=cosine,
        name_shared_least=shares[0],
        name_shared_most=shares[1],
        name_found_least=found[0],
        name_found_most=found[1],
        letters=_letters(left.folded_name, right.folded_name),
        rare_shared=max((min(rarity(a), rarity(b)) * share for a, b, share in pairs), default=0.0) / HIGHEST_RARITY,
        rare_missing_least=missing[0],
        rare_missing_most=missing[1],
        summary_shared=_summary_shared(left, right, rarity),
        name_equal=float(left.folded_name == right.folded_name and bool(left.folded_name)),
        **_flags(same, different),
    )
    return Comparison(features, tuple(b for _, b, _ in pairs), same, different)


def _matched_words(left: Collection[str], right: Collection[str]) -> list[tuple[str, str, float]]:
    """Returns the words of both names that are one, or differ by a slip of the finger (counted a little less)."""
    exact = dict.fromkeys(word for word in left if word in right)
    pairs = [(word, word, 1.0) for word in exact]
    open_left = [word for word in dict.fromkeys(left) if word not in exact]
    open_right = [word for word in dict.fromkeys(right) if word not in exact]
    for word in open_left:
        other = next((other for other in open_right if _is_slip(word, other)), None)
        if other is not None:
            open_right.remove(other)
            pairs.append((word, other, MISSPELT_SHARE))
    return pairs


def _is_slip(word: str, other: str) -> bool:
    """Tells whether two long words are a letter apart (two in very long ones)."""
    shorter = min(len(word), len(other))
    if shorter < MISSPELT_FROM - 1 or word[-1].isdigit() or other[-1].isdigit():
        return False
    limit = 1 if shorter < 8 else 2
    return abs(len(word) - len(other)) <= limit and OSA.distance(word, other, score_cutoff=limit) <= limit


def _weight(words: Collection[str], rarity: Rarity) -> float:
    return sum(rarity(word) for word in dict.fromkeys(words))


def _found(reading: Reading, matched: set[str], other: Reading, weight: float, rarity: Rarity) -> float:
    """Returns the share of the name that the other one's name or summary has."""
    found = sum(rarity(word) for word in set(reading.name_words) if word in matched or word in other.counts)
    return _ratio(found, weight)


def _rarest_missing(reading: Reading, matched: set[str], other: Reading, rarity: Rarity) -> float:
    """Returns how rare the rarest word of the name is that the other one lacks."""
    missing = (rarity(word) for word in reading.name_words if word not in matched and word not in other.counts)
    return min(1.0, max(missing, default=0.0) / HIGHEST_RARITY)


def _letters(left: str, right: str) -> float:
    """Returns the share of letter triples that two names have in common."""
    left_triples = {left[at : at + 3] for at in range(len(left) - 2)}
    right_triples = {right[at : at + 3] for at in range(len(right) - 2)}
    return _ratio(2 * len(left_triples & right_triples), len(left_triples) + len(right_triples))


def _summary_shared(left: Reading, right: Reading, rarity: Rarity) -> float:
    """Returns the share of the lighter summary that both have, 0 where one has none."""
    left_words, right_words = left.summary_words, right.summary_words
    lighter = min(_weight(left_words, rarity), _weight(right_words, rarity))
    return _ratio(_weight(left_words & right_words, rarity), lighter)


def _compare_fields(left: Reading, right: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the kinds that agree and those that cannot be one; a field's value before what a text mentions."""
    same, different = set(), set()
    for kind in {*left.fields, *left.mentions} & {*right.fields, *right.mentions}:
        left_values = left.fields.get(kind, frozenset()) | left.mentions.get(kind, frozenset())
        right_values = right.fields.get(kind, frozenset()) | right.mentions.get(kind, frozenset())
        (same if left_values & right_values else different).add(kind)
    for kind in PLACE_KINDS:
        ours, theirs = left.places.get(kind, frozenset()), right.places.get(kind, frozenset())
        if ours & theirs:
            same.add(kind)
        elif differ(kind, ours, theirs):
            different.add(kind)
    return frozenset(same - different), frozenset(different)


def _flags(same: frozenset[str], different: frozenset[str]) -> Mapping[str, float]:
    """Returns the flags by kind; every kind that is no place is taken as the service is."""
    flags = {}
    for kind in PLACE_KINDS:
        flags[f"{kind}_same"] = float(kind in same)
        flags[f"{kind}_differs"] = float(kind in different)
    flags["service_same"] = float(bool(same.difference(PLACE_KINDS)))
    flags["service_differs"] = float(bool(different.difference(PLACE_KINDS)))
    return flags


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
