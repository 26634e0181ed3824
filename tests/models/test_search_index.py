"""Both databases find what our own rule finds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.models import Incident
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.incident_selection import fetch_rows
from incidents.models.search_index import search_condition
from incidents.models.search_query import SearchQuery
from incidents.models.search_selection import SearchSelection
from incidents.models.search_words import stored_words, words_of
from incidents.models.word_shares import WordShares
from incidents.services.search_text import SearchRow, search_text, store_texts
from tests.make import make_incident

pytestmark = pytest.mark.django_db

WORDS = [
    "payout",
    "payouts",
    "pay",
    "paying",
    "PaymentGateway",
    "eu-west-1",
    "100%",
    "STRASSE",
    "straße",
    "支払い",
    "🔥",
]
TEXTS = st.lists(
    st.sampled_from([*WORDS, "api", "a", "12", "timeout\n", "½", "_", "'", "\\", "@live", "=pay"])
).map(" ".join)
ANY_TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=40)
QUERY_PARTS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f"-{word}"),
    st.sampled_from(
        [
            "pay*",
            "ap*",
            "st*",
            "支払",
            "gatew*",
            "-api",
            '"',
            "-",
            "*",
            "&",
            "|",
            "!",
            "(",
            ":*",
            "AND",
            "NOT",
        ]
    ),
    st.lists(st.sampled_from([*WORDS, "api"]), min_size=1, max_size=3).map(
        lambda words: f'"{" ".join(words)}"'
    ),
)
NOTHING_KNOWN = WordShares()
ALL_COMMON = WordShares(
    1_000_000, {form: 0.4 for word in words_of(" ".join(WORDS)) for form in (word.stem, f"={word.folded}")}
)
SOME_COMMON = WordShares(1_000_000, {"pay": 0.4, "payout": 0.4, "=paying": 0.1, "api": 0.001, "a": 0.9})
QUERIES = st.one_of(st.lists(QUERY_PARTS, max_size=4).map(" ".join), ANY_TEXT)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.one_of(TEXTS, ANY_TEXT), min_size=3, max_size=3),
    query=QUERIES,
    shares=st.sampled_from([NOTHING_KNOWN, ALL_COMMON, SOME_COMMON]),
)
def test_the_database_finds_what_the_rule_finds(
    three_incidents: list[Incident], texts: list[str], query: str, shares: WordShares
) -> None:
    """Whatever is known of the words, and so by every plan."""
    store(three_incidents, texts)

    expected = {
        incident.number
        for incident, text in zip(three_incidents, texts, strict=True)
        if SearchQuery.read(query).meets(stored_words(search_text(incident.number, "", text)))
    }

    incidents = Incident.objects.filter(search_condition(query, shares=shares))
    assert set(incidents.values_list("number", flat=True)) == expected
    if not SearchQuery.read(query).is_empty:
        selection = SearchSelection(incidents, ["id", "number"])
        page = fetch_rows(selection.page(NEWEST_FIRST, size=2), [None, None])
        assert [row[1] for row in page] == sorted(expected, reverse=True)[:2]
        assert fetch_rows(selection.count(1), [None]) == [[min(2, len(expected))]]


@pytest.fixture
def three_incidents() -> list[Incident]:
    return [make_incident(f"n{number}") for number in range(3)]


def store(incidents: list[Incident], texts: list[str]) -> None:
    from django.db import connection

    rows = [
        SearchRow(
            Incident._meta.pk.get_db_prep_value(incident.pk, connection),
            incident.number,
            incident.status_category,
            search_text(incident.number, "", text),
        )
        for incident, text in zip(incidents, texts, strict=True)
    ]
    store_texts(rows, connection)
