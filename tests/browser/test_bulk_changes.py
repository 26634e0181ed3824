"""Changing many incidents in a real browser: choosing them, the change, its progress, its report and its undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, BulkChange, BulkChangeRow, Incident, User
from incidents.services.bulk_changes import advancing
from tests.browser.test_incident import WORKS
from tests.make import make_custom_field, make_incident, make_user, merge
from tests.services.test_bulk_changes import Kind, severity, started

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Browse, Theme

LOOKS: list[tuple[Theme, bool]] = [("light", False), ("dark", False), ("light", True), ("dark", True)]
ALL = 28


@pytest.fixture
def rosa(committed_db: None) -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def incidents(rosa: User) -> list[Incident]:
    return [make_incident(f"Payouts late {number}", actor=Actor.of_user(rosa)) for number in range(ALL)]


@pytest.fixture
def slow_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each answer do five rows, so that there is something to wait for."""
    monkeypatch.setattr(advancing, "STEP", 5)
    monkeypatch.setattr("incidents.web.views.bulk_changes.SECONDS_OF_A_STEP", 0)
    monkeypatch.setattr("incidents.web.views.bulk_changes.SECONDS_OF_A_PRESS", 0)


def rows(page: Page) -> Locator:
    return page.locator("#selection tbody [type=checkbox]")


def ticked(page: Page) -> Locator:
    return page.locator("#selection tbody :checked")


def test_all_that_match_are_changed_and_undone(
    browse: Browse, rosa: User, incidents: list[Incident], slow_steps: None
) -> None:
    page = browse(rosa)
    page.goto("/incidents/")
    everything = page.get_by_role("checkbox", name=f"Select all {ALL} that match")
    page.get_by_role("checkbox", name="Select the whole page").check()
    expect(ticked(page)).to_have_count(25)
    expect(page.get_by_text("All 25 on this page are selected.")).to_be_visible()
    everything.check()
    page.get_by_role("group", name="Selected incidents").get_by_role("button", name="Severity").click()

    expect(page).to_have_url(re.compile(r"/incidents/bulk/\?all=[^&]*&kind=severity$"))
    page.get_by_role("combobox", name="Severity").select_option("Critical")
    page.get_by_role("textbox", name="Update").fill("It got worse.")
    # Another choice keeps the words.
    page.get_by_role("combobox", name="Severity").select_option("Minor")
    expect(page.locator("#preview")).to_contain_text("Minor")
    expect(page.get_by_role("textbox", name="Update")).to_have_value("It got worse.")
    page.get_by_role("button", name=f"Change {ALL} incidents").click()

    expect(page.get_by_role("heading", name="Severity to Minor")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#say")).to_contain_text(f"Done: {ALL} changed")
    assert BulkChangeRow.objects.filter(outcome="changed").count() == ALL
    assert {one.updates.filter(message="It got worse.").count() for one in incidents} == {1}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Undo of Severity to Minor")).to_be_visible()
    expect(page.locator("#say")).to_contain_text(f"Done: {ALL} changed")
    page.get_by_role("link", name="Show these incidents in the list").click()
    expect(page.locator("#count")).to_have_text(f"{ALL} incidents")
    page.get_by_role("link", name="Remove filter Bulk change").click()
    expect(page).to_have_url(re.compile(r"status_category\[one_of\]=any"))


@pytest.mark.parametrize("how", WORKS)
def test_the_ticked_ones_with_and_without_javascript(
    browse: Browse, rosa: User, incidents: list[Incident], slow_steps: None, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto("/incidents/?page_size=50")
    expect(page.get_by_role("button", name="Severity")).to_be_hidden()
    for number in range(7):
        rows(page).nth(number).check()
    page.get_by_role("button", name="Severity").click()
    page.get_by_role("combobox", name="Severity").select_option("Critical")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name="Change 7 incidents").click()

    # Five are done; the rest goes by itself, or by the button that any browser has.
    press_unless_scripted(page, how)
    set_link = page.get_by_role("link", name="Show these incidents in the list")
    expect(set_link).to_be_visible()
    set_link.click()
    expect(page.locator("#count")).to_have_text("7 incidents")
    assert BulkChange.objects.get().finished_at is not None


def press_unless_scripted(page: Page, how: dict[str, Any]) -> None:
    presses = 0 if how.get("javascript", True) else 1
    for _ in range(presses):
        page.get_by_role("button", name="Continue").click()


def test_all_that_match_without_javascript(browse: Browse, rosa: User, incidents: list[Incident]) -> None:
    page = browse(rosa, javascript=False)
    page.goto("/incidents/")
    expect(page.get_by_role("checkbox", name="Select the whole page")).to_be_hidden()
    rows(page).first.check()
    page.get_by_role("checkbox", name=f"Select all {ALL} that match").check()
    page.get_by_role("button", name="Lead").click()

    expect(page.get_by_role("heading", name=f"Change {ALL} incidents")).to_be_visible()


def test_keys_tick_a_range_and_clear_it(browse: Browse, rosa: User, incidents: list[Incident]) -> None:
    page = browse(rosa)
    page.goto("/incidents/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(ticked(page)).to_have_count(1)
    for _ in range(4):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(ticked(page)).to_have_count(5)
    expect(page.locator("#say")).to_have_text("5 selected")
    rows(page).nth(9).click(modifiers=["Shift"])
    expect(ticked(page)).to_have_count(10)

    page.keyboard.press("Escape")
    expect(ticked(page)).to_have_count(0)
    expect(page.locator("#bulk_bar")).to_be_hidden()


def test_to_untick_one_is_not_to_mean_all(browse: Browse, rosa: User, incidents: list[Incident]) -> None:
    page = browse(rosa)
    page.goto("/incidents/")
    whole = page.get_by_role("checkbox", name="Select the whole page")
    whole.check()
    everything = page.locator("[name=all]")
    everything.check()
    expect(page.locator("#say")).to_have_text(re.compile(f"Select all {ALL} that match"))

    rows(page).nth(3).uncheck()
    expect(everything).not_to_be_checked()
    expect(everything).to_be_hidden()
    assert whole.evaluate("box => box.indeterminate")
    page.get_by_role("button", name="Clear").click()
    expect(whole).not_to_be_checked()
    # The list drawn anew can be chosen from as well.
    page.locator("#results").get_by_role("link", name="Older").click()
    expect(rows(page)).to_have_count(3)
    whole.check()
    expect(ticked(page)).to_have_count(3)


def test_a_custom_field_is_named_and_then_filled(
    browse: Browse, rosa: User, incidents: list[Incident]
) -> None:
    make_custom_field("Region", options=("Europe", "Asia"))
    page = browse(rosa)
    page.goto(f"/incidents/bulk/?id={incidents[0].reference}&kind=custom_field")
    page.get_by_role("combobox", name="Field").select_option("Region")
    page.get_by_role("combobox", name="Value").select_option("Europe")

    page.get_by_role("button", name="Change 1 incident").click()

    expect(page.get_by_role("heading", name="Region to Europe")).to_be_visible()
    assert incidents[0].custom_field_entries.get().label == "Europe"


@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_pages_are_accessible_and_fit(
    browse: Browse,
    rosa: User,
    incidents: list[Incident],
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    merge(incidents[0], incidents[1])
    references = [f"id={one.reference}" for one in incidents[:4]]
    change = started(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), *incidents[:4])
    page = browse(rosa, theme=theme, phone=phone)
    page.goto("/incidents/")
    rows(page).first.check()
    page.get_by_role("button", name="Whole page").click() if phone else page.locator("#select_page").check()
    expect(page.locator("#bulk_bar")).to_contain_text("All 25 on this page are selected.")
    assert_accessible(page)
    assert_fits(page)
    if phone:
        sizes = page.locator("#bulk_bar button, #bulk_bar label").evaluate_all(
            "all => all.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().height)"
        )
        assert min(sizes) >= 44
    for address in (
        f"/incidents/bulk/?{'&'.join(references)}",
        f"/incidents/bulk/?{'&'.join(references)}&kind=status&chosen=status&incident_status=closed",
        f"/incidents/bulk/?{'&'.join(references)}&kind=status&chosen=status&incident_status=",
        "/incidents/bulk/?id=INC-999&kind=status",
        "/incidents/bulk/recent/",
        change.get_absolute_url(),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        assert_fits(page)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
