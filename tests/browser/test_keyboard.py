"""Keys and the command palette, driven by the keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Browse, Theme


@pytest.fixture
def incidents(committed_db: None) -> None:
    make_incident("Wallet button missing", severity="minor")
    make_incident("Payout API returning 502", severity="critical")


@pytest.fixture
def page(browse: Browse, incidents: None) -> Page:
    page = browse(make_user("Rosa Lund"))
    page.goto("/incidents/")
    return page


def active(page: Page) -> str:
    """Return the words of the option that is walked on."""
    return page.locator("#palette [aria-selected=true]").inner_text()


def test_palette_opens_an_incident(page: Page) -> None:
    page.locator("#filter-text").focus()  # it opens from within a field, too
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    expect(page.locator("#palette [role=option]").first).to_be_visible()

    page.keyboard.type("payout")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Payout API returning 502")
    expect(page.locator("#palette-input")).to_have_attribute("aria-expanded", "true")
    chosen = page.locator("#palette-input").get_attribute("aria-activedescendant")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/incidents/INC-2/$"))


def test_palette_is_walked_in_both_directions(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Declare")
    page.keyboard.press("ArrowDown")
    assert "Change theme" in active(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#palette [role=option]").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    assert "Declare" in active(page)


def test_palette_changes_the_theme_and_gives_the_focus_back(page: Page) -> None:
    page.locator(".incident-row a").first.focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("theme")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#palette")).to_be_hidden()

    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_enter_waits_for_what_was_typed(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Declare")
    page.keyboard.type("payout")
    page.keyboard.press("Enter")  # before the list of these words is there

    expect(page).to_have_url(re.compile(r"/incidents/INC-2/$"))


def test_palette_without_a_match_says_so(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("zebra")

    expect(page.locator(".palette-none")).to_have_text("Nothing is called “zebra”.")
    expect(page.locator("#palette-say")).to_have_text("0 results")
    expect(page.locator("#palette-input")).to_have_attribute("aria-expanded", "false")


def test_keys_move_open_and_go(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(r"/incidents/INC-1/$"))
    page.wait_for_load_state()  # the address is there before the scripts
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile(r"/incidents/$"))
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile(r"severity\[gte\]=major"))
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile(r"/incidents/new/$"))


def test_f_opens_the_filters_and_escape_returns(page: Page) -> None:
    page.keyboard.press("f")
    expect(page.locator("#filter-add")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#filter-add")).to_be_hidden()
    expect(page.locator("#filter-add-button")).to_be_focused()


def test_question_mark_lists_the_keys(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.keyboard.press("?")

    expect(page.locator("#keys")).to_contain_text("Next incident")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_no_key_fires_while_typing(page: Page) -> None:
    page.locator("#filter-text").focus()
    page.keyboard.type("?fgl")

    expect(page.locator("#filter-text")).to_have_value("?fgl")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#filter-add")).to_be_hidden()


def test_single_keys_can_be_turned_off(browse: Browse, incidents: None) -> None:
    page = browse(make_user("Rosa Lund", shortcuts_enabled=False))
    page.goto("/incidents/")
    for key in ("?", "f", "j", "c"):
        page.keyboard.press(key)

    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#filter-add")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/incidents/$"))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_palette_is_accessible(
    browse: Browse, incidents: None, theme: Theme, phone: bool, assert_accessible: Callable[[Page], None]
) -> None:
    page = browse(make_user("Rosa Lund"), theme=theme, phone=phone)
    page.goto("/incidents/")
    page.keyboard.press("Control+k")
    page.keyboard.type("payout")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Payout")

    assert_accessible(page)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("address", ["/palette/?q=payout", "/keyboard/"])
def test_plain_pages_are_accessible(
    browse: Browse, incidents: None, address: str, phone: bool, assert_accessible: Callable[[Page], None]
) -> None:
    page = browse(make_user("Rosa Lund"), phone=phone)
    page.goto(address)

    assert_accessible(page)
