"""The text gate: every string that comes in passes here before it is compared or stored."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 200
REASON_LENGTH = 500
VALUE_LENGTH = 1_000
URL_LENGTH = 2_000
SUMMARY_LENGTH = 20_000
MESSAGE_LENGTH = 20_000

# C0 and C1 controls draw nothing and confuse logs, CSV and terminals; \t and \n are text.
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^\w]+")


class TextError(ValueError):
    """The text cannot be stored; the message says why, in words for the person who typed it."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def clean_line(text: str, *, limit: int) -> str:
    """Return the text as one line: NFC, controls dropped, blanks folded and trimmed.

    Raises:
        TextError: it holds NUL or half a surrogate pair, or is longer than `limit` characters.
    """
    return _BLANKS.sub(" ", _gate(text, limit)).strip()


def clean_text(text: str, *, limit: int) -> str:
    """Return the text with its lines kept: NFC, controls dropped, line ends as \\n, ends trimmed.

    Raises:
        TextError: as clean_line.
    """
    return _gate(text.replace("\r\n", "\n").replace("\r", "\n"), limit).strip()


def fold(text: str) -> str:
    """Return the text as it is compared: compatibility forms and case folded, blanks folded."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def is_visible(text: str) -> bool:
    """Tell whether anything of the text can be seen: a letter, a digit, a sign or a symbol."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def slug(text: str) -> str:
    """Return the text as a word for an address: letters and digits of any script, joined by hyphens."""
    return _NOT_SLUG.sub("-", fold(text)).replace("_", "-").strip("-")[:80]


def _gate(text: str, limit: int) -> str:
    # The length comes first: it bounds the work that the other checks may cost.
    if len(text) > limit:
        raise TextError(f"Shorten this to {limit:,} characters or fewer (it has {len(text):,}).", "too_long")
    if "\x00" in text:
        raise TextError("Remove the NUL character: it cannot be stored.", "nul")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise TextError("This holds half of a character (a lone surrogate). Type it again.", "surrogate")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", text))
