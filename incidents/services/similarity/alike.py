"""Near-identical incidents: one name but for its numbers, hosts and times, in one service, region and environment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from incidents.services.similarity.ranking import Ranked
from incidents.services.similarity.reading import REMEMBERED, Reading
from incidents.services.similarity.words import RAW_WORD, words_of

COLLAPSED_FROM = 4
"""Fewer than these are told one by one: each host may matter."""
# No word begins so: the token of a text never meets one of these.
ALIKE_PREFIX = "="
KEPT_KINDS = ("service", "component", "region", "environment")
SCRAMBLED_FROM = 4
_DIGEST_LENGTH = 24
_MEASURED = re.compile(r"\d+(?:ms|s|sec|m|min|h|d|x|[kmgt]i?b)")


@dataclass(frozen=True, slots=True)
class Group:
    """The best of near-identical candidates, and the others for which it stands."""

    best: Ranked
    others: tuple[Ranked, ...] = ()

    @property
    def answered_ids(self) -> frozenset[str]:
        """The others about which a person is asked the same question, so that one answer is enough."""
        same = (other for other in self.others if other.level == self.best.level)
        return frozenset(other.candidate.row.id for other in same)


def collapse(ranked: Sequence[Ranked]) -> list[Group]:
    """Return the candidates in their order, near-identical ones under the best of them where they are many."""
    groups: dict[str, list[Ranked]] = {}
    for one in ranked:
        groups.setdefault(alike_token(one.candidate.reading) or one.candidate.row.id, []).append(one)
    crowds = {id(group[0]): group for group in groups.values() if len(group) >= COLLAPSED_FROM}
    hidden = {id(other) for group in crowds.values() for other in group[1:]}
    return [Group(one, tuple(crowds.get(id(one), [one])[1:])) for one in ranked if id(one) not in hidden]


@lru_cache(maxsize=REMEMBERED)
def alike_token(reading: Reading) -> str:
    """Return the token that near-identical incidents share, "" where the name says nothing but numbers and hosts.

    It is stored beside the tokens of an incident, to be counted; it takes no part in finding and weighing.
    """
    words = sorted(_telling_words(reading))
    if not words:
        return ""
    kept = [f"{kind}:{value}" for kind in KEPT_KINDS for value in sorted(reading.values_of(kind))]
    digest = hashlib.sha256("\n".join([*words, *kept]).encode("utf-8", "surrogatepass")).hexdigest()
    return ALIKE_PREFIX + digest[:_DIGEST_LENGTH]


def words_alike(name: str, reading: Reading) -> str:
    """Return the words of a name that near-identical ones have too, as it writes them: what to search a list for."""
    telling = _telling_words(reading)
    raw = (
        found
        for found in RAW_WORD.findall(name)
        if telling.intersection(words_of(found, keep_numbers=False, vocabulary=reading.vocabulary))
    )
    return " ".join(dict.fromkeys(raw))


def _telling_words(reading: Reading) -> frozenset[str]:
    hosts = reading.places.get("host", frozenset())
    dropped = {
        word for host in hosts for word in words_of(host, keep_numbers=True, vocabulary=reading.vocabulary)
    }
    return frozenset(word for word in reading.name_words if word not in dropped and not _is_scrambled(word))


@lru_cache(maxsize=REMEMBERED)
def _is_scrambled(word: str) -> bool:
    """Tell numbers, what was measured, and names that a machine made up (x2x1v), from words such as p99, 5xx and s3."""
    if not any(character.isalpha() for character in word) or _MEASURED.fullmatch(word):
        return True
    return sum(1 for _ in groupby(word, str.isdigit)) >= SCRAMBLED_FROM
