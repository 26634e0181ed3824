"""Reads moments as tools write them; what could be two different days is refused."""

from __future__ import annotations

import datetime
import re

_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?\Z", re.ASCII)
_MILLISECONDS = re.compile(r"\d{12,13}\Z", re.ASCII)
_ZONE_WORDS = re.compile(r"\s*(?:UTC|GMT)\Z", re.IGNORECASE)
# 03/04/2026 is March to some and April to others, so that only years at the front, or points, are read.
_FORMS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)
EARLIEST = datetime.datetime(1970, 1, 2, tzinfo=datetime.UTC)


def read_moment(written: str, zone: datetime.tzinfo) -> datetime.datetime | None:
    """Return the moment in UTC, or None; the zone is that of times which say none."""
    stripped = written.strip()[:40]
    try:
        if _SECONDS.match(stripped):
            return datetime.datetime.fromtimestamp(float(stripped), tz=datetime.UTC)
        if _MILLISECONDS.match(stripped):
            return datetime.datetime.fromtimestamp(int(stripped) / 1000, tz=datetime.UTC)
        is_utc = _ZONE_WORDS.search(stripped) is not None
        moment = _parse(_ZONE_WORDS.sub("", stripped))
        if moment is None:
            return None
        here = datetime.UTC if is_utc else zone
        aware = moment if moment.tzinfo else moment.replace(tzinfo=here)
        return aware.astimezone(datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _parse(written: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(written)
    except ValueError:
        for form in _FORMS:
            try:
                return datetime.datetime.strptime(written, form)  # noqa: DTZ007 - the caller adds the zone
            except ValueError:
                continue
    return None
