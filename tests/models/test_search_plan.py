"""How PostgreSQL is asked: by the index as far as it is quick, by the rows for the rest."""

from __future__ import annotations

import pytest

from incidents.models.search_pairs import pair_marks
from incidents.models.search_plan import SearchPlan, plan_search
from incidents.models.search_query import SearchQuery
from incidents.models.search_words import stored_words
from incidents.models.word_shares import WordShares

SHARES = WordShares(
    1_000_000,
    {"the": 0.9, "customer": 0.4, "=customers": 0.4, "custom": 0.1, "login": 0.01, "@live": 0.05},
)


def planned(text: str, *categories: str) -> SearchPlan:
    return plan_search(SearchQuery.read(text), categories, SHARES)


def mark(text: str) -> str:
    """Return how the index is asked for the neighbours in a text."""
    return " & ".join([f"'{mark}'" for mark in sorted(pair_marks(stored_words(text)))])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("customers", "'customer'"),
        ("the login", "'the' & 'login'"),
        ("login -the", "'login' & !'the'"),
        ("-the", "'inc' & !'the'"),
    ],
)
def test_words_are_left_to_the_index(text: str, found: str) -> None:
    plan = planned(text)

    assert (plan.found, plan.met, plan.sure) == (found, "", "")


def test_phrase_is_found_by_its_neighbours_and_read_in_the_row() -> None:
    plan = planned('"the customers are"')

    assert plan.found == mark("the customers are")
    assert plan.met == "('the' <-> 'customer' <-> 'are')"


def test_phrase_with_a_long_number_is_found_by_its_words() -> None:
    assert planned('"ticket 123456"').found == "'ticket' & '123456'"


def test_common_beginning_beside_a_rare_word_is_read_in_the_row() -> None:
    plan = planned("cust* login")

    assert plan.found == "'login'"
    assert "'cust':*" in plan.met


def test_common_beginning_beside_a_common_word_is_asked_of_the_index() -> None:
    assert "'cust':*" in planned("cust* the").found


def test_known_words_of_a_beginning_are_enough_to_count() -> None:
    assert planned("cust*").sure == "('cust' | 'customer' | 'custom' | '=customers')"


def test_rare_beginning_is_asked_of_the_index_alone() -> None:
    plan = planned("log*")

    assert (plan.met, plan.sure) == ("", "")


def test_the_places_of_a_rare_beginning_are_read_however_few_are_wanted() -> None:
    assert [planned(text).has_rare_beginning for text in ("log*", "login", "cust*", "cust* login")] == [
        True,
        False,
        False,
        False,
    ]


def test_what_must_not_be_there_is_read_in_the_row_unless_it_is_a_word() -> None:
    plan = planned('login -"the customers" -cust*')

    assert plan.found == "'login'"
    assert plan.met == "'login' & !('the' <-> 'customer') & !('cust' | 'cust':* | '=cust':*)"


def test_categories_are_asked_of_the_index() -> None:
    assert planned("customers", "live", "paused").found == "'customer' & ('@live' | '@paused')"


def test_common_words_are_looked_for_in_the_newest() -> None:
    assert planned("the").rows_to_walk(26) == 87
    assert planned("login").rows_to_walk(26) == 0
    assert planned("the", "live").rows_to_walk(26) > planned("the").rows_to_walk(26)


def test_a_common_beginning_is_looked_for_further_than_a_word() -> None:
    assert planned("custom").rows_to_walk(1_000) == 0
    assert planned("custo*").rows_to_walk(1_000) > 0


def test_nothing_is_walked_while_nothing_is_known() -> None:
    plan = plan_search(SearchQuery.read("the cust*"), (), WordShares())

    assert plan.rows_to_walk(26) == 0
    assert plan.found.startswith("'the' & ('cust'")
