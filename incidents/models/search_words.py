"""The words of a text, as the search stores, compares and marks them: the same rule on every database."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from incidents.models.stemming import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What PostgreSQL keeps of a document: positions up to 16,383, and 255 of them for each word.
MOST_WORDS_STORED = 12_000
MOST_REPEATED = 255
LONGEST_WORD = 60
# Scripts that write words without blanks: each letter is a word, and several of them are a phrase.
_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Punctuation divides words; % and symbols beyond ASCII, such as emoji, are words of their own.
_PUNCTUATION = "\x00-\x1f!-$&-/:-@\\[-`{-\u00bf\u2000-\u206f\u3000-\u303f\ud800-\udfff"
_RUN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+|[^\w\s{_PUNCTUATION}]")
_ASCII_RUN = re.compile(r"[0-9A-Za-z]+|%")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Word(NamedTuple):
    """A word in the two forms that are compared."""

    folded: str
    stem: str


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order. The parts of "PaymentGateway" come first, then the whole."""
    for run in _runs(text).findall(text):
        yield from _with_parts(run)


def whole_words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order, without the parts of "PaymentGateway"."""
    for run in _runs(text).findall(text):
        yield from _words(run)


def placed_words_of(text: str) -> Iterator[tuple[int, int, Word]]:
    """Yield the words of a text in the same order, each with where it begins and ends as it is written."""
    for match in _runs(text).finditer(text):
        at = match.start()
        pieces = _HUMP.split(match.group())
        for piece in pieces if len(pieces) > 1 else ():
            for word in _words(piece):
                yield at, at + len(piece), word
            at += len(piece)
        for word in _words(match.group()):
            yield match.start(), match.end(), word


def stored_words(text: str) -> Sequence[Word | None]:
    """Return the words that the search keeps of a text; None where one came too often, so that places stay."""
    words = list(islice(words_of(text), MOST_WORDS_STORED))
    if len(words) <= MOST_REPEATED:
        return words
    kept: list[Word | None] = []
    seen: dict[str, int] = {}
    for word in words:
        often = seen[word.stem] = seen.get(word.stem, 0) + 1
        kept.append(word if often <= MOST_REPEATED else None)
    return kept


def _runs(text: str) -> re.Pattern[str]:
    return _ASCII_RUN if text.isascii() else _RUN


@lru_cache(maxsize=20_000)
def _with_parts(run: str) -> tuple[Word, ...]:
    pieces = _HUMP.split(run)
    parts = [word for piece in pieces for word in _words(piece)] if len(pieces) > 1 else []
    return (*parts, *_words(run))


@lru_cache(maxsize=20_000)
def _words(run: str) -> tuple[Word, ...]:
    """Return what a run of letters is: one word, but folding may take a sign apart, as one half into 1 and 2."""
    if run.isascii():
        runs = [run.lower()]
    else:
        runs = _RUN.findall(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", run).casefold()))
    return tuple(Word(folded, stem(folded)) for folded in (one[:LONGEST_WORD] for one in runs))
