"""The orders in which incidents are listed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.db.models import IntegerField, Subquery

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclasses.dataclass(frozen=True, slots=True)
class IncidentOrder:
    """Columns that all sort in one direction and end in the id: one index and one row comparison find any page."""

    name: str
    columns: tuple[str, ...]
    is_descending: bool = True

    def sql(self, table: str, *, is_backwards: bool = False) -> str:
        """Return what ORDER BY takes; backwards it walks the same index from its other end."""
        direction = "DESC" if self.is_descending != is_backwards else "ASC"
        return ", ".join(f"{table}.{column} {direction}" for column in self.columns)


BY_STATUS_CATEGORY = IncidentOrder("status_category", ("status_category_rank", "severity_rank", "id"))
BY_SEVERITY = IncidentOrder("severity_highest_first", ("severity_rank", "id"))
BY_LOWEST_SEVERITY = IncidentOrder("severity_lowest_first", ("severity_rank", "id"), is_descending=False)
NEWEST_FIRST = IncidentOrder("created_at_newest_first", ("id",))
OLDEST_FIRST = IncidentOrder("created_at_oldest_first", ("id",), is_descending=False)
RECENTLY_UPDATED_FIRST = IncidentOrder("updated_at_newest_first", ("updated_at", "id"))
RECENTLY_UPDATED_LAST = IncidentOrder("updated_at_oldest_first", ("updated_at", "id"), is_descending=False)


class CappedCount(Subquery):
    """How many rows a queryset has, counted no further than one beyond the limit, inside another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, queryset: QuerySet[Any, Any], limit: int) -> None:
        super().__init__(queryset.order_by().values("pk")[: limit + 1])
