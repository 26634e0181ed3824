"""How PostgreSQL looks for a query: what its index has to find, what each row has to meet, and where it begins.

The index answers for words at once. It is slow for the beginning of a common word, whose every place it reads, and for a
phrase of common words, each of which it knows but not that they stand together. So phrases are found by the marks of
neighbours, common beginnings by whatever stands beside them, and what the index was not asked is asked of each row.
What very many incidents meet is not looked up at all: the newest are read until enough were found.

Plans differ in what they cost, never in what they find.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from incidents.models.search_pairs import pair_marks
from incidents.models.search_tsquery import (
    LABEL,
    all_of,
    any_label,
    any_of,
    as_tsquery,
    beginnings,
    last_word,
    quoted,
)
from incidents.models.word_shares import one_or_another

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models.search_query import SearchQuery, Term
    from incidents.models.search_words import Word
    from incidents.models.word_shares import WordShares

# The share from which on a beginning is common: the index is not asked for it, if so few have what stands beside it.
_COMMON, _FEW = 0.02, 0.1
# Every text begins with a reference.
_IN_EVERY_TEXT = quoted("inc")
# To read the next row takes as long as about five places of a word in the index.
_PLACES_PER_ROW = 5
_QUICKLY_WALKED, _QUICKLY_WALKED_PER_ROW, _MOST_WALKED = 500, 5, 10_000
# Whoever reads in order stops as soon as enough are found, and the newest incidents say less than others.
_MORE_THAN_EXPECTED = 3


@dataclasses.dataclass(frozen=True, slots=True)
class SearchPlan:
    """The parts of a plan, as tsqueries.

    `found` is what the index has to find, no less than the query; `met` the whole query, empty where the index tells all
    of it. `sure` is a part of `found` that asks for no beginning, empty where it would be the same. `share` is how many of
    all incidents will meet the query, and `places` how many places of words the index reads for common beginnings:
    roughly. `has_rare_beginning` says that the index reads all places of a beginning however few incidents are wanted.
    """

    found: str
    met: str
    sure: str
    share: float
    places: float
    has_rare_beginning: bool

    def rows_to_walk(self, wanted: int) -> int:
        """Return how many incidents are read in order before the index is asked; 0 where that is no gain."""
        if not self.share:
            return 0
        expected = math.ceil(wanted / self.share)
        most = _QUICKLY_WALKED + _QUICKLY_WALKED_PER_ROW * wanted
        if expected * _PLACES_PER_ROW < self.places:
            most = _MOST_WALKED
        return _MORE_THAN_EXPECTED * expected if expected <= most else 0


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """What the index is asked for a term; `sure` where that is the beginning of known words."""

    found: str
    share: float
    sure: str = ""
    places: float = 0.0
    is_rare_beginning: bool = False


def plan_search(query: SearchQuery, categories: Sequence[str], shares: WordShares) -> SearchPlan:
    """Return how to look for a query within some categories, or in all of them."""
    wanted = [_part(term, shares) for term in query.wanted]
    if categories:
        share = sum([shares.of(LABEL + category) for category in categories])
        wanted.append(_Part(any_label(categories), min(1.0, share)))
    asked = _selective(wanted)
    unwanted = [_part(term, shares) for term in query.unwanted]
    # Neither marks nor beginnings can tell that something is not there.
    refused = [f"!{last_word(term)}" for term in query.unwanted if _is_word(term)]
    found = [part.found for part in asked] or [_IN_EVERY_TEXT]
    sure = [part.sure or part.found for part in asked]
    is_whole = (
        len(asked) == len(wanted)
        and len(refused) == len(unwanted)
        and all(len(term.words) == 1 for term in query.wanted)
    )
    return SearchPlan(
        found=all_of([*found, *refused]),
        met="" if is_whole else as_tsquery(query, categories),
        sure=all_of([*sure, *refused]) if any(part.sure for part in asked) else "",
        share=math.prod([part.share for part in wanted] + [1.0 - part.share for part in unwanted]),
        places=sum(part.places for part in asked),
        has_rare_beginning=any(part.is_rare_beginning for part in asked),
    )


def _selective(parts: list[_Part]) -> list[_Part]:
    """Return the parts that the index is asked for: not for common beginnings, where the others are rarer."""
    if math.prod([part.share for part in parts if not part.sure]) > _FEW:
        return parts
    return [part for part in parts if not part.sure]


def _part(term: Term, shares: WordShares) -> _Part:
    before = _known_of_phrase(term.words[:-1] if term.is_prefix else term.words)
    share = min([shares.of(form) for form in before], default=1.0)
    if not term.is_prefix:
        return _Part(all_of(map(quoted, before)), share)
    known = [shares.beginning_with(beginning) for beginning in beginnings(term)]
    last = max(shares.of(term.words[-1].stem), *[one_or_another(forms.values()) for forms in known])
    found = all_of([*map(quoted, before), last_word(term)])
    if last < _COMMON:
        return _Part(found, min(share, last), is_rare_beginning=True)
    written = {term.words[-1].stem: None, **{form: None for forms in known for form in forms}}
    return _Part(
        found,
        min(share, last),
        sure=all_of([*map(quoted, before), any_of(map(quoted, written))]),
        places=shares.rows * sum(sum(forms.values()) for forms in known),
    )


def _known_of_phrase(words: Sequence[Word]) -> list[str]:
    """Return what the index knows of a phrase: the marks of neighbours, and the words where one has no mark."""
    marks = pair_marks(words)
    # As many marks as pairs tell all; a pair that comes twice has one mark.
    stems = {word.stem: None for word in words} if len(marks) < max(1, len(words) - 1) else {}
    return [*sorted(marks), *stems]


def _is_word(term: Term) -> bool:
    return len(term.words) == 1 and not term.is_prefix
