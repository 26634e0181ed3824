"""The language of the search box: `status:live severity:>=major -lead:me "payout api"`, read into terms and words.

Only the text is judged here. What the terms mean for an installation is said in term_meanings.py.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TERMS = 30
# A minus may come first; a value that begins like the rest of an address, as in https://, makes no term.
_TERM = re.compile(
    r"(?P<minus>-?)(?P<key>[^\W\d_][\w-]*):(?P<comparison>>=|<=|>|<|=|)"
    r"(?P<values>(?!//|:)(?:\"[^\"]*\"|[^\s,\"]+)(?:,(?:\"[^\"]*\"|[^\s,\"]+))*)(?!\S)"
)
_PHRASE = re.compile(r"-?[\"“”„][^\"“”„]*(?:[\"“”„]|\Z)")
_VALUE = re.compile(r"\"([^\"]*)\"|([^\s,\"]+)")
_NEEDS_QUOTES = re.compile(r"[\s,]|\A(?://|[:<>=])|\A\Z")


@dataclasses.dataclass(frozen=True, slots=True)
class SearchTerm:
    """One `key:value`: what is compared, how (nothing means "is"), with which values, and whether the opposite holds."""

    key: str
    values: tuple[str, ...]
    comparison: str = ""
    is_negative: bool = False

    def __str__(self) -> str:
        values = ",".join(f'"{value}"' if _NEEDS_QUOTES.search(value) else value for value in self.values)
        return f"{'-' if self.is_negative else ''}{self.key}:{self.comparison}{values}"


Part = SearchTerm | str


def read_search(text: str) -> tuple[Part, ...]:
    """Return the terms and the words of a text, in order; words stay as they are typed. No text is wrong."""
    parts: list[Part] = []
    at, terms = 0, 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TERM.match(text, at) if terms < MOST_TERMS else None
        if match:
            terms += 1
            parts.append(_term(match))
            at = match.end()
            continue
        end = _end_of_words(text, at)
        parts.append(text[at:end])
        at = end
    return tuple(parts)


def write_search(parts: Iterable[Part]) -> str:
    """Return terms and words as a text that reads as the same again."""
    return " ".join(str(part) for part in parts)


def _term(match: re.Match[str]) -> SearchTerm:
    values = tuple(quoted or bare for quoted, bare in _VALUE.findall(match["values"]))
    return SearchTerm(match["key"], values, match["comparison"], bool(match["minus"]))


def _end_of_words(text: str, at: int) -> int:
    """Return where a phrase ends, or a word: a colon inside quotes makes no term."""
    phrase = _PHRASE.match(text, at)
    if phrase:
        return phrase.end()
    blank = re.compile(r"\s").search(text, at)
    return blank.start() if blank else len(text)
