"""The orders in which incidents are listed, and the comparisons that find a page of one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.db.models import F, IntegerField, JSONField, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.lookups import GreaterThan, LessThan

if TYPE_CHECKING:
    from django.db.models import OrderBy, QuerySet
    from django.db.models.lookups import Lookup


@dataclasses.dataclass(frozen=True, slots=True)
class IncidentOrder:
    """Columns that all sort in one direction and end in the id: one index and one row comparison find any page."""

    name: str
    columns: tuple[str, ...]
    is_descending: bool = True

    def ordering(self, *, is_backwards: bool = False) -> tuple[OrderBy, ...]:
        """Return what order_by() takes; backwards it walks the same index from its other end."""
        descending = self.is_descending != is_backwards
        return tuple(F(column).desc() if descending else F(column).asc() for column in self.columns)

    def beyond(self, position: tuple[Any, ...], *, is_backwards: bool = False) -> Lookup[bool]:
        """Return the condition that a row comes after the position, or before it when walking backwards."""
        comparison = _RowLess if self.is_descending != is_backwards else _RowGreater
        return comparison(Tuple(*map(F, self.columns)), position)


BY_STATUS_CATEGORY = IncidentOrder("status_category", ("status_category_rank", "severity_rank", "id"))
BY_SEVERITY = IncidentOrder("severity_highest_first", ("severity_rank", "id"))
NEWEST_FIRST = IncidentOrder("created_at_newest_first", ("id",))
OLDEST_FIRST = IncidentOrder("created_at_oldest_first", ("id",), is_descending=False)
RECENTLY_UPDATED_FIRST = IncidentOrder("updated_at_newest_first", ("updated_at", "id"))


class CappedCount(Subquery):
    """How many rows a queryset has, counted no further than one beyond the limit, inside another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any, Any], limit: int) -> None:
        super().__init__(queryset.order_by().values("pk")[: limit + 1])


class CappedTally(Subquery):
    """How many of a queryset's first rows have each value of a column, as a mapping, inside another query."""

    template = (
        "(SELECT %(function)s(tally.tallied, tally.rows) FROM"
        " (SELECT capped.tallied, COUNT(*) AS rows FROM (%(subquery)s) capped GROUP BY capped.tallied) tally)"
    )
    output_field = JSONField()

    def __init__(self, queryset: QuerySet[Any, Any], column: str, limit: int) -> None:
        super().__init__(
            queryset.annotate(tallied=F(column)).values("tallied")[: limit + 1], function="JSON_GROUP_OBJECT"
        )

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Name the same function as PostgreSQL does."""
        return self.as_sql(compiler, connection, function="JSONB_OBJECT_AGG")


# Django spells row comparisons out as ANDs and ORs for SQLite, which no index serves; SQLite has known them since
# 3.15, so both databases get the comparison itself.
class _RowLess(TupleLessThan):
    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return LessThan.as_sql(self, compiler, connection)


class _RowGreater(TupleGreaterThan):
    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return GreaterThan.as_sql(self, compiler, connection)
