"""A person's own preferences, and the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.make import make_user
from tests.web.test_accounts import ELSEWHERE

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

PREFERENCES = "/preferences/"
CHOSEN = {"name": "Alice M.", "time_zone": "Europe/Zurich", "theme": "dark"}


def test_preferences_are_stored(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    response = client.post(PREFERENCES, CHOSEN)

    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.time_zone, user.shortcuts_enabled) == ("Alice M.", "Europe/Zurich", False)
    assert response.cookies["theme"].value == "dark"


def test_the_page_shows_what_is_stored(client: Client) -> None:
    client.force_login(make_user(time_zone="Asia/Tokyo"))

    response = client.get(PREFERENCES)

    assert '<option value="Asia/Tokyo" selected>' in response.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "nul\x00"),
        ("name", "x" * 201),
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", "../../etc/passwd"),
        ("theme", "purple"),
    ],
)
def test_bad_value_is_explained_and_nothing_stored(client: Client, field: str, value: str) -> None:
    user = make_user()
    client.force_login(user)

    response = client.post(PREFERENCES, {**CHOSEN, field: value})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    user.refresh_from_db()
    assert user.name == "Alice Moreau"


def test_names_of_any_script_are_kept(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    client.post(PREFERENCES, {**CHOSEN, "name": "  محمد\t😀 Ağa "})

    user.refresh_from_db()
    assert user.name == "محمد 😀 Ağa"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_kept_in_the_browser_and_written_by_the_server(client: Client, theme: str) -> None:
    client.post("/theme/", {"theme": theme})

    assert f'<html lang="en-GB" data-theme="{theme}">' in client.get("/accounts/login/").text


def test_no_theme_follows_the_system(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "system"})

    assert '<html lang="en-GB">' in client.get("/accounts/login/").text


def test_forged_theme_cookie_is_not_written(client: Client) -> None:
    client.cookies["theme"] = 'x" onload="alert(1)'

    assert '<html lang="en-GB">' in client.get("/accounts/login/").text


def test_theme_leads_back_to_the_page(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/incidents/?search=a"})

    assert response.headers["Location"] == "/incidents/?search=a"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_theme_leads_nowhere_else(client: Client, address: str) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": address})

    assert response.headers["Location"] == "/"


def test_theme_takes_a_post(client: Client) -> None:
    assert client.get("/theme/").status_code == 405
