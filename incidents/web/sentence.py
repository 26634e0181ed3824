"""Sentences in pieces, which a template draws: words, names that stand out, badges, moments and links."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any, Literal

from incidents.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidents.models import Incident
    from incidents.models.sources import Creatable

_LONGEST_VALUE = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence."""

    kind: Literal["words", "name", "severity", "status", "moment", "link", "address"]
    text: str = ""
    tone: int = 0
    category: str = ""
    url: str = ""
    moment: datetime.datetime | None = None


def creator_words(made: Creatable) -> str:
    """Return who made it, as people call them; needs the four creators selected along."""
    creator = made.creator
    if isinstance(creator, User):
        return str(creator)
    noun = str(creator._meta.verbose_name)
    return f"{noun[0].upper()}{noun[1:]} “{creator}”"


def words(text: str) -> Part:
    """Return plain words."""
    return Part("words", text)


def name(text: str) -> Part:
    """Return words that stand out."""
    return Part("name", text)


def link(incident: Incident) -> Part:
    """Return an incident by reference and name, leading to its page."""
    return Part("link", str(incident), url=incident.get_absolute_url())


def told_name(details: Mapping[str, Any], key: str) -> str:
    """Return the name that history keeps of a row, empty for none."""
    return str((details.get(key) or {}).get("name", ""))


def from_to(what: str, before: str, after: str) -> list[Part]:
    """Return the change of a value; both are shortened to what a line can hold."""
    if not after:
        return [words(f"removed {what}"), *([words(f"(it was {shortened(before)})")] if before else [])]
    if not before:
        return [words(f"set {what} to"), name(shortened(after))]
    return [words(f"changed {what} from"), name(shortened(before)), words("to"), name(shortened(after))]


def written_moment(written: str | None) -> Part | None:
    """Return the moment that history keeps as text."""
    return None if not written else Part("moment", moment=datetime.datetime.fromisoformat(written))


def listed(value: str | list[str] | None) -> str:
    """Return one value or several as one text."""
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def quoted(text: str | None) -> str:
    """Return a text in quotation marks, nothing for none."""
    return f"“{text}”" if text else ""


def shortened(text: str) -> str:
    """Return a text as far as a line can hold it."""
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
