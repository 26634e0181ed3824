"""The list for a wall screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incidents.web.kiosk import MOST_ROWS
from tests.make import make_incident, make_user, move_incident

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(client: Client) -> Client:
    client.force_login(make_user("Wall", role="viewer"))
    return client


def names_on(response: Any) -> list[str]:
    return [name.strip() for name in re.findall(r"<h2>\s*([^<]*)<small>", response.content.decode())]


def counts_on(response: Any) -> list[int]:
    return [count.number for count in response.context["kiosk"].counts]


def test_open_incidents_worst_first_with_counts(screen: Client) -> None:
    make_incident("Login slow", severity="minor")
    make_incident("Checkout down", severity="critical")
    make_incident("Search slow", severity="minor")
    move_incident(make_incident("Long over"), "closed")

    response = screen.get("/incidents/kiosk/")

    assert names_on(response) == ["Checkout down", "Search slow", "Login slow"]
    assert counts_on(response) == [1, 2]
    assert response.context["kiosk"].total == 3


def test_filters_are_those_of_the_list(screen: Client) -> None:
    make_incident("Login slow", severity="minor")
    make_incident("Checkout down", severity="critical")

    assert names_on(screen.get("/incidents/kiosk/?severity[gte]=major")) == ["Checkout down"]


def test_it_loads_itself_again_until_told_not_to(screen: Client) -> None:
    assert screen.get("/incidents/kiosk/")["Refresh"] == "30"
    assert "Refresh" not in screen.get("/incidents/kiosk/?refresh=off")


def test_it_is_dark_unless_asked(screen: Client) -> None:
    screen.cookies["theme"] = "light"

    assert 'data-theme="dark"' in screen.get("/incidents/kiosk/").content.decode()
    assert 'data-theme="light"' in screen.get("/incidents/kiosk/?theme=light").content.decode()


def test_hidden_incidents_are_neither_shown_nor_counted(screen: Client) -> None:
    make_incident("Leaked signing key", visibility="private")

    response = screen.get("/incidents/kiosk/")

    assert "Leaked" not in response.content.decode()
    assert response.context["kiosk"].total == 0
    assert "Nothing is on fire" in response.content.decode()


def test_a_filter_that_cannot_be_read_is_told(screen: Client) -> None:
    response = screen.get("/incidents/kiosk/?severity[one_of]=<b>huge")

    assert response.status_code == 422
    assert "&lt;b&gt;huge" in response.content.decode()
    assert response["Refresh"] == "30"


def test_rows_are_bounded_and_the_rest_is_counted(screen: Client) -> None:
    for number in range(MOST_ROWS + 2):
        make_incident(f"Checkout <i>{number}</i>")

    response = screen.get("/incidents/kiosk/")

    assert len(names_on(response)) == MOST_ROWS
    assert "and 2 others" in response.content.decode()
    assert "<i>" not in response.content.decode()
