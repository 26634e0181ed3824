"""A calendar of incidents in iCalendar (RFC 5545): each is an event from reported to resolved."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from incidents import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incidents.web.feed_entries import FeedEntry

LONGEST_LINE = 75  # octets, without the line break
LONGEST_DESCRIPTION = 2_000
_QUARTER = datetime.timedelta(minutes=15)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


def write_calendar(entries: Iterable[FeedEntry], *, title: str, now: datetime.datetime) -> bytes:
    """Return the calendar. What still lasts ends with the quarter of an hour that we are in."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Tocsin//Tocsin {__version__}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(title)}",
    ]
    for entry in entries:
        lines += _event(entry, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold_line(line)}\r\n" for line in lines).encode()


def escape_text(text: str) -> str:
    """Return a text as a TEXT value: without control characters, its own signs escaped."""
    one_break = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", one_break).translate(_ESCAPES)


def fold_line(line: str) -> str:
    """Return a line in pieces of at most 75 octets, none of which ends within a character."""
    pieces, size = [], 0
    start = 0
    for place, character in enumerate(line):
        width = len(character.encode())
        if size + width > LONGEST_LINE:
            pieces.append(line[start:place])
            start, size = place, 1  # the space that begins every further piece
        size += width
    pieces.append(line[start:])
    return "\r\n ".join(pieces)


def _event(entry: FeedEntry, now: datetime.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.id}@{urlsplit(settings.BASE_URL).hostname}"
    yield f"DTSTAMP:{_moment(entry.updated_at)}"
    yield f"CREATED:{_moment(entry.created_at)}"
    yield f"LAST-MODIFIED:{_moment(entry.updated_at)}"
    yield f"DTSTART:{_moment(entry.started_at)}"
    end = entry.ended_at or (_end_of_quarter(now) if entry.is_open else None)
    # An end has to come after the start; an event without one is a moment.
    if end is not None and _moment(end) > _moment(entry.started_at):
        yield f"DTEND:{_moment(end)}"
    yield f"SUMMARY:{escape_text(entry.title)}"
    if entry.summary:
        yield f"DESCRIPTION:{escape_text(entry.summary[:LONGEST_DESCRIPTION])}"
    yield f"URL:{entry.url}"
    if entry.severity:
        yield f"CATEGORIES:{escape_text(entry.severity)}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy because of it
    yield "END:VEVENT"


def _end_of_quarter(now: datetime.datetime) -> datetime.datetime:
    begun = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    return begun + _QUARTER


def _moment(moment: datetime.datetime) -> str:
    utc = moment.astimezone(datetime.UTC)
    return f"{utc.year:04d}{utc:%m%dT%H%M%S}Z"
