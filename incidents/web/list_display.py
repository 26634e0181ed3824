"""How the list is shown: its order, its groups, its size and its place, as the address says."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.urls import reverse

from incidents.filters import GROUP_BY, NO_GROUPS, SORT_BY, read_order
from incidents.models.incident_listing import Place
from incidents.models.incident_order import (
    BY_SEVERITY,
    BY_STATUS_CATEGORY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
)
from incidents.web.list_columns import COLUMNS, DEFAULT_COLUMNS, read_columns
from incidents.web.pagination import PAGE_SIZES, BrokenCursorError, decode_cursor

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from incidents.models import Configuration
    from incidents.models.incident_order import IncidentOrder
    from incidents.web.list_address import ListAddress
    from incidents.web.list_columns import Column

PAGE_SIZE, AFTER, BEFORE = "page_size", "after", "before"
PARAMETERS = (SORT_BY, GROUP_BY, PAGE_SIZE, COLUMNS, AFTER, BEFORE)
# What the menu offers; the heads of columns turn some of these round.
ORDERS = {
    BY_SEVERITY.name: "Severity",
    NEWEST_FIRST.name: "Newest",
    OLDEST_FIRST.name: "Oldest",
    RECENTLY_UPDATED_FIRST.name: "Recently updated",
}


@dataclasses.dataclass(frozen=True, slots=True)
class ListDisplay:
    """What the address asks for. Groups need the order by severity, which comes in their index."""

    order: IncidentOrder = BY_STATUS_CATEGORY
    size: int = PAGE_SIZES[0]
    place: Place | None = None
    columns: tuple[Column, ...] = DEFAULT_COLUMNS

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


@dataclasses.dataclass(frozen=True, slots=True)
class MenuPart:
    """Lines of a menu that exclude each other, under a heading if they need one."""

    heading: str
    links: tuple[MenuLink, ...]


def read_display(
    query: MultiValueDict[str, str], configuration: Configuration
) -> tuple[ListDisplay, dict[str, str]]:
    """Return what the query asks for, and what in it cannot be, by parameter."""
    order, problems = read_order(query)
    columns, problem = read_columns(query.getlist(COLUMNS), configuration)
    if problem:
        problems[COLUMNS] = problem
    size = query.get(PAGE_SIZE, str(PAGE_SIZES[0]))
    if size not in map(str, PAGE_SIZES):
        problems[PAGE_SIZE] = "A page shows 25, 50 or 100 incidents."
    if problems:
        return ListDisplay(), problems
    try:
        return ListDisplay(order, int(size), _read_place(query, order), columns), {}
    except BrokenCursorError:
        name = AFTER if AFTER in query else BEFORE
        return ListDisplay(order), {name: "This page of the list does not exist. Start from the first page."}


def display_menu(address: ListAddress, display: ListDisplay) -> tuple[MenuPart, ...]:
    """Return how else the list can be shown: sorted, grouped, with more rows."""
    return (
        MenuPart("Sort by", _sort_links(address, display)),
        MenuPart("", _group_links(address, display)),
        MenuPart("", _size_links(address, display)),
    )


def export_links(address: ListAddress) -> tuple[MenuLink, ...]:
    """Return a link for each format in which everything that the list holds can be taken along."""
    query = address.without(PAGE_SIZE, COLUMNS).query
    paths = {"CSV, for spreadsheets": "incidents:export_csv", "JSON, as the API writes it": "api:export_json"}
    return tuple(
        MenuLink(label, dataclasses.replace(address, path=reverse(name), query=query).url)
        for label, name in paths.items()
    )


def sort_url(address: ListAddress, name: str) -> str:
    """Return the list in another order; the one by severity is what an address means that names none."""
    if name == BY_SEVERITY.name:
        return address.without(SORT_BY).url
    return address.without(GROUP_BY).with_values(SORT_BY, [name]).url


def _sort_links(address: ListAddress, display: ListDisplay) -> tuple[MenuLink, ...]:
    return tuple(
        MenuLink(label, sort_url(address, name), name == display.sort_by) for name, label in ORDERS.items()
    )


def _group_links(address: ListAddress, display: ListDisplay) -> tuple[MenuLink, ...]:
    grouped = address.without(GROUP_BY, SORT_BY)
    ungrouped = address.with_values(GROUP_BY, [NO_GROUPS]) if display.is_grouped else address.without()
    return (
        MenuLink("Grouped by category", grouped.url, display.is_grouped),
        MenuLink("Not grouped", ungrouped.url, not display.is_grouped),
    )


def _size_links(address: ListAddress, display: ListDisplay) -> tuple[MenuLink, ...]:
    return tuple(
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
    )


def _read_place(query: MultiValueDict[str, str], order: IncidentOrder) -> Place | None:
    if AFTER in query and BEFORE in query:
        raise BrokenCursorError(BEFORE)
    if AFTER in query:
        return Place(decode_cursor(order, str(query[AFTER])))
    if BEFORE in query:
        return Place(decode_cursor(order, str(query[BEFORE])), is_backwards=True)
    return None
