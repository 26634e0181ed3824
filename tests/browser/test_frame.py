"""The frame around every page, in a real browser: theme, menu, keys, time zone, and no way to lose typed text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.make import make_user

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Browse


def test_theme_changes_without_a_reload_and_stays(browse: Browse) -> None:
    page = browse(make_user())
    page.goto("/preferences/")
    page.evaluate("window.sameDocument = true")

    page.get_by_role("button", name="Switch to the dark theme").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("window.sameDocument")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Switch to the light theme")).to_be_visible()


def test_theme_changes_without_javascript(browse: Browse) -> None:
    page = browse(make_user(), theme="dark", javascript=False)
    page.goto("/preferences/")

    page.get_by_role("button", name="Switch to the light theme").click()

    expect(page).to_have_url(re.compile("/preferences/$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_menu_of_the_person_gives_the_focus_back(browse: Browse) -> None:
    page = browse(make_user(name="Priya Raman"))
    page.goto("/preferences/")
    button = page.locator(".nav-person")

    button.click()
    expect(page.locator("#person-menu")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#person-menu")).to_be_hidden()
    expect(button).to_be_focused()


def test_times_follow_the_browser(browse: Browse) -> None:
    page = browse(make_user())
    page.goto("/preferences/")

    page.reload()

    expect(page.locator(".nav-person")).to_contain_text("Times in")
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert cookies["tz"] == "Europe/London"


def test_keys_lead_to_search_and_declare(browse: Browse) -> None:
    page = browse(make_user())
    page.goto("/preferences/")

    page.keyboard.press("/")
    expect(page.locator("#nav-search")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("c")

    expect(page).to_have_url(re.compile("/incidents/new/$"))


def test_keys_are_letters_while_somebody_types(browse: Browse) -> None:
    page = browse(make_user())
    page.goto("/preferences/")

    page.locator("#nav-search").click()
    page.keyboard.type("c/jk")

    expect(page.locator("#nav-search")).to_have_value("c/jk")
    assert page.url.endswith("/preferences/")


def test_keys_can_be_turned_off(browse: Browse) -> None:
    page = browse(make_user(shortcuts_enabled=False))
    page.goto("/preferences/")

    page.keyboard.press("/")

    expect(page.locator("#nav-search")).not_to_be_focused()


@pytest.mark.parametrize("width", [320, 820, 1440])
def test_frame_fits_every_width(browse: Browse, width: int) -> None:
    page = browse(make_user(name="A name that is quite a bit longer than the column it has to fit into"))
    page.set_viewport_size({"width": width, "height": 700})

    page.goto("/preferences/")

    assert not overflows(page)


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
