"""How the list is shown: its order, its groups, its size and its place, as the address says."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.models.incident_listing import Place
from incidents.models.incident_order import (
    BY_SEVERITY,
    BY_STATUS_CATEGORY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
)
from incidents.web.pagination import PAGE_SIZES, BrokenCursorError, decode_cursor

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from incidents.models.incident_order import IncidentOrder
    from incidents.web.list_address import ListAddress

SORT_BY, GROUP_BY, PAGE_SIZE, AFTER, BEFORE = "sort_by", "group_by", "page_size", "after", "before"
PARAMETERS = (SORT_BY, GROUP_BY, PAGE_SIZE, AFTER, BEFORE)
STATUS_CATEGORY, NO_GROUPS = "status_category", "none"
ORDERS = {
    BY_SEVERITY.name: ("Severity", BY_SEVERITY),
    NEWEST_FIRST.name: ("Newest", NEWEST_FIRST),
    OLDEST_FIRST.name: ("Oldest", OLDEST_FIRST),
    RECENTLY_UPDATED_FIRST.name: ("Recently updated", RECENTLY_UPDATED_FIRST),
}


@dataclasses.dataclass(frozen=True, slots=True)
class ListDisplay:
    """What the address asks for. Groups need the order by severity, which comes in their index."""

    order: IncidentOrder = BY_STATUS_CATEGORY
    size: int = PAGE_SIZES[0]
    place: Place | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether rows come under heads of their status category."""
        return self.order is BY_STATUS_CATEGORY

    @property
    def sort_by(self) -> str:
        """The order within groups, as addresses name it."""
        return BY_SEVERITY.name if self.is_grouped else self.order.name


@dataclasses.dataclass(frozen=True, slots=True)
class MenuLink:
    """One line of a menu that changes the address."""

    label: str
    url: str
    is_current: bool = False


def read_display(query: MultiValueDict[str, str]) -> tuple[ListDisplay, dict[str, str]]:
    """Return what the query asks for, and what in it cannot be, by parameter."""
    problems: dict[str, str] = {}
    sort_by = query.get(SORT_BY, BY_SEVERITY.name)
    if sort_by not in ORDERS:
        problems[SORT_BY] = f"The list cannot be sorted like this. Use one of: {', '.join(ORDERS)}."
    group_by = query.get(GROUP_BY, STATUS_CATEGORY)
    if group_by not in {STATUS_CATEGORY, NO_GROUPS}:
        problems[GROUP_BY] = f"Incidents can be grouped by {STATUS_CATEGORY} or {NO_GROUPS}."
    size = query.get(PAGE_SIZE, str(PAGE_SIZES[0]))
    if size not in map(str, PAGE_SIZES):
        problems[PAGE_SIZE] = "A page shows 25, 50 or 100 incidents."
    if problems:
        return ListDisplay(), problems
    order = ORDERS[sort_by][1]
    if order is BY_SEVERITY and group_by == STATUS_CATEGORY:
        order = BY_STATUS_CATEGORY
    try:
        return ListDisplay(order, int(size), _read_place(query, order)), {}
    except BrokenCursorError:
        name = AFTER if AFTER in query else BEFORE
        return ListDisplay(order), {name: "This page of the list does not exist. Start from the first page."}


def sort_links(address: ListAddress, display: ListDisplay) -> list[MenuLink]:
    """Return a link for each order."""
    return [
        MenuLink(label, sort_url(address, name), name == display.sort_by)
        for name, (label, _) in ORDERS.items()
    ]


def sort_url(address: ListAddress, name: str) -> str:
    """Return the list in another order; the one by severity is what an address means that names none."""
    if name == BY_SEVERITY.name:
        return address.without(SORT_BY).url
    return address.without(GROUP_BY).with_values(SORT_BY, [name]).url


def group_links(address: ListAddress, display: ListDisplay) -> list[MenuLink]:
    """Return the links that switch groups on and off."""
    grouped = address.without(GROUP_BY, SORT_BY)
    ungrouped = address.with_values(GROUP_BY, [NO_GROUPS]) if display.is_grouped else address.without()
    return [
        MenuLink("Grouped by category", grouped.url, display.is_grouped),
        MenuLink("Not grouped", ungrouped.url, not display.is_grouped),
    ]


def size_links(address: ListAddress, display: ListDisplay) -> list[MenuLink]:
    """Return a link for each number of rows."""
    return [
        MenuLink(
            f"{size} rows",
            (
                address.without(PAGE_SIZE)
                if size == PAGE_SIZES[0]
                else address.with_values(PAGE_SIZE, [str(size)])
            ).url,
            size == display.size,
        )
        for size in PAGE_SIZES
    ]


def _read_place(query: MultiValueDict[str, str], order: IncidentOrder) -> Place | None:
    if AFTER in query and BEFORE in query:
        raise BrokenCursorError(BEFORE)
    if AFTER in query:
        return Place(decode_cursor(order, str(query[AFTER])))
    if BEFORE in query:
        return Place(decode_cursor(order, str(query[BEFORE])), is_backwards=True)
    return None
