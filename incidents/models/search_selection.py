"""The incidents that a search keeps, as SQL. It takes as long for common words as for rare ones, whatever is in between.

The full-text index of PostgreSQL knows no order: for a common word it would hand out, and sort, every third incident.
So the search goes through the weeks, which the index knows, from the newest on, and stops where a page is full. What is
sorted otherwise are the newest that were found, as many as MOST_SORTED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from incidents.models.incident_selection import COUNT, PAGE, IncidentSelection, Sql, stored_value
from incidents.models.search_index import FOUND, FOUND_IN_WEEK, week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

MOST_SORTED = 2_000
_WEEK = (
    "(SELECT CAST(CAST('x' || SUBSTR(REPLACE(CAST(id AS text), '-', ''), 1, 12) AS bit(48)) AS bigint)"
    " / 604800000 FROM incidents_incident ORDER BY id {direction} LIMIT 1)"
)
_NEWEST_WEEK, _OLDEST_WEEK = _WEEK.format(direction="DESC"), _WEEK.format(direction="ASC")
_BY_WEEK = (
    "SELECT found.* FROM generate_series({start}, {end}, {step}) AS era(week) CROSS JOIN LATERAL"
    " (SELECT * FROM ({found}) AS found{beyond} ORDER BY id {direction} LIMIT %s) AS found LIMIT %s"
)
_COUNT_BY_WEEK = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM generate_series({start}, {end}, -1) AS era(week) CROSS JOIN LATERAL"
    " (SELECT 1 FROM ({found}) AS found LIMIT %s) AS found LIMIT %s) AS capped"
)


_ORDERED = "SELECT * FROM ({found}) AS found ORDER BY {ordering}"


class SearchSelection(IncidentSelection):
    """The columns of incidents that meet a search condition, and whatever else they have to meet."""

    def __init__(self, incidents: IncidentQuerySet, columns: Sequence[str]) -> None:
        super().__init__(incidents, columns)
        self._all = self._found
        self._found = self._by_week(is_descending=True, size=MOST_SORTED)

    def page(
        self,
        order: IncidentOrder,
        *,
        size: int,
        position: tuple[Any, ...] | None = None,
        is_backwards: bool = False,
    ) -> Sql:
        """Return the first rows of an order, those after a position, or those before it, which come in reverse."""
        if order.columns != ("id",):
            return super().page(order, size=size, position=position, is_backwards=is_backwards)
        is_descending = order.is_descending != is_backwards
        found = self._by_week(is_descending=is_descending, size=size, after=position[0] if position else None)
        ordering = order.sql("found", is_backwards=is_backwards)
        return Sql(_ORDERED.format(found=found.text, ordering=ordering), found.parameters)

    def count(self, most: int) -> Sql:
        """Return how many there are, counted no further than one beyond the most."""
        if connection.vendor != "postgresql":
            return Sql(COUNT.format(found=self._all.text), (*self._all.parameters, most + 1))
        text = _COUNT_BY_WEEK.format(start=_NEWEST_WEEK, end=_OLDEST_WEEK, found=self._in_week())
        return Sql(text, (*self._all.parameters, most + 1, most + 1))

    def _by_week(self, *, is_descending: bool, size: int, after: str | None = None) -> Sql:
        direction, sign = ("DESC", "<") if is_descending else ("ASC", ">")
        beyond, at = ("", ()) if after is None else (f" WHERE id {sign} %s", (stored_value("id", after),))
        if connection.vendor != "postgresql":
            text = PAGE.format(found=self._all.text, beyond=beyond, ordering=f"id {direction}")
            return Sql(text, (*self._all.parameters, *at, size))
        first, last = (_NEWEST_WEEK, _OLDEST_WEEK) if is_descending else (_OLDEST_WEEK, _NEWEST_WEEK)
        text = _BY_WEEK.format(
            start=first if after is None else week_of(stored_value("id", after)),
            end=last,
            step=-1 if is_descending else 1,
            found=self._in_week(),
            beyond=beyond,
            direction=direction,
        )
        return Sql(text, (*self._all.parameters, *at, size, size))

    def _in_week(self) -> str:
        return self._all.text.replace(FOUND, FOUND_IN_WEEK)
