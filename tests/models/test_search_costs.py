"""What a search costs on PostgreSQL, in blocks: neither common words nor phrases of them may read every incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection

from incidents.models import Incident
from incidents.models.incident_listing import COLUMNS
from incidents.models.incident_order import BY_STATUS_CATEGORY, NEWEST_FIRST
from incidents.models.search_index import search_condition
from incidents.models.search_selection import SearchSelection
from incidents.models.word_shares import read_shares
from tests.bench.measuring import blocks_of, plan_of
from tests.make import make_incident

if TYPE_CHECKING:
    from incidents.models.incident_order import IncidentOrder
    from incidents.models.word_shares import WordShares

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="FTS5 tells no blocks"),
]

INCIDENTS = 600
# To look at an incident and its text takes four blocks; all of them would be 2,400. To look for a week takes two, and
# a hundred of them are looked for before all others.
MOST_BLOCKS, FEW_BLOCKS = 400, 350


@pytest.fixture
def shares() -> WordShares:
    """Make incidents that say the same words, of which two are never neighbours; return what the database knows of them."""
    for number in range(INCIDENTS):
        make_incident(f"Payouts of customers are late {number}", summary="All customers of the shop wait")
    with connection.cursor() as cursor:
        # What was written last lies apart, and would be read by each look into the index.
        cursor.execute("SELECT gin_clean_pending_list('incident_search_words')")
        cursor.execute("ANALYZE")
    return read_shares(connection)


def blocks(words: str, shares: WordShares, order: IncidentOrder = NEWEST_FIRST) -> int:
    """Return how many blocks a page of 25 touches."""
    selection = SearchSelection(Incident.objects.filter(search_condition(words, shares=shares)), COLUMNS)
    opening, page = selection.opening(order), selection.page(order, size=26)
    return blocks_of(plan_of((f"{opening.text}{page.text}", (*opening.parameters, *page.parameters))))


def test_common_words_and_beginnings_are_cheap(shares: WordShares) -> None:
    costs = {
        words: blocks(words, shares)
        for words in (
            "customers",
            "cust*",
            "the customers are",
            "customers -zebra",
            "-zebra",
            '"customers are"',
        )
    }

    assert {words: cost for words, cost in costs.items() if cost > MOST_BLOCKS} == {}


def test_a_phrase_that_is_nowhere_is_cheap(shares: WordShares) -> None:
    assert blocks('"late customers"', shares) < FEW_BLOCKS
    assert blocks('"late customers"', shares, BY_STATUS_CATEGORY) < FEW_BLOCKS


def test_the_database_tells_how_common_words_are(shares: WordShares) -> None:
    assert shares.rows == INCIDENTS
    assert shares.of("customer") == 1.0
    assert shares.of("zebra") < 0.1
