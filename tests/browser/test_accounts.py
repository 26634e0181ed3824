"""Login, preferences and failures in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.make import PASSWORD, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Browse, Theme

GATE_PAGES = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/no-such-page/",
]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_logs_in_and_out(browse: Browse, javascript: bool) -> None:
    user = make_user()
    page = browse(javascript=javascript)

    page.goto("/preferences/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Preferences", level=1)).to_be_visible()
    page.locator("main").get_by_role("button", name="Log out").click()

    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_wrong_password_is_explained_and_the_e_mail_kept(browse: Browse) -> None:
    page = browse(phone=True)

    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_contain_text("E-mail or password is wrong.")
    expect(page.get_by_label("E-mail")).to_have_value("alice@example.com")


@pytest.mark.parametrize("javascript", [True, False])
def test_preferences_change_the_theme_and_the_zone(browse: Browse, javascript: bool) -> None:
    page = browse(make_user(), javascript=javascript)

    page.goto("/preferences/")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_text("Dark", exact=True).click()
    page.get_by_role("button", name="Save preferences").click()

    expect(page.get_by_text("Preferences saved.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


@pytest.mark.parametrize(("theme", "phone"), [("light", False), ("dark", True)])
@pytest.mark.parametrize("address", GATE_PAGES)
def test_pages_before_the_login_are_accessible(
    browse: Browse, assert_accessible: Callable[[Page], None], address: str, theme: Theme, phone: bool
) -> None:
    page = browse(theme=theme, phone=phone)

    page.goto(address)

    assert_accessible(page)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(("theme", "phone"), [("light", False), ("dark", True)])
def test_preferences_are_accessible(
    browse: Browse, assert_accessible: Callable[[Page], None], theme: Theme, phone: bool
) -> None:
    page = browse(make_user(), theme=theme, phone=phone)

    page.goto("/preferences/")

    assert_accessible(page)
    assert not scrolls_sideways(page)


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
