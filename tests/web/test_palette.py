"""The command palette and the list of keys, as pages and as what their dialogs fetch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incidents.web.palette import MOST_INCIDENTS
from tests.make import make_incident, make_saved_view, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def ask(client: Client, question: str) -> Any:
    return client.get("/palette/", {"q": question}, headers={"hx-request": "true"})


def options_on(response: Any) -> list[str]:
    """Return the addresses that are offered, from top to bottom."""
    return re.findall(r'role="option"[^>]*?href="([^"]*)"', response.content.decode())


def test_words_find_incidents_newest_first(rosa: Client) -> None:
    for number in range(MOST_INCIDENTS + 2):
        make_incident(f"Payout delayed {number}")
    make_incident("Login slow")

    found = [address for address in options_on(ask(rosa, "payout")) if "INC-" in address]

    assert found == [f"/incidents/INC-{number}/" for number in range(10, 2, -1)]


def test_incidents_that_are_called_so_come_first(rosa: Client) -> None:
    make_incident("Payout delayed")
    make_incident("Ledger slow", summary="Every payout waits for it.")

    assert options_on(ask(rosa, "payout")) == ["/incidents/INC-1/", "/incidents/INC-2/"]


def test_saved_views_are_offered_to_those_who_have_them(rosa: Client) -> None:
    own = make_saved_view("Payouts on fire")
    shared = make_saved_view("Payouts of all", is_shared=True)

    assert options_on(ask(rosa, "payouts")) == [f"/incidents/?view={shared.pk}"]
    assert own.pk not in ask(rosa, "payouts").content.decode()


@pytest.mark.parametrize("question", ["INC-2", "inc-2", "2"])
def test_a_reference_finds_its_incident_first(question: str, rosa: Client) -> None:
    make_incident("Payout delayed 2")
    make_incident("Login slow")

    assert options_on(ask(rosa, question))[0] == "/incidents/INC-2/"


def test_hidden_incidents_are_not_offered(rosa: Client) -> None:
    hidden = make_incident("Leaked signing key", visibility="private")

    for question in ("leaked", hidden.reference):
        answer = ask(rosa, question)
        assert options_on(answer) == []
        assert "Leaked signing" not in answer.content.decode()


def test_pages_and_actions_are_found_by_their_words(rosa: Client) -> None:
    assert options_on(ask(rosa, "decl"))[0] == "/incidents/new/"
    assert options_on(ask(rosa, "theme")) == ["/preferences/"]
    assert "/incidents/?status_category[one_of]=learning" in options_on(ask(rosa, "write-up"))


def test_pages_of_administrators_are_offered_to_them_alone(rosa: Client, client: Client) -> None:
    assert "/settings/api-keys/" not in options_on(ask(rosa, "api key"))

    client.force_login(make_user(role="administrator"))
    assert "/settings/api-keys/" in options_on(ask(client, "api key"))


def test_nothing_asked_offers_actions_and_pages(rosa: Client) -> None:
    make_incident("Payout delayed")

    addresses = options_on(ask(rosa, " "))

    assert "/incidents/new/" in addresses
    assert not any("INC-" in address for address in addresses)


def test_what_is_asked_is_text(rosa: Client) -> None:
    answer = ask(rosa, "<img src=x>")

    assert "<img" not in answer.content.decode()
    assert "Nothing is called “&lt;img src=x&gt;”." in answer.content.decode()


@pytest.mark.parametrize(
    "question", ["x" * 100_000, "%", "_", "\\", "'", "INC-99999999999999999999", "\u202e"]
)
def test_any_question_is_answered(question: str, rosa: Client) -> None:
    assert ask(rosa, question).status_code == 200


def test_it_is_a_page_of_its_own(rosa: Client) -> None:
    make_incident("Payout delayed")

    page = rosa.get("/palette/?q=payout").content.decode()

    assert "<html" in page
    assert '<a class="menu-item" href="/incidents/INC-1/">' in page
    assert 'role="option"' not in page


def test_keys_are_listed(rosa: Client) -> None:
    page = rosa.get("/keyboard/")
    fragment = rosa.get("/keyboard/", headers={"hx-request": "true"}).content.decode()

    assert "<html" in page.content.decode()
    assert "<html" not in fragment
    for words in ("Next incident", "Declare an incident", "Search or jump to"):
        assert words in fragment
