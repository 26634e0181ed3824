"""How many requests a key made this minute, over all processes, and when it was last used."""

from __future__ import annotations

import dataclasses
import datetime
import threading

from django.db import connection
from django.utils import timezone

from incidents.models import ApiKey

MINUTE = 60
STEP = 20
"""Requests that a process counts by itself before it tells the others: a write for each would cost more than most
answers. With several processes a key may pass its limit by as many for each of them."""

_COUNT = """
UPDATE incidents_apikey
SET usage_count = CASE WHEN usage_minute = %s THEN usage_count + %s ELSE %s END, usage_minute = %s, last_used_at = %s
WHERE id = %s
RETURNING usage_count
"""


@dataclasses.dataclass(slots=True)
class _Counted:
    minute: int
    total: int = 0
    untold: int = 0


_counted: dict[str, _Counted] = {}
_lock = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True)
class RateLimit:
    """Where a key stands in the current minute; the request is refused if `is_exceeded`."""

    limit: int
    remaining: int
    resets_at: datetime.datetime
    is_exceeded: bool

    @property
    def seconds_left(self) -> int:
        """How long to wait, at least one second."""
        return max(1, int((self.resets_at - timezone.now()).total_seconds()) + 1)


def count_request(api_key: ApiKey) -> RateLimit:
    """Count a request of the key; one write for the first of a minute and for every STEP after it."""
    now = timezone.now()
    minute = int(now.timestamp()) // MINUTE
    with _lock:
        counted = _counted.get(api_key.pk)
        if counted is None or counted.minute != minute:
            counted = _counted[api_key.pk] = _Counted(minute)
        is_exceeded = counted.total + counted.untold >= api_key.rate_limit
        if not is_exceeded:
            counted.untold += 1
        told = 0
        if not is_exceeded and (counted.total == 0 or counted.untold >= STEP):
            told, counted.untold = counted.untold, 0
    if told:
        total = _tell(api_key, minute, told, now)
        with _lock:
            counted.total = max(counted.total, total)
        is_exceeded = total > api_key.rate_limit
    return RateLimit(
        limit=api_key.rate_limit,
        remaining=max(0, api_key.rate_limit - counted.total - counted.untold),
        resets_at=datetime.datetime.fromtimestamp((minute + 1) * MINUTE, tz=datetime.UTC),
        is_exceeded=is_exceeded,
    )


def _tell(api_key: ApiKey, minute: int, number: int, now: datetime.datetime) -> int:
    """Add the requests to those of the other processes, and return how many there are by now."""
    pk = ApiKey._meta.pk.get_db_prep_value(api_key.pk, connection)
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [minute, number, number, minute, moment, pk])
        row = cursor.fetchone()
    return int(row[0]) if row else number
