"""What every single filter costs: no filter may read the whole table to fill a page, or sort more than it shows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection

from incidents.models import Actor, Configuration, Incident
from incidents.models.incident_listing import COLUMNS
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.incident_selection import IncidentSelection
from tests.bench import deep_pages, filters
from tests.bench.filters import faults_of, page_statement, sampled_filters
from tests.bench.measuring import blocks_of, plan_of
from tests.make import make_actor

if TYPE_CHECKING:
    from tests.bench.measuring import Statement

pytestmark = pytest.mark.django_db

# Enough for every filter to find some, and few enough to be quick.
INCIDENTS = 1_000
# The table is small, so that PostgreSQL may well look up each incident that a filter finds, as its statistics fall.
# Whoever looks at every incident needs three blocks for each.
MOST_BLOCKS = 2_000
SCAN, SORT = "SCAN incidents_incident", "USE TEMP B-TREE FOR ORDER BY"


@pytest.fixture
def actor() -> Actor:
    call_command("seed_demo", incidents=INCIDENTS, stdout=io.StringIO())
    actor = make_actor("Rosa Lund")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return actor


def dear_ones_of_postgresql(actor: Actor) -> dict[str, int]:
    """Return the blocks of the filters that touch too many."""
    found = {}
    for name, value in sampled_filters(Configuration.current()):
        blocks = blocks_of(plan_of(page_statement({name: [value]}, actor, NEWEST_FIRST)))
        if blocks > MOST_BLOCKS:
            found[f"{name}={value}"] = blocks
    return found


def dear_ones_of_sqlite(actor: Actor) -> dict[str, set[str]]:
    """Return the plans of the filters that go through the rows of the table, not those of an index."""
    found = {}
    for name, value in sampled_filters(Configuration.current()):
        faults = faults_of_sqlite(page_statement({name: [value]}, actor, NEWEST_FIRST))
        if SCAN in faults:
            found[f"{name}={value}"] = faults
    return found


def faults_of_postgresql(statement: Statement) -> set[str]:
    """Return what is wrong with a plan where no index could help it: the table is too small for PostgreSQL to care."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    return set(faults_of(plan_of(statement)))


def faults_of_sqlite(statement: Statement) -> set[str]:
    """Return the steps of a plan that read the whole table, or sort what they found."""
    text, parameters = statement
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {text}", parameters)
        return {str(row[3]) for row in cursor.fetchall()} & {SCAN, SORT}


FAULTS = {"postgresql": faults_of_postgresql, "sqlite": faults_of_sqlite}
# SQLite rather sorts the few that a filter finds than to look for them in the order of the page.
TOLERATED: dict[str, set[str]] = {"postgresql": set(), "sqlite": {SORT}}


def test_every_single_filter_is_cheap(actor: Actor) -> None:
    dear = {"postgresql": dear_ones_of_postgresql, "sqlite": dear_ones_of_sqlite}[connection.vendor](actor)

    assert dear == {}


def test_every_single_filter_has_an_index_for_every_order(actor: Actor) -> None:
    faulty = {}
    for name, value in sampled_filters(Configuration.current()):
        for order in filters.ORDERS:
            faults = FAULTS[connection.vendor](page_statement({name: [value]}, actor, order))
            if faults - TOLERATED[connection.vendor]:
                faulty[f"{name}={value} by {order.name}"] = faults

    assert faulty == {}


def test_a_page_far_down_is_found_by_its_place(actor: Actor) -> None:
    selection = IncidentSelection(Incident.objects.visible_to(actor), COLUMNS)
    faulty = {}
    for order in deep_pages.ORDERS:
        position = deep_pages.position_in(order)
        page = selection.page(order, size=deep_pages.SIZE, position=position)
        faulty[order.name] = FAULTS[connection.vendor]((page.text, page.parameters))

    assert faulty == {order.name: set() for order in deep_pages.ORDERS}
