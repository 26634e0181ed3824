"""The heads of the columns: what they are called, and where they lead that sort the list.

They are drawn here for the same reason as the rows; everything that people name passes `escape`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from incidents.filters import GROUP_BY, NO_GROUPS, SORT_BY
from incidents.models.incident_order import (
    BY_LOWEST_SEVERITY,
    BY_SEVERITY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
    RECENTLY_UPDATED_LAST,
)
from incidents.templatetags.icons import icon
from incidents.templatetags.lists import swaps
from incidents.web.list_display import sort_url

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
_ARROWS = {"descending": "arrow-down", "ascending": "arrow-up"}


_HEAD = '<th class="{}" scope="col" role="columnheader"{}>{}</th>'
_LINK = '<a id="sort-{}" {}>{}{}</a>'


def column_heads(address: ListAddress, display: ListDisplay) -> SafeString:
    """Return the cells of the table's first row. The head of the order in which the list is turns it round."""
    return mark_safe("".join([_draw_head(column, address, display) for column in display.columns]))  # noqa: S308 - see above


def _draw_head(column: Column, address: ListAddress, display: ListDisplay) -> str:
    first, turned = _ORDERS.get(column.key, ("", ""))
    sorted_words = {first: "descending", turned: "ascending"}.get(display.sort_by, "")
    label: str = escape(column.label)
    url = _sort_url(column, address, display)
    if url:
        arrow = f" {icon(_ARROWS[sorted_words], 'icon-small')}" if sorted_words else ""
        label = _LINK.format(column.key, swaps(url), label, arrow)
    return _HEAD.format(column.css_class, f' aria-sort="{sorted_words}"' if sorted_words else "", label)


def _sort_url(column: Column, address: ListAddress, display: ListDisplay) -> str:
    """Return where a head leads; nothing for a column that no index has in order."""
    if column.key == _STATUS:
        return sort_url(address.without(GROUP_BY), BY_SEVERITY.name)
    if column.key not in _ORDERS:
        return ""
    first, turned = _ORDERS[column.key]
    if display.is_grouped and display.sort_by == first:
        # Groups come by severity within: first over the whole list, then the other way round.
        return address.without(SORT_BY).with_values(GROUP_BY, [NO_GROUPS]).url
    return sort_url(address, turned if display.sort_by == first else first)
