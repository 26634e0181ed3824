"""The API reference in a real browser: readable in both themes and on a phone, and its examples are copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, User
from tests.browser.test_settings import KEYS, LOOKS, scrolls_sideways
from tests.make import make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Browse, Theme

CREATE = "/docs/api/POST/v2/incidents"
LIST = "/docs/api/GET/v2/incidents"
DELETE = "/docs/api/DELETE/v2/actions/{id}"


@pytest.fixture
def priya(committed_db: None) -> User:
    priya = make_user("Priya Raman", role="administrator")
    make_custom_field("Service", options=("Payouts",))
    make_incident("Checkout API returning 500s in eu-west-1", actor=Actor.of_user(priya))
    return priya


@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_pages_are_accessible(
    browse: Browse,
    priya: User,
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    page = browse(priya, theme=theme, phone=phone)

    page.goto("/docs/api/")
    expect(page.get_by_role("heading", level=1, name="List incidents")).to_be_visible()
    assert_accessible(page)
    for path in (CREATE, DELETE):
        page.goto(path)
        assert_accessible(page)
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("width", [320, 390, 820, 1100])
def test_pages_fit_every_width(browse: Browse, priya: User, width: int) -> None:
    page = browse(priya)
    page.set_viewport_size({"width": width, "height": 700})

    for path in (LIST, CREATE, DELETE):
        page.goto(path)
        assert not scrolls_sideways(page)


def test_an_example_is_copied_by_keyboard(browse: Browse, priya: User) -> None:
    page = browse(priya)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(CREATE)
    example = page.get_by_role("region", name="curl").first

    example.get_by_role("button", name="Copy").press("Enter")

    expect(example.get_by_role("button", name="Copied")).to_be_focused()
    expect(page.locator("#say")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl -X POST ")
    assert copied == page.locator("#curl-text").text_content()


def test_pages_are_complete_without_javascript(browse: Browse, priya: User) -> None:
    page = browse(priya, javascript=False)

    page.goto(LIST)
    page.locator(f"a[href='{CREATE}']").click()

    expect(page.get_by_role("heading", level=1, name="Create an incident")).to_be_visible()
    expect(page.locator("#curl-text")).to_contain_text("curl -X POST")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_keys_and_reference_lead_to_each_other(browse: Browse, priya: User) -> None:
    page = browse(priya)
    page.goto(KEYS)

    page.get_by_role("link", name="How to use the API").click()
    expect(page.get_by_role("heading", level=1, name="List incidents")).to_be_visible()
    page.locator(".page-head").get_by_role("link", name="API keys").click()

    expect(page.get_by_role("heading", level=1, name="API keys")).to_be_visible()
