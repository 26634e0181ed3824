"""What tells one incident from the next when all else is worded alike: a version, a ticket, a path, a named queue."""

from __future__ import annotations

import re

from incidents.services.similarity.places import CLOUD_REGION, ENVIRONMENT
from incidents.services.similarity.slips import is_slip
from incidents.services.similarity.words import EVERYDAY, USUAL, words_of

MEASURED = re.compile(
    r"(?<![\w.-])\d+(?:[.,]\d+)*\s?(?:%|percent|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?"
    r"|[kmgt]i?b|users?|customers?|times?|x)\b|\d+\s?%|\b[45](?:\d\d|xx)s?\b|\d{1,2}:\d\d(?::\d\d)?|firing:\d+",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\b([a-z]{2,12}-)?(\d+(?:[.-]\d+)*)\b", re.IGNORECASE)
LONGEST_NUMBER = 5
PATH = re.compile(r"(?<![\w:/.])/[a-z0-9_{}-]+(?:/[a-z0-9_{}-]+)+", re.IGNORECASE)
THING_BEFORE = re.compile(
    r"\b([\w.-]{3,40})[ -](topic|queue|table|bucket|stream|exchange|collection|dashboard)s?\b", re.IGNORECASE
)
THING_AFTER = re.compile(
    r"\b(?i:(topic|queue|table|bucket|customer|tenant|merchant|account|client|shard|partition|store|warehouse))s?[ :]+"
    r"[“\"'`]?([A-Z][\w.-]{1,39}|[\w.]*[\d_-][\w.-]*)"
)
# Sentences end with what they are about: “depth critical on invoices”.
AT_THE_END = re.compile(
    r"\b(on|for|of|in|at|to|from) (?:the |our )?([^\W\d][\w.-]{2,39})[!?.]*$", re.IGNORECASE
)

Identifiers = frozenset[tuple[str, str]]
"""Pairs of what kind of thing is named and its name: ("hadoop-", "17683"), ("topic", "orders"), ("", "1.33")."""


def identifiers_of(name: str) -> Identifiers:
    """Return what the name of an incident identifies, not what it measures; folded to lower case."""
    plain = MEASURED.sub(" ", ENVIRONMENT.sub(" ", CLOUD_REGION.sub(" ", name)))
    numbers = {
        ((prefix or "").casefold(), number)
        for prefix, number in NUMBER.findall(plain)
        if len(number.split("-")[-1].split(".")[0]) <= LONGEST_NUMBER
    }
    paths = {("path", path.casefold()) for path in PATH.findall(name)}
    return frozenset(numbers | paths | _things(name))


def other_identifiers(left: Identifiers, right: Identifiers) -> tuple[str, ...]:
    """Return what the right side names where both name something of one kind and not the same, in order.

    A slip of the finger is no other name, and neither are two words of every day ("for users", "for customers").
    """
    found: set[str] = set()
    for kind in {kind for kind, _ in left} & {kind for kind, _ in right}:
        ours = {value for one, value in left if one == kind}
        theirs = {value for one, value in right if one == kind}
        if (
            ours.isdisjoint(theirs)
            and not all(_is_everyday(value) for value in ours | theirs)
            and not any(is_slip(a, b) for a in ours for b in theirs)
        ):
            found |= {kind + value if kind.endswith("-") else value for value in theirs}
    return tuple(sorted(found))


def _things(name: str) -> set[tuple[str, str]]:
    before = {(kind, value) for value, kind in THING_BEFORE.findall(name) if _is_telling(value)}
    after = set(THING_AFTER.findall(name))
    at_the_end = set(AT_THE_END.findall(name))
    return {(kind.casefold(), value.casefold()) for kind, value in before | after | at_the_end}


def _is_telling(value: str) -> bool:
    """Tell a name from a word that any queue may have before it: "the ledger queue" has one, "a slow queue" has none."""
    return any(word not in EVERYDAY and word not in USUAL for word in words_of(value, keep_numbers=False))


def _is_everyday(value: str) -> bool:
    words = words_of(value, keep_numbers=False)
    return bool(words) and all(word in EVERYDAY for word in words)
