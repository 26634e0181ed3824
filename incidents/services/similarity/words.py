"""Words of a text: folded, split at humps and signs, stemmed, synonyms brought together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from incidents.models.stemming import stem
from incidents.services.similarity.vocabulary import EVERYDAY_WORDS, STOP_WORDS, SYNONYM_GROUPS, USUAL_WORDS

NAME_LIMIT = 200
SUMMARY_LIMIT = 400
LONGEST_WORD = 40
LONGEST_NUMBER = 3
LONGEST_VERSION = 12

# Dates, times and identifiers are different in every incident: they only hide what is the same.
NOISE = re.compile(
    r"""
      https?://\S*?(?=/|\s|$)                                  # the host of an address; its path has words
    | \b(?=[\da-f])(?:                                         # most words end here: this runs on every text
      \d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?Z?)?
    | \d{1,2}:\d\d(?::\d\d)?\b
    | [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b            # UUID
    | (?=[0-9a-f]*\d)[0-9a-f]{8,}\b                            # hash, long number
    | \d[\d.,]*\s?%                                            # a measured value
    | \d+\.\d\d\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
HTTP_CODE = re.compile(r"\b(?:http[ /]?)?([45])(?:\d\d|xx)s?\b(?!\.\d)", re.IGNORECASE)
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
RAW_WORD = re.compile(r"cve-\d+-\d+|\d+(?:\.\d+)+|[^\W_]+(?:['’][a-z]+)?", re.IGNORECASE)


class Vocabulary:
    """Which words mean the same: the groups that Tocsin knows, and those of the installation, which go first."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        """Take groups of words in lower case. A group that has a word Tocsin knows means what that word means."""
        self._meanings = _known_meanings()
        for words in groups:
            known = (self._meanings.get(word) or self._meanings.get(stem(word)) for word in words)
            self._add(words, next(filter(None, known), stem(words[0])))

    def _add(self, words: Sequence[str], meaning: str) -> None:
        for word in words:
            self._meanings[word] = self._meanings[stem(word)] = meaning

    def meaning_of(self, word: str) -> str:
        """Return the token of a word that is in a group, "" for any other."""
        return self._meanings.get(word) or self._meanings.get(stem(word)) or ""


def words_of(text: str, *, keep_numbers: bool, vocabulary: Vocabulary | None = None) -> list[str]:
    """Return the words that count, in order; a number only where asked for and short."""
    cleaned = HTTP_CODE.sub(r" \g<0> \1xx ", NOISE.sub(" ", unicodedata.normalize("NFKC", text)))
    found: list[str] = []
    for raw in RAW_WORD.findall(cleaned):
        found.extend(_split(raw, vocabulary or BUILT_IN, keep_numbers=keep_numbers))
    return found


def folded(text: str) -> str:
    """Return the text without case, signs and runs of blanks: equal for names that a reader would call equal."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=20_000)
def _split(raw: str, vocabulary: Vocabulary, *, keep_numbers: bool) -> tuple[str, ...]:
    """Return the tokens of one run of letters and digits: its humps, and the whole where it has three or more.

    A whole that is in a group of the vocabulary ("PostgreSQL") is one word, whatever its humps.
    """
    if raw[0].isdigit() and raw.replace(".", "").isdigit():
        is_short = len(raw) <= LONGEST_VERSION and (len(raw) <= LONGEST_NUMBER or "." in raw)
        return (raw,) if keep_numbers and is_short else ()
    pieces = [piece for piece in HUMP.split(raw.split("'")[0].split("’")[0]) if piece]
    if len(pieces) > 1 and (meaning := vocabulary.meaning_of("".join(pieces).casefold())):
        return (meaning,)
    tokens = [token for piece in pieces if (token := _token(piece, vocabulary))]
    if len(pieces) > 2:
        tokens.append(raw.casefold()[:LONGEST_WORD])
    return tuple(tokens)


def _token(piece: str, vocabulary: Vocabulary) -> str:
    """Return the token of one word, or nothing for a word that says nothing."""
    lowered = piece.casefold()[:LONGEST_WORD]
    if lowered in STOP_WORDS or (len(lowered) < 2 and lowered.isascii()):
        return ""
    return vocabulary.meaning_of(lowered) or stem(lowered)


def _known_meanings() -> dict[str, str]:
    """Return the token of every word of a group that Tocsin knows, by the word and by its stem."""
    meanings: dict[str, str] = {}
    for line in SYNONYM_GROUPS:
        first, *rest = line.split()
        for word in (first, *rest):
            meanings.setdefault(word, stem(first))
            meanings.setdefault(stem(word), stem(first))
    return meanings


BUILT_IN = Vocabulary()
EVERYDAY = frozenset(_token(word, BUILT_IN) for word in EVERYDAY_WORDS)
USUAL = frozenset(_token(word, BUILT_IN) for word in USUAL_WORDS) - EVERYDAY
