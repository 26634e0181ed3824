"""The page of words that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Actor, SynonymGroup, TokenReading
from incidents.services.similarity import rereading
from incidents.services.similarity.rereading import want_reading
from incidents.services.synonyms import add_synonym_group
from tests.forms import read_form
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from incidents.models import User

pytestmark = pytest.mark.django_db

WORDS = "/settings/duplicates/words/"


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_user("Priya Raman", role="administrator")
    client.force_login(user)
    return user


def test_a_group_is_added_changed_and_removed(client: Client, administrator: User) -> None:
    make_incident()
    form = read_form(client.get(f"{WORDS}new/"), "synonym-form")
    added = client.post(f"{WORDS}new/", form.filled(words="Wallet purse"), follow=True)
    group = SynonymGroup.objects.get()
    form = read_form(client.get(f"{WORDS}{group.pk}/edit/"), "synonym-form")
    changed = client.post(f"{WORDS}{group.pk}/edit/", form.filled(words="wallet purse balance"), follow=True)
    asked = client.get(f"{WORDS}{group.pk}/remove/")
    removed = client.post(f"{WORDS}{group.pk}/remove/", follow=True)

    assert "“wallet, purse” is added." in added.text
    assert form.values["words"] == ["wallet purse"]
    assert "wallet, purse, balance" in changed.text
    assert "Remove “wallet, purse, balance”?" in asked.text
    assert "No words of your own yet" in removed.text
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize("words", ["", "wallet", "wallet the", "a\x00b c", "x" * 1_000_000])
def test_what_is_wrong_is_told_by_the_field(client: Client, administrator: User, words: str) -> None:
    response = client.post(f"{WORDS}new/", {"words": words})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["words"]
    assert 'aria-invalid="true"' in response.text


def test_a_word_of_another_group_is_refused_with_what_was_typed(client: Client, administrator: User) -> None:
    add_synonym_group("wallet purse", Actor.of_user(administrator))

    response = client.post(f"{WORDS}new/", {"words": "purse <b>cash"})

    assert response.status_code == 422
    assert "“purse” is in another group already: wallet, purse." in response.text
    assert read_form(response, "synonym-form").values["words"] == ["purse <b>cash"]


def test_the_page_tells_how_far_reading_again_has_come(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading, "BATCH", 2)
    for number in range(5):
        make_incident(f"Scanner {number} offline")

    response = client.post(f"{WORDS}new/", {"words": "wallet purse"}, follow=True)

    assert "Re-reading 2 of 5 incidents" in response.text


def test_a_small_installation_is_done_at_once(client: Client, administrator: User) -> None:
    make_incident()

    response = client.post(f"{WORDS}new/", {"words": "wallet purse"}, follow=True)

    assert TokenReading.objects.get().is_done
    assert "Re-reading" not in response.text


def test_a_group_that_is_gone_is_not_found(client: Client, administrator: User) -> None:
    group = add_synonym_group("wallet purse", Actor.of_user(administrator))
    client.post(f"{WORDS}{group.pk}/remove/")

    for address in ("edit", "remove"):
        assert client.get(f"{WORDS}{group.pk}/{address}/").status_code == 404
        assert client.post(f"{WORDS}{group.pk}/{address}/", {"words": "a b"}).status_code == 404


@pytest.mark.parametrize("count", [5, 100])
def test_the_list_costs_the_same_whatever_there_is(
    client: Client, administrator: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    want_reading()
    SynonymGroup.objects.bulk_create(SynonymGroup(words=f"left{n}a right{n}a") for n in range(count))

    with django_assert_num_queries(4):
        assert client.get(WORDS).text.count("left") >= count
