"""Both databases find what our own rule finds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.models import Incident
from incidents.models.search_index import search_condition
from incidents.models.search_query import SearchQuery
from incidents.models.search_words import stored_words
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
QUERIES = st.one_of(st.lists(QUERY_PARTS, max_size=4).map(" ".join), ANY_TEXT)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.one_of(TEXTS, ANY_TEXT), min_size=3, max_size=3), query=QUERIES)
def test_the_database_finds_what_the_rule_finds(
    three_incidents: list[Incident], texts: list[str], query: str
) -> None:
    store(three_incidents, texts)

    expected = {
        incident.number
        for incident, text in zip(three_incidents, texts, strict=True)
        if SearchQuery.read(query).meets(stored_words(search_text(incident.number, "", text)))
    }

    assert set(Incident.objects.filter(search_condition(query)).values_list("number", flat=True)) == expected


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
