"""What a list that is open in a browser asks every 20 seconds: whether one of its incidents changed, or one came."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import re
from typing import TYPE_CHECKING, Self

from django.core.exceptions import BadRequest
from django.urls import reverse

from incidents.models import Incident
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.ulid import first_ulid_at

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incidents.models import Actor
    from incidents.web.incident_rows import ListPage
    from incidents.web.list_address import ListAddress

SINCE, SHOWN, NEW = "since", "shown", "new"
STATE = (SINCE, SHOWN, NEW)
MOST_CHANGES = 200
MOST_NUMBERS = 100
# What was written but not yet committed when somebody looked has a moment that lies before that look.
OVERLAP = datetime.timedelta(seconds=30)
_MARKER = re.compile(r"(\d{1,15})\.(\d{1,15})\.([0-9a-f]{0,16})(w?)\Z", re.ASCII)
_NUMBERS = re.compile(r"(?:\d{1,15}(?:\.\d{1,15}){0,99})?\Z", re.ASCII)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MILLISECOND = datetime.timedelta(milliseconds=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """Up to where the browser knows: when its list was loaded, when it asked last, and a digest of what it was told.

    `is_whole` says that the list fits on its page, so that whatever meets its filters belongs there.
    """

    loaded_at: datetime.datetime
    asked_at: datetime.datetime
    digest: str = ""
    is_whole: bool = False

    @classmethod
    def read(cls, word: str) -> Self:
        """Return what a word of an address says.

        Raises:
            BadRequest: it is no marker.
        """
        match = _MARKER.match(word)
        if match is None:
            raise BadRequest("This is no marker of a list.")
        loaded_at, asked_at = (_EPOCH + int(match[place]) * _MILLISECOND for place in (1, 2))
        return cls(loaded_at=loaded_at, asked_at=asked_at, digest=match[3], is_whole=bool(match[4]))

    @property
    def word(self) -> str:
        """The marker in an address."""
        moments = ".".join(
            str((moment - _EPOCH) // _MILLISECOND) for moment in (self.loaded_at, self.asked_at)
        )
        return f"{moments}.{self.digest}{'w' if self.is_whole else ''}"

    @property
    def since(self) -> datetime.datetime:
        """From when on incidents count as changed."""
        return self.asked_at - OVERLAP


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LiveList:
    """What the open list is asked with next, and what it says above its rows."""

    url: str
    load_url: str
    new_count: int = 0
    is_outdated: bool = False

    @property
    def words(self) -> str:
        """What to say of incidents that are not on the page yet; empty while there are none."""
        if self.is_outdated:
            return "This list has changed a lot."
        if not self.new_count:
            return ""
        return "1 new incident" if self.new_count == 1 else f"{self.new_count} new incidents"


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """An incident that changed, as far as it takes to know whether that was told before."""

    id: str
    number: int
    updated_at: datetime.datetime


def live_list(address: ListAddress, page: ListPage, *, loaded_at: datetime.datetime) -> LiveList:
    """Return how a page that is loaded now asks for changes; no query."""
    marker = Marker(loaded_at=loaded_at, asked_at=loaded_at, is_whole=not page.newer and not page.older)
    shown = [int(reference.removeprefix(REFERENCE_PREFIX)) for reference in page.references]
    return next_question(address, marker, shown=shown[:MOST_NUMBERS])


def next_question(
    address: ListAddress,
    marker: Marker,
    *,
    shown: Sequence[int],
    new: Collection[int] = (),
    is_outdated: bool = False,
) -> LiveList:
    """Return the list with the address of its next question."""
    asked = dataclasses.replace(address, path=reverse("incidents:changes")).with_values(SINCE, [marker.word])
    for name, numbers in ((SHOWN, shown), (NEW, sorted(new))):
        if numbers:
            asked = asked.with_values(name, [".".join(map(str, numbers))])
    return LiveList(
        url=asked.url, load_url=address.without().url, new_count=len(new), is_outdated=is_outdated
    )


def read_numbers(word: str) -> list[int]:
    """Return the numbers of incidents that a word of an address lists, a hundred at most.

    Raises:
        BadRequest: it is no such word.
    """
    if not _NUMBERS.match(word):
        raise BadRequest("These are no numbers of incidents.")
    return [int(number) for number in word.split(".") if number]


def read_changes(actor: Actor, marker: Marker) -> list[Change]:
    """Return what changed since the browser asked last, newest first, one beyond the most that is told; one query."""
    changed = Incident.objects.visible_to(actor).filter(updated_at__gte=marker.since)
    rows = changed.order_by("-updated_at", "-id").values_list("id", "number", "updated_at")
    return [Change(*row) for row in rows[: MOST_CHANGES + 1]]


def digest_of(changes: Sequence[Change], *, since: datetime.datetime) -> str:
    """Return a word that is the same only while nothing else changed from that moment on."""
    told = [f"{change.id}{change.updated_at.isoformat()}" for change in changes if change.updated_at >= since]
    return hashlib.sha256("".join(told).encode()).hexdigest()[:16] if told else ""


def read_gone(actor: Actor, shown: Sequence[int]) -> list[int]:
    """Return the numbers whose incidents the actor does not see, be they hidden or missing; one query at most."""
    if not shown or actor.sees_every_incident:
        return []
    seen = set(Incident.objects.visible_to(actor).filter(number__in=shown).values_list("number", flat=True))
    return [number for number in shown if number not in seen]


def created_since(marker: Marker) -> str:
    """Return the id from which on incidents are newer than the list."""
    return first_ulid_at(marker.loaded_at - datetime.timedelta(seconds=2))
