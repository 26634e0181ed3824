"""What every single filter costs: no filter may read the whole table to fill a page."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.db import connection

from incidents.models import Actor, Configuration
from incidents.models.incident_order import NEWEST_FIRST
from tests.bench.filters import page_statement, sampled_filters
from tests.bench.measuring import blocks_of, plan_of
from tests.make import make_actor

pytestmark = pytest.mark.django_db

# Enough for every filter to find some, and few enough to be quick.
INCIDENTS = 1_000
# The table is small, so that PostgreSQL may well look up each incident that a filter finds, as its statistics fall.
# Whoever looks at every incident needs three blocks for each.
MOST_BLOCKS = 1_200


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


def dear_ones_of_sqlite(actor: Actor) -> dict[str, str]:
    """Return the plans of the filters that go through the rows of the table, not those of an index."""
    found = {}
    for name, value in sampled_filters(Configuration.current()):
        text, parameters = page_statement({name: [value]}, actor, NEWEST_FIRST)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {text}", parameters)
            steps = [row[3] for row in cursor.fetchall()]
        if "SCAN incidents_incident" in steps:
            found[f"{name}={value}"] = "; ".join(steps)
    return found


def test_every_single_filter_is_cheap(actor: Actor) -> None:
    dear = {"postgresql": dear_ones_of_postgresql, "sqlite": dear_ones_of_sqlite}[connection.vendor](actor)

    assert dear == {}
