"""The wall screen and the page of feeds, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.make import PASSWORD, make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Browse, Theme

LOOKS = [("light", False), ("dark", False), ("light", True), ("dark", True)]


@pytest.mark.parametrize("query", ["", "?theme=light"])
@pytest.mark.parametrize("phone", [False, True])
def test_kiosk_is_accessible_and_fits(
    browse: Browse, query: str, phone: bool, assert_accessible: Callable[[Page], None]
) -> None:
    make_incident("Payout API returning 502 for merchants in several countries", severity="critical")
    make_incident("Wallet button missing", severity="minor")
    page = browse(make_user("Wall", role="viewer"), phone=phone)
    page.goto(f"/incidents/kiosk/{query}")

    expect(page.locator(".kiosk-row")).to_have_count(2)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_kiosk_loads_itself_again_without_javascript(browse: Browse) -> None:
    user = make_user("Wall", role="viewer")
    page = browse(user, javascript=False)
    page.goto("/incidents/kiosk/")
    expect(page.locator(".kiosk-calm")).to_be_visible()

    page.get_by_role("link", name="Pause").click()
    expect(page.get_by_role("link", name="Go on")).to_be_visible()


@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_feeds_are_turned_on_and_off(
    browse: Browse, theme: Theme, phone: bool, assert_accessible: Callable[[Page], None]
) -> None:
    user = make_user("Rosa Lund")
    page = browse(theme=theme, phone=phone)
    page.goto("/accounts/login/?next=/settings/feeds/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/settings/feeds/$"))
    assert_accessible(page)

    page.get_by_role("button", name="Turn feeds on").press("Enter")
    expect(page.locator("#new_token")).to_be_focused()
    expect(page.get_by_label("For a calendar", exact=True)).to_have_value(re.compile(r"/incidents\.ics$"))
    assert_accessible(page)

    page.get_by_role("button", name="Turn feeds off").press("Enter")
    expect(page.get_by_text("Your feeds are off.")).to_be_visible()
