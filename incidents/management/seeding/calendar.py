"""When incidents were declared: over some years, mostly in working hours, more of them lately."""

from __future__ import annotations

import bisect
import datetime
import itertools

YEARS = 2
DAYS_PER_YEAR = 365
RECENT_DAYS = 14
RECENT_SHARE = 0.08
"""Of the incidents of one year."""
FEWEST_RECENT = 24
_DAY = 86_400.0
_WEEK_HOURS = 168


class Calendar:
    """Gives incident `index` of `count` its age; a higher index is always younger."""

    def __init__(self, count: int, now: datetime.datetime, *, years: int = YEARS) -> None:
        self.count = count
        self.days = years * DAYS_PER_YEAR
        self.recent = min(count, max(FEWEST_RECENT, round(count * RECENT_SHARE / years)))
        hours = (now - datetime.timedelta(hours=hour) for hour in range(_WEEK_HOURS))
        self._busy = list(itertools.accumulate((_busyness(hour) for hour in hours), initial=0.0))

    def age_days(self, index: int, chance: float) -> float:
        """Return the days since the incident was declared; `chance` is from 0 up to 1."""
        older = self.count - self.recent
        if index >= older:
            # Squared: the last ones are minutes to hours old.
            return RECENT_DAYS * ((self.count - index - chance) / self.recent) ** 2
        remaining = (older - index - chance) / older
        return RECENT_DAYS + (self.days - RECENT_DAYS) * float(remaining**1.15)

    def declared_ago(self, age_days: float) -> datetime.timedelta:
        """Return how long ago that is, moved within its week to hours in which people are at work."""
        if age_days <= RECENT_DAYS:
            return datetime.timedelta(seconds=age_days * _DAY + 120)
        week, within = divmod(age_days, 7)
        wanted = within / 7 * self._busy[-1]
        hour = min(bisect.bisect_right(self._busy, wanted), _WEEK_HOURS) - 1
        part = (wanted - self._busy[hour]) / (self._busy[hour + 1] - self._busy[hour])
        return datetime.timedelta(days=week * 7, hours=hour + part)


def _busyness(moment: datetime.datetime) -> float:
    at_work = 7 <= moment.hour < 18
    if moment.weekday() >= 5:
        return 1.2 if at_work else 0.7
    return 6.0 if at_work else 1.3
