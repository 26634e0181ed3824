"""How many incidents were declared twice, by whom, and what it cost."""

from __future__ import annotations

import dataclasses
import datetime
import statistics
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from incidents.models import Incident, IncidentEvent
from incidents.models.ulid import first_ulid_at
from incidents.web.figures import BarFigure, bar_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models import Actor

WEEKS = 26
MOST_CREATORS = 10
MOST_TIMED = 5_000
MOST_READ_EACH_TIME = 20_000
KEPT_SECONDS = 300
_LABEL_EVERY = 5
_NAMES = (
    ("users", "Person", "creator_user__name"),
    ("key", "API key", "creator_api_key__name"),
    ("zap", "Alert", "creator_alert__title"),
    ("activity", "Workflow", "creator_workflow__name"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday on, in the reader's time zone: what was declared, and how much of it is merged now."""

    start: datetime.date
    declared: int
    merged: int
    url: str

    @property
    def percent(self) -> float:
        """The share of duplicates."""
        return 100 * self.merged / self.declared if self.declared else 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Creator:
    """Who or what declared duplicates; an address where the list can show them."""

    kind: str
    icon: str
    name: str
    count: int
    percent: int
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class TimeLost:
    """The time between the declaration of duplicates and their merge, in seconds; `count` have both."""

    count: int
    total_seconds: int
    median_seconds: int
    is_capped: bool


@dataclasses.dataclass(frozen=True, slots=True)
class DuplicateFigures:
    """The figures of the last weeks, as far as the reader sees the incidents."""

    weeks: tuple[Week, ...]
    creators: tuple[Creator, ...]
    lost: TimeLost
    merged_url: str
    chart: BarFigure
    read_at: datetime.datetime

    @property
    def declared(self) -> int:
        """How many incidents were declared."""
        return sum(week.declared for week in self.weeks)

    @property
    def merged(self) -> int:
        """How many of them are duplicates."""
        return sum(week.merged for week in self.weeks)

    @property
    def percent(self) -> float:
        """The share of duplicates over all weeks."""
        return 100 * self.merged / self.declared if self.declared else 0.0


def read_duplicate_figures(actor: Actor) -> DuplicateFigures:
    """Return the figures of the last WEEKS weeks; four queries.

    They read every incident of these weeks. Where that takes long they are kept for some minutes, for each reader.
    """
    starts = _mondays()
    key = f"duplicate-figures-{actor.user_id}-{actor.sees_every_incident}-{timezone.get_current_timezone_name()}"
    kept: DuplicateFigures | None = cache.get(key)
    if kept is not None and kept.weeks[0].start == starts[0]:
        return kept
    figures = _read(actor, starts)
    if figures.declared > MOST_READ_EACH_TIME:
        cache.set(key, figures, KEPT_SECONDS)
    return figures


def _read(actor: Actor, starts: Sequence[datetime.date]) -> DuplicateFigures:
    weeks = _read_weeks(actor, starts)
    since = first_ulid_at(_midnight(starts[0]))
    return DuplicateFigures(
        weeks=weeks,
        creators=_read_creators(actor, since, starts[0], sum(week.merged for week in weeks)),
        lost=_read_lost(actor, since),
        merged_url=_list_url(starts[0], timezone.localdate()),
        chart=_chart(weeks),
        read_at=timezone.now(),
    )


def _read_weeks(actor: Actor, starts: Sequence[datetime.date]) -> tuple[Week, ...]:
    """Count what was declared, duplicates and all, and what of it is a duplicate now; one query."""
    bounds = [first_ulid_at(_midnight(start)) for start in starts]
    # The newest week first: most rows are asked few questions.
    numbered = [When(id__gte=bound, then=Value(place)) for place, bound in enumerate(bounds)][::-1]
    rows = (
        Incident.objects.visible_to(actor)
        .in_default_modes()
        .filter(id__gte=bounds[0])
        .order_by()
        .annotate(week=Case(*numbered, output_field=IntegerField()))
        .values("week")
        .annotate(declared=Count("pk"), merged=Count("merged_into_incident"))
    )
    counts = {row["week"]: (row["declared"], row["merged"]) for row in rows}
    return tuple(
        Week(start, *counts.get(place, (0, 0)), url=_list_url(start, start + datetime.timedelta(days=6)))
        for place, start in enumerate(starts)
    )


def _read_creators(actor: Actor, since: str, first_day: datetime.date, merged: int) -> tuple[Creator, ...]:
    rows = (
        Incident.objects.visible_to(actor)
        .merged()
        .filter(id__gte=since)
        .order_by()
        .values("creator_user_id", "creator_api_key_id", *(name for _, _, name in _NAMES))
        .annotate(number=Count("pk"))
        .order_by("-number", *(name for _, _, name in _NAMES))
    )
    return tuple(_creator(row, first_day, merged) for row in rows[:MOST_CREATORS])


def _creator(row: dict[str, Any], first_day: datetime.date, merged: int) -> Creator:
    icon, kind, column = next(named for named in _NAMES if row[named[2]] is not None)
    user_id = row["creator_user_id"]
    return Creator(
        kind=kind,
        icon=icon,
        name=row[column],
        count=row["number"],
        percent=round(100 * row["number"] / merged) if merged else 0,
        url=_list_url(first_day, timezone.localdate(), creator=user_id) if user_id else "",
    )


def _read_lost(actor: Actor, since: str) -> TimeLost:
    merges = IncidentEvent.objects.filter(
        incident=OuterRef("pk"),
        kind=IncidentEvent.Kind.MERGED,
        details__has_key="merged_into_incident_id",
    )
    first_merge = Subquery(merges.order_by("id").values("created_at")[:1])
    rows = (
        Incident.objects.visible_to(actor)
        .merged()
        .filter(id__gte=since)
        .order_by("-id")
        .annotate(merged_at=first_merge)
        .values_list("created_at", "merged_at")[: MOST_TIMED + 1]
    )
    spans = [
        max(0, int((merged_at - created_at).total_seconds())) for created_at, merged_at in rows if merged_at
    ]
    timed = spans[:MOST_TIMED]
    median = int(statistics.median(timed)) if timed else 0
    return TimeLost(len(timed), sum(timed), median, len(spans) > MOST_TIMED)


def _chart(weeks: Sequence[Week]) -> BarFigure:
    return bar_figure(
        [
            (week.percent, f"Week of {_day(week.start)}: {week.merged} of {week.declared}", week.url)
            for week in weeks
        ],
        [_day(week.start) if place % _LABEL_EVERY == 0 else "" for place, week in enumerate(weeks)],
        unit="%",
    )


def _mondays() -> list[datetime.date]:
    """Return the first days of the last weeks, the current one at the end."""
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    return [monday - datetime.timedelta(weeks=weeks) for weeks in range(WEEKS - 1, -1, -1)]


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, timezone.get_current_timezone())


def _list_url(first: datetime.date, last: datetime.date, *, creator: str = "") -> str:
    query = QueryDict(mutable=True)
    query["status_category[one_of]"] = "merged"
    query["created_at[date_range]"] = f"{first}~{last}"
    if creator:
        query["creator[one_of]"] = creator
    return f"{reverse('incidents:list')}?{query.urlencode(safe='[]~')}"


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%b}"
