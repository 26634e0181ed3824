"""Moments and durations in words."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from incidents.templatetags import times

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
WINTER = datetime(2026, 1, 5, 13, 48, 7, tzinfo=UTC)
SUMMER = datetime(2026, 7, 6, 13, 48, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=4, seconds=50), "4m ago"),
        (timedelta(hours=3, minutes=59), "3h ago"),
        (timedelta(days=29, hours=23), "29d ago"),
        (timedelta(hours=-2, minutes=-1), "in 2h"),
    ],
)
def test_ago_tells_the_largest_unit(distance: timedelta, words: str) -> None:
    element = times.ago(timezone.now() - distance)

    assert element.endswith(f">{words}</time>")
    assert " data-live" in element


def test_ago_tells_the_date_of_what_is_long_past() -> None:
    element = times.ago(datetime(2020, 2, 29, 12, tzinfo=UTC))

    assert element.endswith(">29 Feb 2020</time>")
    assert "data-live" not in element


def test_clock_is_in_the_zone_of_the_person_and_names_it() -> None:
    with timezone.override(BERLIN):
        element = times.clock(WINTER)

    assert element == ('<time datetime="2026-01-05T13:48:07Z" title="Mon 5 Jan 2026, 14:48 CET">14:48</time>')


def test_day_leaves_this_year_out() -> None:
    with time_machine.travel(SUMMER, tick=False):
        this_year, next_year = times.day(WINTER), times.day(datetime(2027, 2, 21, tzinfo=UTC))

    assert this_year.endswith(">5 Jan</time>")
    assert next_year.endswith(">21 Feb 2027</time>")
    assert times.day(None) == ""


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=6, hours=23), "in 6 days"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(hours=23, minutes=59), "in 23 hours"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(seconds=-5), "in less than a minute"),
    ],
)
def test_countdown_is_in_words(left: timedelta, words: str) -> None:
    with time_machine.travel(SUMMER, tick=False):
        assert times.countdown(SUMMER + left).endswith(f">{words}</time>")


def test_full_time_follows_summer_time() -> None:
    with timezone.override(BERLIN):
        element = times.full_time(SUMMER)

    assert ">Mon 6 Jul 2026, 15:48 CEST</time>" in element


def test_day_and_clock_leaves_today_out() -> None:
    with timezone.override(UTC):
        today, earlier = times.day_and_clock(timezone.now()), times.day_and_clock(WINTER)

    assert len(today.split(">")[1].split("<")[0]) == len("14:48")
    assert "5 Jan" in earlier.split(">")[1]


def test_zone_without_a_name_is_told_by_its_distance() -> None:
    with timezone.override(zoneinfo.ZoneInfo("America/Sao_Paulo")):
        assert times.zone_name(WINTER) == "UTC-03"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s"),
        (45, "45s"),
        (6 * 60 + 59, "6m"),
        (3600 + 5 * 60, "1h 05m"),
        (27 * 3600, "1d 3h"),
        (-240, "-4m"),
        (None, ""),
    ],
)
def test_duration_keeps_two_units(seconds: int | None, words: str) -> None:
    assert times.duration(seconds) == words


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)]
)
def test_ends_of_the_calendar_are_printed(moment: datetime) -> None:
    with timezone.override(zoneinfo.ZoneInfo("America/New_York" if moment.year == 1 else "Asia/Tokyo")):
        printed = [times.ago(moment), times.clock(moment), times.full_time(moment)]

    assert all("</time>" in element for element in printed)


@pytest.mark.parametrize("tag", [times.ago, times.clock, times.day_and_clock, times.full_time])
def test_no_moment_prints_nothing(tag: Callable[[None], str]) -> None:
    assert tag(None) == ""
