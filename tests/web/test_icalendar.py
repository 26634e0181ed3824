"""Calendars: whatever people type, the lines stay within RFC 5545."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.web.feed_entries import FeedEntry
from incidents.web.icalendar import LONGEST_LINE, escape_text, fold_line, write_calendar

NOW = datetime.datetime(2026, 11, 26, 14, 7, 30, tzinfo=datetime.UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def entry(**values: object) -> FeedEntry:
    start = NOW - datetime.timedelta(hours=2)
    default = {
        "id": "01JDKX7M8YQ5W3N2V1T0S9R8P7",
        "reference": "INC-7",
        "name": "Checkout slow",
        "summary": "",
        "severity": "Major",
        "status": "Fixing",
        "is_open": True,
        "started_at": start,
        "ended_at": None,
        "created_at": start,
        "updated_at": NOW,
    }
    return FeedEntry(**{**default, **values})  # type: ignore[arg-type]


def lines_of(*entries: FeedEntry) -> list[str]:
    """Return the unfolded lines of a calendar."""
    body = write_calendar(entries, title="Incidents", now=NOW).decode()
    return body.replace("\r\n ", "").split("\r\n")


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


@given(texts)
def test_folded_lines_are_short_and_unfold_to_the_same(text: str) -> None:
    line = f"SUMMARY:{escape_text(text)}"
    pieces = fold_line(line).split("\r\n")

    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(texts)
def test_escaped_texts_are_one_line_and_read_as_they_were_typed(text: str) -> None:
    escaped = escape_text(text)

    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", escaped)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unescaped(escaped) == re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", plain)


@given(texts, texts)
def test_nothing_typed_becomes_a_line_of_its_own(name: str, summary: str) -> None:
    typed = f"{name}\r\nEND:VEVENT\nBEGIN:VALARM"
    lines = lines_of(entry(name=typed, summary=f"{summary}\rATTACH:x"))

    assert sum(line == "END:VEVENT" for line in lines) == 1
    assert not any(line.startswith(("BEGIN:VALARM", "ATTACH")) for line in lines)
    assert all(re.match(r"[A-Z-]+:", line) for line in lines[:-1])


def test_an_event_from_reported_to_resolved() -> None:
    started, ended = NOW - datetime.timedelta(hours=3), NOW - datetime.timedelta(hours=1)

    assert lines_of(entry(is_open=False, started_at=started, ended_at=ended))[6:-2] == [
        "BEGIN:VEVENT",
        "UID:01JDKX7M8YQ5W3N2V1T0S9R8P7@127.0.0.1",
        "DTSTAMP:20261126T140730Z",
        "CREATED:20261126T120730Z",
        "LAST-MODIFIED:20261126T140730Z",
        "DTSTART:20261126T110730Z",
        "DTEND:20261126T130730Z",
        r"SUMMARY:Major: Checkout slow (INC-7\, Fixing)",
        "URL:http://127.0.0.1:8000/incidents/INC-7/",
        "CATEGORIES:Major",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def test_what_lasts_ends_with_this_quarter_of_an_hour() -> None:
    assert "DTEND:20261126T141500Z" in lines_of(entry())


@pytest.mark.parametrize(
    "ended_at", [None, NOW - datetime.timedelta(hours=3), NOW - datetime.timedelta(hours=2)]
)
def test_an_end_that_is_none_is_left_out(ended_at: datetime.datetime | None) -> None:
    assert not any(line.startswith("DTEND") for line in lines_of(entry(is_open=False, ended_at=ended_at)))


def test_the_frame_is_complete_without_events() -> None:
    lines = lines_of()

    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert any(line.startswith("PRODID:") for line in lines)
