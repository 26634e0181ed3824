"""What somebody looks for: words, quoted phrases, beginnings of words, and what must not be there."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from incidents.models.search_words import Word, whole_words_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_TERMS = 20
SHORTEST_PREFIX = 2
_QUOTES = '"“”„'
_TERM = re.compile(rf"(?P<minus>-?)(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>\S+))")


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """Words that have to follow each other. With `is_prefix` the last of them is the beginning of a word."""

    words: tuple[Word, ...]
    is_prefix: bool = False
    is_negative: bool = False

    def meets(self, words: Sequence[Word | None]) -> bool:
        """Tell whether the words of a text hold these: the rule that each database applies in its own way."""
        return next(self.places(words), None) is not None

    def places(self, words: Sequence[Word | None]) -> Iterator[int]:
        """Yield where in the words of a text these begin."""
        length = len(self.words)
        for place in range(len(words) - length + 1):
            if self._begins_at(words[place : place + length]):
                yield place

    def _begins_at(self, words: Sequence[Word | None]) -> bool:
        *firsts, last = zip(self.words, words, strict=True)
        if any(there is None or there.stem != wanted.stem for wanted, there in firsts):
            return False
        wanted, there = last
        if there is None:
            return False
        return there.stem == wanted.stem or (self.is_prefix and self._continues(wanted, there))

    def _continues(self, wanted: Word, there: Word) -> bool:
        if there.stem.startswith(wanted.folded):
            return True
        return len(self.words) == 1 and there.folded.startswith(wanted.folded)


@dataclasses.dataclass(frozen=True, slots=True)
class SearchQuery:
    """Terms that all have to be met, but for the negative ones, none of which may be."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]

    @classmethod
    def read(cls, text: str) -> SearchQuery:
        """Return what a text asks for; no text is wrong."""
        terms = list(_terms(text))[:MOST_TERMS]
        return cls(
            tuple(term for term in terms if not term.is_negative),
            tuple(term for term in terms if term.is_negative),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: there is no letter, digit or symbol in the text."""
        return not self.wanted and not self.unwanted

    def meets(self, words: Sequence[Word | None]) -> bool:
        """Tell whether the words of a text meet the query."""
        return all(term.meets(words) for term in self.wanted) and not any(
            term.meets(words) for term in self.unwanted
        )


def unfinished(text: str) -> str:
    """Return the text as somebody means it who is still typing: its last word is the beginning of one."""
    terms = list(_TERM.finditer(text))
    if not terms or terms[-1].end() < len(text) or not text[-1].isalnum():
        return text
    return f"{text}*" if terms[-1]["bare"] and not terms[-1]["minus"] else text


def _terms(text: str) -> Iterator[Term]:
    for match in _TERM.finditer(text):
        is_negative = bool(match["minus"])
        if match["bare"] is None:
            words = tuple(words_of(match["quoted"]))
            is_prefix = False
        else:
            words = tuple(whole_words_of(match["bare"]))
            is_prefix = match["bare"].endswith("*")
        if words:
            is_long = len(words[-1].folded) >= SHORTEST_PREFIX
            yield Term(words, is_prefix and is_long, is_negative)
