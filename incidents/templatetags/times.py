"""Moments and durations, in the person's zone and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Older moments are told by their date: "41d ago" makes people count.
LONGEST_RELATIVE = timedelta(days=30)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """Return "4m ago" as a time element that app.js keeps fresh; a date when it is long past or far ahead."""
    if moment is None:
        return ""
    now = timezone.now()
    distance = now - moment
    if abs(distance) >= LONGEST_RELATIVE:
        return _time_element(moment, _date_in_words(moment, now))
    return _time_element(moment, _relative_words(distance), is_live=True)


@register.filter
def clock(moment: datetime | None) -> SafeString | str:
    """Return "14:48" as a time element whose title tells day and zone."""
    return _time_element(moment, f"{_local(moment):%H:%M}") if moment else ""


@register.filter
def day_and_clock(moment: datetime | None) -> SafeString | str:
    """Return "14:48" for today, else "21 Nov 14:48", with the year when it is another one."""
    if moment is None:
        return ""
    local, today = _local(moment), _local(timezone.now())
    if local.date() == today.date():
        return clock(moment)
    return _time_element(moment, f"{_date_in_words(moment, timezone.now())} {local:%H:%M}")


@register.filter
def full_time(moment: datetime | None) -> SafeString | str:
    """Return "Mon 23 Nov 2026, 14:48 GMT" as a time element."""
    return _time_element(moment, _full_words(moment)) if moment else ""


@register.filter
def day(moment: datetime | None) -> SafeString | str:
    """Return "21 Feb 2027" as a time element, without the year when it is this one."""
    return _time_element(moment, _date_in_words(moment, timezone.now())) if moment else ""


@register.filter
def countdown(moment: datetime) -> SafeString:
    """Return "in 6 days" as a time element, in the largest unit: people act on it."""
    seconds = int((moment - timezone.now()).total_seconds())
    for size, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            number = seconds // size
            return _time_element(moment, f"in {number} {unit}{'' if number == 1 else 's'}")
    return _time_element(moment, "in less than a minute")


@register.filter
def duration(seconds: float | None) -> str:
    """Return seconds in the two largest units that matter: 45s, 12m, 1h 46m, 1d 3h."""
    if seconds is None:
        return ""
    total = abs(int(seconds))
    sign = "-" if seconds <= -1 else ""
    if total < MINUTE:
        return f"{sign}{total}s"
    if total < HOUR:
        return f"{sign}{total // MINUTE}m"
    if total < DAY:
        return f"{sign}{total // HOUR}h {total % HOUR // MINUTE:02d}m"
    return f"{sign}{total // DAY}d {total % DAY // HOUR}h"


@register.simple_tag
def zone_name(moment: datetime | None = None) -> str:
    """Return the short name of the zone in which times are shown, at that moment or now: GMT, CEST, UTC+3."""
    return _zone_words(_local(moment or timezone.now()))


def _local(moment: datetime) -> datetime:
    zone = timezone.get_current_timezone()
    try:
        return moment.astimezone(zone)
    except OverflowError:
        # The first and the last hours of the calendar have no other zone.
        return moment.astimezone(UTC)


def _zone_words(local: datetime) -> str:
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def _full_words(moment: datetime) -> str:
    local = _local(moment)
    return f"{local:%a} {local.day} {local:%b} {local.year}, {local:%H:%M} {_zone_words(local)}"


def _date_in_words(moment: datetime, now: datetime) -> str:
    local = _local(moment)
    year = "" if local.year == _local(now).year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def _relative_words(distance: timedelta) -> str:
    seconds = int(abs(distance).total_seconds())
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        words = f"{seconds // MINUTE}m"
    elif seconds < DAY:
        words = f"{seconds // HOUR}h"
    else:
        words = f"{seconds // DAY}d"
    return f"{words} ago" if distance > timedelta(0) else f"in {words}"


def _time_element(moment: datetime, words: str, *, is_live: bool = False) -> SafeString:
    live = " data-live" if is_live else ""
    opening = _time_opening(moment, timezone.get_current_timezone())
    # Only digits and names of days, months and zones: nothing of what people type.
    return mark_safe(f"{opening}{live}>{words}</time>")  # noqa: S308


@lru_cache(maxsize=4_096)
def _time_opening(moment: datetime, _zone: tzinfo) -> str:
    """Return how the element begins; lists show the same moments again and again, in the zone that is current."""
    instant = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f'<time datetime="{instant}" title="{_full_words(moment)}"'
