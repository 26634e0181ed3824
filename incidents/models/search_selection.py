"""The incidents that a search keeps, as SQL that costs about the same for common words and for rare ones.

The full-text index of PostgreSQL knows no order: for a common word it would hand out, and sort, every third incident.
But it knows the week of each. So a search looks into the newest week first, then into the twelve before, then into all
others, and stops as soon as a page is full. A word that has not filled one by then is rare. What is sorted otherwise are
the newest that were found, as many as MOST_SORTED, on both databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from incidents.models.incident_selection import COUNT, PAGE, IncidentSelection, Sql, stored_value
from incidents.models.search_index import FOUND, FOUND_IN_WEEKS, week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

MOST_SORTED = 500
_WEEK_OF_ID = (
    "CAST(CAST('x' || SUBSTR(REPLACE(CAST(id AS text), '-', ''), 1, 12) AS bit(48)) AS bigint) / 604800000"
)
_FIRST_ID = "CAST(LPAD(TO_HEX((era.week + {weeks}) * 604800000), 12, '0') || REPEAT('0', 20) AS uuid)"
_LABELS = "(SELECT STRING_AGG('@w' || week, '|') FROM generate_series(era.week + {first}, era.week + {last}) AS week)"
_ANY_WEEK = "'!@w' || (era.week + 1000000)"
_ERA = "(SELECT {week} AS week FROM incidents_incident ORDER BY id {direction} LIMIT 1) AS era"
_ERA_OF_PLACE = "(SELECT CAST(%s AS bigint) AS week) AS era"
_BY_WEEKS = "SELECT found.* FROM {era} CROSS JOIN LATERAL ({parts}) AS found LIMIT %s"
_PART = "(SELECT * FROM ({found}) AS found{beyond} ORDER BY id {direction} LIMIT %s)"
_COUNT_BY_WEEKS = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM {era} CROSS JOIN LATERAL ({parts}) AS found LIMIT %s) AS capped"
)
_COUNT_PART = "(SELECT 1 FROM ({found}) AS found LIMIT %s)"
# The first and the last week of each part, counted from that of the era; the last part has no end.
_PARTS = ((0, 0), (1, 12), (13, None))
_ORDERED = "SELECT * FROM ({found}) AS found ORDER BY {ordering}"


class SearchSelection(IncidentSelection):
    """The columns of incidents that meet a search condition, and whatever else they have to meet."""

    def __init__(self, incidents: IncidentQuerySet, columns: Sequence[str]) -> None:
        super().__init__(incidents, columns)
        self._all = self.found
        self.found = self._newest_first(is_descending=True, size=MOST_SORTED)

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
        found = self._newest_first(
            is_descending=is_descending, size=size, after=position[0] if position else None
        )
        ordering = order.sql("found", is_backwards=is_backwards)
        return Sql(_ORDERED.format(found=found.text, ordering=ordering), found.parameters)

    def count(self, most: int) -> Sql:
        """Return how many there are, counted no further than one beyond the most."""
        found, most = self._all, most + 1
        if connection.vendor != "postgresql":
            return Sql(COUNT.format(found=found.text), (*found.parameters, most))
        parts = self._parts(_COUNT_PART, is_descending=True)
        era = _ERA.format(week=_WEEK_OF_ID, direction="DESC")
        text = _COUNT_BY_WEEKS.format(era=era, parts=" UNION ALL ".join(parts))
        return Sql(text, (*(*found.parameters, most) * len(parts), most))

    def _newest_first(self, *, is_descending: bool, size: int, after: str | None = None) -> Sql:
        """Return the first rows by id, as far as they are needed, those of a week after those of the week before."""
        found, direction = self._all, "DESC" if is_descending else "ASC"
        beyond = ""
        place: tuple[Any, ...] = ()
        if after is not None:
            beyond, place = f"id {'<' if is_descending else '>'} %s", (stored_value("id", after),)
        if connection.vendor != "postgresql":
            where = f" WHERE {beyond}" if beyond else ""
            text = PAGE.format(found=found.text, beyond=where, ordering=f"id {direction}")
            return Sql(text, (*found.parameters, *place, size))
        parts = self._parts(_PART, is_descending=is_descending, beyond=beyond)
        era = _ERA_OF_PLACE if place else _ERA.format(week=_WEEK_OF_ID, direction=direction)
        text = _BY_WEEKS.format(era=era, parts=" UNION ALL ".join(parts))
        weeks = [week_of(stored_id) for stored_id in place]
        return Sql(text, (*weeks, *(*found.parameters, *place, size) * len(parts), size))

    def _parts(self, part: str, *, is_descending: bool, beyond: str = "") -> list[str]:
        direction = "DESC" if is_descending else "ASC"
        where = f" WHERE {beyond}" if beyond else ""
        parts = []
        for first, last in _PARTS:
            in_weeks = FOUND_IN_WEEKS.format(
                weeks=_labels(first, last, is_descending=is_descending),
                bounds=_bounds(first, last, is_descending=is_descending),
            )
            found = self._all.text.replace(FOUND, in_weeks)
            parts.append(part.format(found=found, beyond=where, direction=direction))
        return parts


def _labels(first: int, last: int | None, *, is_descending: bool) -> str:
    """Return what the index calls some weeks; for the part without an end a label that none has, and the rest do not."""
    if last is None:
        return _ANY_WEEK
    return (
        _LABELS.format(first=-last, last=-first) if is_descending else _LABELS.format(first=first, last=last)
    )


def _bounds(first: int, last: int | None, *, is_descending: bool) -> str:
    """Return the same weeks as bounds of ids."""
    if is_descending:
        newest = f"incident_id < {_FIRST_ID.format(weeks=1 - first)}"
        return newest if last is None else f"{newest} AND incident_id >= {_FIRST_ID.format(weeks=-last)}"
    oldest = f"incident_id >= {_FIRST_ID.format(weeks=first)}"
    return oldest if last is None else f"{oldest} AND incident_id < {_FIRST_ID.format(weeks=last + 1)}"
