"""The frame of the settings: the list at the side, and the door to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from incidents.web.settings_pages import SETTINGS_PAGES
from tests.make import make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

ITEM = re.compile(r'<a class="nav-link"\s+href="([^"]+)"( aria-current="page")?><svg.*?</svg>([^<]+)</a>')


def items_of(text: str) -> list[tuple[str, bool]]:
    """Return the names in the list at the side, and which of them is current."""
    (side,) = re.findall(r'<nav class="part-nav" aria-label="Settings">.*?</nav>', text, re.DOTALL)
    return [(name, bool(current)) for _, current, name in ITEM.findall(side)]


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("administrator", "/settings/api-keys/"),
        ("responder", "/preferences/"),
        ("viewer", "/preferences/"),
    ],
)
def test_settings_begin_with_the_first_page_that_one_may_open(
    client: Client, role: str, address: str
) -> None:
    client.force_login(make_user(role=role))

    response = client.get("/settings/")

    assert (response.status_code, response.headers["Location"]) == (302, address)


def test_administrators_find_every_page(client: Client) -> None:
    client.force_login(make_user(role="administrator"))

    items = items_of(client.get("/preferences/").text)

    assert [name for name, _ in items] == [page.name for page in SETTINGS_PAGES]


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_others_find_what_they_may_open(client: Client, role: str) -> None:
    client.force_login(make_user(role=role))

    assert items_of(client.get("/preferences/").text) == [
        ("API reference", False),
        ("Preferences", True),
        ("Feeds", False),
    ]


@pytest.mark.parametrize("page", SETTINGS_PAGES, ids=lambda page: page.name)
def test_every_item_leads_to_a_page(client: Client, page) -> None:
    client.force_login(make_user(role="administrator"))

    assert client.get(page.url, follow=True).status_code == 200


@pytest.mark.parametrize(
    "page", [page for page in SETTINGS_PAGES if page.is_framed], ids=lambda page: page.name
)
def test_the_page_that_is_open_is_marked_alone(client: Client, page) -> None:
    client.force_login(make_user(role="administrator"))

    items = items_of(client.get(page.url).text)

    assert [name for name, is_current in items if is_current] == [page.name]


def test_the_navigation_ends_with_the_settings(client: Client) -> None:
    client.force_login(make_user())

    inside, outside = (client.get(address).text for address in ("/preferences/", "/incidents/new/"))

    assert 'href="/settings/" aria-current="true"' in inside
    assert 'href="/settings/">' in outside
