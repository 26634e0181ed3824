"""The incidents that a search keeps, as SQL that costs about the same for common words and for rare ones.

The full-text index of PostgreSQL knows no order: for a common word it would hand out, and sort, every third incident.
But it knows the week of each. So what most incidents meet is looked for in the newest of them, one by one. Then a search
looks into the newest two weeks, the eleven before, and so on, and stops as soon as a page is full. What is
sorted otherwise are the newest that were found, as many as MOST_SORTED, on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from incidents.models.incident_conditions import one_by_one
from incidents.models.incident_selection import IncidentSelection, Sql, stored_value
from incidents.models.search_index import FOUND, FOUND_IN_WEEKS, PlannedQuery, week_of
from incidents.models.search_streaming import streamed_count, streamed_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet
    from incidents.models.search_plan import SearchPlan

Weeks = tuple[tuple[int, int | None], ...]

MOST_SORTED = 500
_WITH_NEWEST = "WITH newest_found AS ({found}) "
_NEWEST = Sql("SELECT * FROM newest_found", ())
_LOWEST_ID, _HIGHEST_ID = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"
_WEEK_OF_ID = (
    "CAST(CAST('x' || SUBSTR(REPLACE(CAST(id AS text), '-', ''), 1, 12) AS bit(48)) AS bigint) / 604800000"
)
_FIRST_ID = "CAST(LPAD(TO_HEX((era.week + {weeks}) * 604800000), 12, '0') || REPEAT('0', 20) AS uuid)"
_LABELS = "(SELECT STRING_AGG('@w' || week, '|') FROM generate_series(era.week + {first}, era.week + {last}) AS week)"
_ANY_WEEK = "'!@w' || (era.week + 1000000)"
# Where a search begins: the week, the id that comes before all, and the last of those that are read one by one.
_WEEK = "SELECT {week} AS week FROM incidents_incident ORDER BY id {direction} LIMIT 1"
_WEEK_OF_PLACE = "SELECT CAST(%s AS bigint) AS week"
_ERA = "(SELECT week, CAST(%s AS uuid) AS place, {edge} AS edge FROM ({week}) AS begun LIMIT 1) AS era"
_EDGE = (
    "COALESCE((SELECT incident_id FROM incidents_incidentsearchtext WHERE incident_id {sign} CAST(%s AS uuid)"
    " ORDER BY incident_id {direction} OFFSET %s LIMIT 1), CAST(%s AS uuid))"
)
_NO_EDGE = "CAST(%s AS uuid)"
# The last condition always holds. But the planner takes it for a rare one, expects few rows, and looks up the incidents
# one by one.
_FOUND_BY_READING = (
    "SELECT incident_id FROM incidents_incidentsearchtext"
    " WHERE incident_id {sign} era.place AND incident_id {back}= era.edge"
    " AND ts_match_vq(words, CAST(%s AS tsquery)) AND LEFT(text, 0) = ''"
)
_BY_WEEKS = "SELECT found.* FROM {era} CROSS JOIN LATERAL ({parts}) AS found LIMIT %s"
_PART = "(SELECT * FROM ({found}) AS found{beyond} ORDER BY id {direction} LIMIT %s)"
_COUNT_BY_WEEKS = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM {era} CROSS JOIN LATERAL ({parts}) AS found LIMIT %s) AS capped"
)
_COUNT_PART = "(SELECT 1 FROM ({found}) AS found LIMIT %s)"
_ENOUGH_OR_ALL = "SELECT CASE WHEN ({sure}) = %s THEN %s ELSE ({all}) END"
# The first and the last week of each part, counted from that of the era; the last part has no end. Each is looked
# through as a whole, even if one row is wanted of it, and takes PostgreSQL half a millisecond to plan: so there are few.
# And none is much longer: what has the words is held against the label of every week.
_PARTS = ((0, 1), (2, 12), (13, 39), (40, 99), (100, None))
# Whoever counts needs no order, and stops within a part.
_PARTS_COUNTED = ((0, 1), (2, 12), (13, 39), (40, None))
_AT_ONCE = ((0, None),)
_ORDERED = "SELECT * FROM ({found}) AS found ORDER BY {ordering}"


class SearchSelection(IncidentSelection):
    """The columns of incidents that meet a search condition, and whatever else they have to meet.

    In another order than by id, the page and the tally are parts of one statement that begins with `opening`.
    """

    def __init__(self, incidents: IncidentQuerySet, columns: Sequence[str]) -> None:
        super().__init__(one_by_one(incidents), columns)
        self._all = self.found
        self.found = _NEWEST

    def opening(self, order: IncidentOrder) -> Sql:
        """Return what the statement begins with: the newest that were found, looked for once."""
        if _is_by_id(order):
            return Sql("", ())
        newest = self._newest_first(is_descending=True, size=MOST_SORTED)
        return Sql(_WITH_NEWEST.format(found=newest.text), newest.parameters)

    def page(
        self,
        order: IncidentOrder,
        *,
        size: int,
        position: tuple[Any, ...] | None = None,
        is_backwards: bool = False,
    ) -> Sql:
        """Return the first rows of an order, those after a position, or those before it, which come in reverse."""
        if not _is_by_id(order):
            return super().page(order, size=size, position=position, is_backwards=is_backwards)
        is_descending = order.is_descending != is_backwards
        found = self._newest_first(
            is_descending=is_descending, size=size, after=position[0] if position else None
        )
        ordering = order.sql("found", is_backwards=is_backwards)
        return Sql(_ORDERED.format(found=found.text, ordering=ordering), found.parameters)

    def count(self, most: int) -> Sql:
        """Return how many there are, counted no further than one beyond the most."""
        if connection.vendor != "postgresql":
            return streamed_count(self._all, most + 1)
        everything = self._count(self._all.parameters, most + 1)
        if not self._plan.sure:
            return everything
        # Enough of the known words say that there are more than the most; only fewer need the words to be found.
        known = [
            self._plan.sure if isinstance(value, PlannedQuery) else value for value in self._all.parameters
        ]
        sure = self._count(known, most + 1)
        text = _ENOUGH_OR_ALL.format(sure=sure.text, all=everything.text)
        return Sql(text, (*sure.parameters, most + 1, most + 1, *everything.parameters))

    def _count(self, parameters: Sequence[Any], enough: int) -> Sql:
        era = _era(is_descending=True, after=None, rows=0)
        weeks = _AT_ONCE if self._plan.has_rare_beginning else _PARTS_COUNTED
        parts = list(self._parts(_COUNT_PART, weeks, is_descending=True))
        text = _COUNT_BY_WEEKS.format(era=era.text, parts=" UNION ALL ".join(parts))
        return Sql(text, (*era.parameters, *(*parameters, enough) * len(parts), enough))

    def _newest_first(self, *, is_descending: bool, size: int, after: str | None = None) -> Sql:
        """Return the first rows by id, as far as they are needed, those of a week after those of the week before."""
        direction, sign = ("DESC", "<") if is_descending else ("ASC", ">")
        place = () if after is None else (stored_value("id", after),)
        if connection.vendor != "postgresql":
            return streamed_page(self._all, size, is_descending=is_descending, place=place)
        beyond = f" WHERE id {sign} %s" if place else ""
        rows = self._plan.rows_to_walk(size)
        era = _era(is_descending=is_descending, after=place[0] if place else None, rows=rows)
        parts = list(self._parts(_PART, _PARTS, is_descending=is_descending, beyond=beyond))
        if rows:
            reading = _FOUND_BY_READING.format(sign=sign, back=">" if is_descending else "<")
            found = self._all.text.replace(FOUND, reading)
            parts.insert(0, _PART.format(found=found, beyond=beyond, direction=direction))
        text = _BY_WEEKS.format(era=era.text, parts=" UNION ALL ".join(parts))
        each = (*self._all.parameters, *place, size)
        return Sql(text, (*era.parameters, *each * len(parts), size))

    def _parts(self, part: str, weeks: Weeks, *, is_descending: bool, beyond: str = "") -> Iterator[str]:
        for first, last in weeks:
            in_weeks = FOUND_IN_WEEKS.format(
                weeks=_labels(first, last, is_descending=is_descending),
                bounds=_bounds(first, last, is_descending=is_descending),
            )
            found = self._all.text.replace(FOUND, in_weeks)
            yield part.format(found=found, beyond=beyond, direction="DESC" if is_descending else "ASC")

    @property
    def _plan(self) -> SearchPlan:
        return next(value.plan for value in self._all.parameters if isinstance(value, PlannedQuery))


def _is_by_id(order: IncidentOrder) -> bool:
    return order.columns == ("id",)


def _era(*, is_descending: bool, after: Any, rows: int) -> Sql:
    """Return where a search begins, and how many rows it reads one by one from there."""
    before, behind = (_HIGHEST_ID, _LOWEST_ID) if is_descending else (_LOWEST_ID, _HIGHEST_ID)
    direction, sign = ("DESC", "<") if is_descending else ("ASC", ">")
    place = before if after is None else after
    week = _WEEK.format(week=_WEEK_OF_ID, direction=direction) if after is None else _WEEK_OF_PLACE
    weeks = () if after is None else (week_of(after),)
    if not rows:
        return Sql(_ERA.format(week=week, edge=_NO_EDGE), (place, place, *weeks))
    edge = _EDGE.format(sign=sign, direction=direction)
    return Sql(_ERA.format(week=week, edge=edge), (place, place, rows - 1, behind, *weeks))


def _labels(first: int, last: int | None, *, is_descending: bool) -> str:
    """Return what the index calls some weeks; for the part without an end a label that none has, and the rest do not."""
    if last is None:
        return _ANY_WEEK
    return (
        _LABELS.format(first=-last, last=-first) if is_descending else _LABELS.format(first=first, last=last)
    )


def _bounds(first: int, last: int | None, *, is_descending: bool) -> str:
    """Return the same weeks as bounds of ids, without what was read one by one."""
    if is_descending:
        newest = f"incident_id < LEAST(era.edge, {_FIRST_ID.format(weeks=1 - first)})"
        return newest if last is None else f"{newest} AND incident_id >= {_FIRST_ID.format(weeks=-last)}"
    oldest = f"incident_id >= {_FIRST_ID.format(weeks=first)} AND incident_id > era.edge"
    return oldest if last is None else f"{oldest} AND incident_id < {_FIRST_ID.format(weeks=last + 1)}"
