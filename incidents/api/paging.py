"""Long lists, a page at a time: the id of the last row is where the next page begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import UNSET

from incidents.api.ids import id_sent
from incidents.api.wire.base import PaginationMeta

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from incidents.api.query import PageQuery

RowT = TypeVar("RowT", bound="Model")


def read_page(
    rows: QuerySet[RowT, Any], query: PageQuery, *, newest_first: bool = False
) -> tuple[list[RowT], PaginationMeta]:
    """Return a page of the rows by their ids, and where it stands; one query.

    Raises:
        ApiError: 422 where `after` is no id. It need not be one of a row that is still there.
    """
    if after := id_sent(query.after, "/after"):
        rows = rows.filter(pk__lt=after) if newest_first else rows.filter(pk__gt=after)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: query.page_size + 1])
    page = found[: query.page_size]
    after_page = str(page[-1].pk) if len(found) > len(page) else UNSET
    return page, PaginationMeta(page_size=query.page_size, after=after_page)
