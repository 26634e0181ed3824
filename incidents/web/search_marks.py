"""What was looked for, marked in the rows of the list: in names, and in a piece of the text around the first hit."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from incidents.models.incident_queryset import number_of
from incidents.models.search_query import SearchQuery
from incidents.models.search_words import placed_words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SNIPPET_LENGTH = 160
_BEFORE_HIT = 48
_ELLIPSIS = "…"
# Signs of Markdown that say nothing in a piece of a line.
_MARKDOWN = re.compile(r"\*\*|`|^\s*(?:#{1,6}|[-*>])\s+")


@dataclasses.dataclass(frozen=True, slots=True)
class ListSearch:
    """What is looked for in a list: what to mark, and the number if the text may be a reference."""

    marks: SearchMarks
    number: int | None


def read_list_search(text: str) -> ListSearch | None:
    """Return what a text looks for; None for a text that looks for nothing."""
    query = SearchQuery.read(text)
    return None if query.is_empty else ListSearch(SearchMarks(query), number_of(text))


class SearchMarks:
    """Marks the words that a query wants, by the same rule that found them."""

    def __init__(self, query: SearchQuery) -> None:
        self._terms = query.wanted

    def mark(self, text: str) -> SafeString:
        """Return the text as HTML, with every hit in a <mark>."""
        pieces, at = [], 0
        for start, end in _joined(sorted(self._hits(text))):
            pieces.append(f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>")
            at = end
        pieces.append(escape(text[at:]))
        return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped

    def snippet(self, text: str) -> SafeString | str:
        """Return the surroundings of the first hit in a text of lines, as marked HTML; nothing where there is none."""
        for written in text.splitlines():
            line = _MARKDOWN.sub("", written)
            first = min((start for start, _ in self._hits(line)), default=None)
            if first is not None:
                return self.mark(_surroundings(line, first))
        return ""

    def _hits(self, text: str) -> Iterator[tuple[int, int]]:
        placed = list(placed_words_of(text))
        words = [word for _, _, word in placed]
        for term in self._terms:
            for place in term.places(words):
                yield placed[place][0], placed[place + len(term.words) - 1][1]


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans that overlap as one."""
    if not spans:
        return
    start, end = spans[0]
    for following, its_end in spans[1:]:
        if following > end:
            yield start, end
            start, end = following, its_end
        end = max(end, its_end)
    yield start, end


def _surroundings(line: str, hit: int) -> str:
    """Return at most 160 characters around a place, between blanks where there are some."""
    start = 0
    if hit > _BEFORE_HIT:
        blank = line.find(" ", hit - _BEFORE_HIT, hit)
        start = blank + 1 if blank >= 0 else hit
    room = SNIPPET_LENGTH - (len(_ELLIPSIS) if start else 0)
    end = len(line)
    if end - start > room:
        room -= len(_ELLIPSIS)
        blank = line.rfind(" ", hit, start + room)
        end = blank if blank > hit else start + room
    before, after = (_ELLIPSIS if start else ""), (_ELLIPSIS if end < len(line) else "")
    return f"{before}{line[start:end].strip()}{after}"
