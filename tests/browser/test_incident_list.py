"""The list in a browser: filtering without leaving the page, and all of it without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from incidents.models import Configuration
from tests.make import make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Browse


@pytest.fixture
def incidents(committed_db: None) -> None:
    service = make_custom_field("Service", options=("Payouts",), similarity="service")
    configuration = Configuration.current()
    payouts = configuration.options[service.pk].by_slug["payouts"].pk
    assert configuration.lead_role is not None
    lead = make_user("Tomás Vidal")
    make_incident(
        "Payout API returning 502",
        severity="critical",
        status="fixing",
        custom_fields={service.pk: (payouts,)},
        roles={configuration.lead_role.pk: lead.pk},
    )
    make_incident("Wallet button missing", severity="moderate", status="triage")
    for number in range(30):
        make_incident(f"Dashboard login slow {number}", severity="minor", status="monitoring")


@pytest.fixture
def page_of_list(browse: Browse, incidents: None) -> Page:
    page = browse(make_user("Rosa Lund"))
    page.goto("/incidents/")
    return page


def test_typing_filters_in_place(page_of_list: Page) -> None:
    page = page_of_list
    page.evaluate("window.isSamePage = true")
    page.keyboard.press("/")
    page.keyboard.type("payout")

    expect(page.locator(".incident-row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"search=payout"))
    expect(page.locator("#filter-text")).to_be_focused()
    expect(page.locator("#say")).to_have_text(re.compile("1 incident"))
    assert page.evaluate("window.isSamePage")

    page.fill("#filter-text", "")
    expect(page.locator(".incident-row")).to_have_count(25)
    expect(page).not_to_have_url(re.compile("search"))


def test_filter_is_added_changed_and_removed(page_of_list: Page) -> None:
    page = page_of_list
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#filter-add summary", has_text="Severity").click()
    page.locator("#filter-add").get_by_label("Critical").check()
    page.locator("#filter-add details[open]").get_by_role("button", name="Add filter").click()
    expect(page.locator(".incident-row")).to_have_count(1)
    expect(page).to_have_url(
        re.compile(r"/incidents/\?status_category\[one_of\]=open&severity\[one_of\]=critical$")
    )

    expect(page.get_by_role("button", name=re.compile("change values of Severity"))).to_be_focused()

    page.get_by_role("button", name=re.compile("change operator of Severity")).click()
    page.get_by_role("link", name="is none of").click()
    expect(page.locator(".incident-row")).to_have_count(25)

    page.get_by_role("link", name="Remove filter Severity").click()
    expect(page).to_have_url(re.compile(r"\?status_category\[one_of\]=open$"))
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_focused()
    page.go_back()
    expect(page.get_by_role("link", name="Remove filter Severity")).to_be_visible()


def test_pages_and_order(page_of_list: Page) -> None:
    page = page_of_list
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".incident-row")).to_have_count(7)
    expect(page.locator("#results")).to_be_focused()
    page.get_by_role("link", name="Ref").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile("Ref"))
    expect(page).to_have_url(re.compile("sort_by=created_at_newest_first"))
    expect(page.locator("#sort-reference")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?severity[gte]=major", "?search=nowhere", "?severity[one_of]=foo"])
def test_list_is_accessible(
    browse: Browse,
    incidents: None,
    assert_accessible: Callable[[Page], None],
    phone: bool,
    theme: Literal["light", "dark"],
    query: str,
) -> None:
    page = browse(make_user("Rosa Lund"), theme=theme, phone=phone)
    page.goto(f"/incidents/{query}")

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_open_menus_are_accessible(page_of_list: Page, assert_accessible: Callable[[Page], None]) -> None:
    page_of_list.get_by_role("button", name="Filter", exact=True).click()
    page_of_list.locator("#filter-add summary", has_text="Severity").click()

    assert_accessible(page_of_list)


def test_terms_become_chips_on_enter(browse: Browse, incidents: None) -> None:
    page = browse(make_user("Rosa Lund"))
    page.goto("/incidents/")
    page.fill("#filter-text", "severity:critical")
    page.keyboard.press("Enter")

    expect(page.get_by_role("group", name="Filter: Severity is Critical")).to_be_visible()
    expect(page).to_have_url(re.compile(r"severity\[one_of\]=critical$"))
    expect(page.locator("#filter-text")).to_have_value("")
    expect(page.locator("#filter-text")).to_be_focused()
    page.keyboard.type("sevrity:critical")
    page.keyboard.press("Enter")
    expect(page.locator("#search_notes")).to_contain_text("Did you mean severity?")
    expect(page.locator("#filter-text")).to_have_value("sevrity:critical")


def test_help_of_the_search_is_accessible(
    page_of_list: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page_of_list.get_by_role("button", name="How to search").click()
    expect(page_of_list.locator("#search_help")).to_contain_text("severity:>=moderate")

    assert_accessible(page_of_list)


def test_help_of_the_search_is_a_page_without_javascript(browse: Browse, incidents: None) -> None:
    page = browse(make_user("Rosa Lund"), javascript=False)
    page.goto("/incidents/")
    page.get_by_role("button", name="How to search").click()
    page.locator("#search_help").get_by_role("link", name="How to search").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("How to search")
    expect(page.get_by_role("main")).to_contain_text("severity:>=moderate")


def test_list_is_whole_without_javascript(browse: Browse, incidents: None) -> None:
    page = browse(make_user("Rosa Lund"), javascript=False)
    page.goto("/incidents/")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#filter-add summary", has_text="Severity").click()
    page.locator("#filter-add").get_by_label("Critical").check()
    page.locator("#filter-add details[open]").get_by_role("button", name="Add filter").click()
    expect(page.locator(".incident-row")).to_have_count(1)
    page.get_by_role("link", name="Remove filter Severity").click()
    page.fill("#filter-text", "wallet")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("search=wallet"))
    expect(page.locator(".incident-row")).to_have_count(1)


def test_welcome_is_accessible(browse: Browse, assert_accessible: Callable[[Page], None]) -> None:
    page = browse(make_user("Ada", role="administrator"))
    page.goto("/")

    assert_accessible(page)
