"""Saved views, columns and the numbers of the filter menu in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, User
from incidents.services.saved_views import choose_start_view
from tests.make import make_incident, make_saved_view, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Browse

WIDE = "name,severity,reference,status,lead,lasted,updated_at,incident_type,creator,team,mode,role:scribe"


@pytest.fixture
def rosa(committed_db: None) -> User:
    rosa = make_user("Rosa Lund")
    make_incident("Payout API returning 502", severity="critical", status="fixing")
    make_incident("Wallet button missing", severity="moderate", status="triage")
    make_saved_view("Fires", actor=Actor.of_user(rosa))
    make_saved_view("Board", "status_category[one_of]=any&columns=name,mode", is_shared=True)
    return rosa


def test_view_is_saved_counted_and_updated(browse: Browse, rosa: User) -> None:
    page = browse(rosa)
    page.goto("/incidents/")
    expect(page.locator(".nav").get_by_role("link", name=re.compile("Fires"))).to_have_text(re.compile("1"))

    page.goto("/preferences/")
    expect(page.locator(".nav").get_by_role("link", name=re.compile("Fires"))).to_have_text(re.compile("1"))

    page.goto("/incidents/?severity[gte]=minor")
    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill("Minor and above")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minor and above")

    page.fill("#filter-text", "wallet")
    expect(page.locator(".incident-row")).to_have_count(1)
    page.locator("#update-view-form button").click()
    expect(page.get_by_text("View “Minor and above” updated.")).to_be_visible()
    expect(page.locator("#filter-text")).to_have_value("wallet")
    expect(page.locator(".nav [aria-current=page]")).to_have_text(re.compile("Minor and above"))


def test_columns_are_chosen_in_the_menu(browse: Browse, rosa: User) -> None:
    page = browse(rosa)
    page.goto("/incidents/")
    page.get_by_role("button", name="Display").click()
    page.get_by_role("link", name="Columns").click()
    held: list[Route] = []
    page.route("**/incidents/columns/*", lambda route: held.append(route))
    mode = page.locator("#columns_form").get_by_label("Mode", exact=True)
    page.get_by_label("Move Name up").click()
    # A tick at this moment would be lost with the form.
    expect(mode).to_be_disabled()
    held[0].continue_()
    expect(page.get_by_label("Move Name up")).to_be_focused()
    mode.check()
    page.get_by_role("button", name="Show columns").click()

    # The first is the one of the boxes to tick.
    expect(page.locator("thead th")).to_have_count(9)
    expect(page.locator("thead th").nth(2)).to_have_text("Name")
    expect(page).to_have_url(
        re.compile("columns=severity,name,reference,status,lead,lasted,updated_at,mode$")
    )


def test_menu_shows_numbers(browse: Browse, rosa: User) -> None:
    page = browse(rosa)
    page.goto("/incidents/")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#filter-add summary", has_text="Severity").click()

    expect(page.locator("#facet-severity-critical")).to_have_text("1")
    expect(page.locator("#facet-severity-major")).to_have_text("0")


def test_everything_works_without_javascript(browse: Browse, rosa: User) -> None:
    page = browse(rosa, javascript=False)
    page.goto("/incidents/?severity[gte]=major")
    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill("Major ones")
    page.get_by_label("Open the list with this view").check()
    page.get_by_role("button", name="Save view").click()
    page.goto("/incidents/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Major ones")
    page.get_by_role("button", name="Display").click()
    page.get_by_role("link", name="Columns").click()
    page.get_by_label("Move Ref up").click()
    page.get_by_label("Mode", exact=True).check()
    page.get_by_role("button", name="Show columns").click()
    expect(page.locator("thead th").nth(1)).to_have_text("Ref")
    expect(page.locator("thead th").last).to_have_text("Mode")
    page.locator("#update-view-form button").click()
    expect(page.locator("thead th").last).to_have_text("Mode")
    page.locator(".nav").get_by_role("link", name="Open", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open")


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/views/",
        "/views/new/?severity[gte]=major",
        "/views/new/?severity[one_of]=foo",
        "/views/{own}/edit/",
        "/views/{own}/delete/",
        "/incidents/columns/",
        f"/incidents/?columns={WIDE}",
        "/incidents/?view={own}&severity[gte]=minor",
        "/incidents/?view={own}&severity[gte]=foo",
    ],
)
def test_pages_are_accessible(
    browse: Browse,
    rosa: User,
    assert_accessible: Callable[[Page], None],
    phone: bool,
    theme: Literal["light", "dark"],
    address: str,
) -> None:
    own = make_saved_view("Mine", actor=Actor.of_user(rosa))
    choose_start_view(own, Actor.of_user(rosa))
    page = browse(rosa, theme=theme, phone=phone)
    page.goto(address.format(own=own.pk))

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_menus_are_accessible(
    browse: Browse, rosa: User, assert_accessible: Callable[[Page], None], theme: Literal["light", "dark"]
) -> None:
    page = browse(rosa, theme=theme)
    page.goto("/incidents/")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.locator("#filter-add summary", has_text="Severity").click()
    expect(page.locator("#facet-severity-critical")).to_have_text("1")
    assert_accessible(page)

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Display").click()
    page.get_by_role("link", name="Columns").click()
    expect(page.locator("#columns_form")).to_be_visible()
    assert_accessible(page)
