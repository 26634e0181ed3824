"""What is asked of the duplicate check, and what it answers."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Level = Literal["exact", "likely", "related"]


@dataclass(frozen=True, slots=True)
class KnownValue:
    """The value of a field that the check reads: "service", "region" or "component", as people read it."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An incident that somebody is about to declare, as far as it is typed; the text is raw."""

    name: str
    summary: str = ""
    field_values: tuple[KnownValue, ...] = ()
    incident_type_id: str | None = None
    exclude_incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows are wanted, how many of them may be merely related, and how near these must be worded."""

    rows: int = 5
    related: int = 3
    least_cosine: float = 0.12


SHOWN = Limits()
"""What a person is shown: more would not be read."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: for it with points above 0, against it below; 0 only informs."""

    code: str
    text: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Near-identical incidents for which one row stands: the same but for a number, a host or a time.

    `count` says how many more there are that the actor may see, up to a limit. `answered_ids` are those about which a
    person is asked the same. `search` finds them all in the list.
    """

    count: int
    is_capped: bool
    answered_ids: frozenset[str]
    search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An incident that may be the same; the points of its reasons add up to its score, 0 to 100.

    `name_parts` is the name in pieces, each with whether to mark it as shared.
    """

    incident_id: str
    number: int
    reference: str
    name: str
    name_parts: tuple[tuple[str, bool], ...]
    summary: str
    score: int
    level: Level
    reasons: tuple[Reason, ...]
    incident_status_id: str
    severity_id: str | None
    status_category: str
    is_open: bool
    is_private: bool
    created_at: datetime.datetime
    last_activity_at: datetime.datetime
    alike: Alike | None = None

    @property
    def is_warning(self) -> bool:
        """Whether a person is asked before they go on."""
        return self.level != "related"

    def is_answered_by(self, separate_from: Collection[str]) -> bool:
        """Tell whether somebody said of it, or of one for which it stands, that theirs is another incident."""
        asked_about = {self.incident_id, *(self.alike.answered_ids if self.alike else ())}
        return not asked_about.isdisjoint(separate_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """The answer: warnings first, never more than was asked for.

    `compared` counts the incidents that the actor may see and that were compared, up to COMPARED_LIMIT.
    """

    matches: tuple[Match, ...]
    compared: int
    compared_is_capped: bool
    window_days: int

    @property
    def exact(self) -> tuple[Match, ...]:
        """The matches that are held back."""
        return tuple(match for match in self.matches if match.level == "exact")

    @property
    def warnings(self) -> tuple[Match, ...]:
        """The matches that ask for a word before going on: exact and likely."""
        return tuple(match for match in self.matches if match.is_warning)

    @property
    def related(self) -> tuple[Match, ...]:
        """The quiet rest."""
        return tuple(match for match in self.matches if not match.is_warning)
