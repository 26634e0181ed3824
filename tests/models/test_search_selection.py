"""Pages of a search: every incident once, in order, however old it is."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Incident
from incidents.models.incident_order import (
    BY_SEVERITY,
    BY_STATUS_CATEGORY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
)
from incidents.models.incident_selection import IncidentSelection, Sql, column_of, fetch_rows
from incidents.models.search_index import search_condition
from incidents.models.search_selection import SearchSelection
from tests.make import make_incident

if TYPE_CHECKING:
    from incidents.models.incident_order import IncidentOrder

pytestmark = pytest.mark.django_db

COLUMNS = ("id", "severity_rank", "status_category_rank", "updated_at")
FIELDS = [column_of(Incident, column) for column in COLUMNS]
AGES = (0, 1, 6, 7, 8, 20, 83, 84, 90, 91, 92, 98, 99, 120, 400, 2_000, -1, -30)
NOW = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture
def _incidents() -> None:
    for age in AGES:
        for name in ("Payout fails", "Login fails"):
            make_incident(
                f"{name} {age}",
                created_at=NOW - datetime.timedelta(days=age),
                severity="minor" if age % 2 else "major",
            )


def walk(order: IncidentOrder, *, is_backwards: bool, text: str = "payouts fail") -> list[str]:
    """Return the ids page by page, three rows each."""
    selection = SearchSelection(Incident.objects.filter(search_condition(text)), COLUMNS)
    found: list[str] = []
    position = None
    while rows := fetch_rows(page_of(selection, order, position, is_backwards=is_backwards), FIELDS):
        found += [row[0] for row in rows]
        position = tuple(rows[-1][COLUMNS.index(column)] for column in order.columns)
    return found


def page_of(
    selection: SearchSelection, order: IncidentOrder, position: tuple[Any, ...] | None, *, is_backwards: bool
) -> Sql:
    """Return the statement of a page."""
    opening = selection.opening(order)
    page = selection.page(order, size=3, position=position, is_backwards=is_backwards)
    return Sql(f"{opening.text}{page.text}", (*opening.parameters, *page.parameters))


@pytest.mark.usefixtures("_incidents")
@pytest.mark.parametrize("is_backwards", [False, True])
@pytest.mark.parametrize(
    "order", [NEWEST_FIRST, OLDEST_FIRST, BY_SEVERITY, BY_STATUS_CATEGORY, RECENTLY_UPDATED_FIRST]
)
def test_walk_sees_each_once_in_order(order: IncidentOrder, is_backwards: bool) -> None:
    plain = IncidentSelection(Incident.objects.filter(name__startswith="Payout"), COLUMNS)
    expected = fetch_rows(plain.page(order, size=100, is_backwards=is_backwards), FIELDS)

    assert walk(order, is_backwards=is_backwards) == [row[0] for row in expected]
    assert len(expected) == len(AGES)


@pytest.mark.usefixtures("_incidents")
@pytest.mark.parametrize("is_backwards", [False, True])
@pytest.mark.parametrize("text", ["payout", "pay*", "-login"])
@pytest.mark.parametrize("order", [NEWEST_FIRST, OLDEST_FIRST, BY_SEVERITY])
def test_walk_goes_beyond_what_sqlite_looks_at_first(
    monkeypatch: pytest.MonkeyPatch, order: IncidentOrder, text: str, is_backwards: bool
) -> None:
    monkeypatch.setattr("incidents.models.search_streaming.LOOKED_AT", (2, 5))
    plain = IncidentSelection(Incident.objects.filter(name__startswith="Payout"), COLUMNS)
    expected = fetch_rows(plain.page(order, size=100, is_backwards=is_backwards), FIELDS)

    assert walk(order, is_backwards=is_backwards, text=text) == [row[0] for row in expected]


@pytest.mark.usefixtures("_incidents")
def test_count_stops_beyond_the_most() -> None:
    selection = SearchSelection(Incident.objects.filter(search_condition("payout")), COLUMNS)

    assert fetch_rows(selection.count(100), [None]) == [[len(AGES)]]
    assert fetch_rows(selection.count(5), [None]) == [[6]]


def test_a_search_without_incidents_finds_none() -> None:
    selection = SearchSelection(Incident.objects.filter(search_condition("-payout")), COLUMNS)

    assert fetch_rows(selection.page(NEWEST_FIRST, size=3), FIELDS) == []
    assert fetch_rows(selection.count(5), [None]) == [[0]]
