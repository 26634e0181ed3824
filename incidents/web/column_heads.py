"""The heads of the columns: what they are called, and where they lead that sort the list."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.models.incident_order import (
    BY_LOWEST_SEVERITY,
    BY_SEVERITY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
    RECENTLY_UPDATED_LAST,
)
from incidents.web.list_display import GROUP_BY, NO_GROUPS, SORT_BY, sort_url

if TYPE_CHECKING:
    from incidents.web.list_address import ListAddress
    from incidents.web.list_columns import Column
    from incidents.web.list_display import ListDisplay

# Only what an index has in order can be sorted over the whole list: the first order of a column, and the one it turns to.
_ORDERS = {
    "severity": (BY_SEVERITY.name, BY_LOWEST_SEVERITY.name),
    "reference": (NEWEST_FIRST.name, OLDEST_FIRST.name),
    "created_at": (NEWEST_FIRST.name, OLDEST_FIRST.name),
    "updated_at": (RECENTLY_UPDATED_FIRST.name, RECENTLY_UPDATED_LAST.name),
}
_STATUS = "status"
_ARROWS = {"descending": "arrow-down", "ascending": "arrow-up", "": ""}


@dataclasses.dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of a column; one without an address does not sort."""

    key: str
    label: str
    css_class: str
    url: str = ""
    sorted_words: str = ""
    arrow: str = ""


def column_heads(address: ListAddress, display: ListDisplay) -> list[ColumnHead]:
    """Return the heads. That of the order in which the list is turns it round."""
    return [_head(column, address, display) for column in display.columns]


def _head(column: Column, address: ListAddress, display: ListDisplay) -> ColumnHead:
    if column.key == _STATUS:
        grouped = sort_url(address.without(GROUP_BY), BY_SEVERITY.name)
        return ColumnHead(column.key, column.label, column.css_class, grouped)
    if column.key not in _ORDERS:
        return ColumnHead(column.key, column.label, column.css_class)
    first, turned = _ORDERS[column.key]
    sorted_words = {first: "descending", turned: "ascending"}.get(display.sort_by, "")
    if sorted_words and display.is_grouped:
        # Groups come by severity within: first over the whole list, then the other way round.
        url = address.without(SORT_BY).with_values(GROUP_BY, [NO_GROUPS]).url
    else:
        url = sort_url(address, turned if display.sort_by == first else first)
    return ColumnHead(column.key, column.label, column.css_class, url, sorted_words, _ARROWS[sorted_words])
