"""Importing in a real browser: the whole way with and without JavaScript, in both themes, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from incidents.services.importing import advancing
from tests.make import make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Page

    from incidents.models import User
    from tests.browser.conftest import Browse, Theme

IMPORT = "/settings/import/"
LOOKS: list[tuple[Theme, bool]] = [("light", False), ("dark", False), ("light", True), ("dark", True)]
FILE: FilePayload = {
    "name": "opsgenie-2019-2025-all-teams-and-everything-else.csv",
    "mimeType": "text/csv",
    "buffer": (
        b"Id,Title,Priority,State,Created,A column that nobody knows and that has a long name\n"
        b"A,Payouts late,P1,Closed,2024-03-02 13:06,x\n"
        b"B,Cache cold,Minor,Closed,never,x\n"
        b"C,Queue long,Minor,Closed,2024-03-04 13:06,x\n"
        b"D,Queue long,Minor,Closed,2024-03-04 13:16,x\n"
    ),
}


@pytest.fixture
def administrator(committed_db: None) -> User:
    return make_user("Priya Raman", role="administrator")


@pytest.fixture
def slow_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each answer do two rows, so that there is something to wait for."""
    monkeypatch.setattr(advancing, "BATCH", 2)
    monkeypatch.setattr("incidents.web.views.imports.SECONDS_OF_A_PAGE", 0)
    monkeypatch.setattr("incidents.web.views.imports.SECONDS_OF_A_POLL", 0)


def send_file(page: Page) -> None:
    page.goto(IMPORT)
    page.get_by_label("File", exact=True).set_input_files(FILE)
    page.get_by_role("button", name="Go on to columns").press("Enter")
    expect(page.get_by_role("heading", name="Columns")).to_be_visible()


def start_dry_run(page: Page) -> None:
    page.get_by_label("P1", exact=True).select_option("Critical")
    page.get_by_role("button", name="Start the dry run").press("Enter")
    expect(page.get_by_text("“never” is no date that can be read.")).to_be_visible(timeout=30_000)


@pytest.mark.usefixtures("slow_batches")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_imported_by_keyboard(browse: Browse, administrator: User, javascript: bool) -> None:
    page = browse(administrator, javascript=javascript)

    send_file(page)
    start_dry_run(page)
    assert Incident.objects.count() == 0
    page.get_by_role("radio", name="Leave out").press("Space")
    page.get_by_role("button", name="Import 3 incidents").press("Enter")

    expect(page.get_by_text("is imported.")).to_be_visible(timeout=30_000)
    assert sorted(incident.name for incident in Incident.objects.all()) == ["Payouts late", "Queue long"]
    page.get_by_role("link", name="INC-1").press("Enter")
    expect(page.get_by_role("heading", name="Payouts late")).to_be_visible()


@pytest.mark.usefixtures("slow_batches")
def test_what_is_done_is_said(browse: Browse, administrator: User) -> None:
    page = browse(administrator)

    send_file(page)
    start_dry_run(page)

    expect(page.locator("#say")).to_have_text("Dry run done")


@pytest.mark.usefixtures("slow_batches")
@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_every_step_is_accessible(
    browse: Browse,
    administrator: User,
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    page = browse(administrator, theme=theme, phone=phone)

    page.goto(IMPORT)
    page.get_by_role("button", name="Go on to columns").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page, assert_accessible)
    send_file(page)
    check(page, assert_accessible)
    page.get_by_label("Title", exact=True).select_option("Leave out")
    page.get_by_role("button", name="Start the dry run").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page, assert_accessible)
    page.get_by_label("Title", exact=True).select_option("Name")
    page.get_by_role("button", name="Start the dry run").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert_accessible(page)
    expect(page.get_by_role("link", name="Back to columns")).to_be_visible()
    check(page, assert_accessible)
    page.get_by_role("button", name="Import 2 incidents").click()
    expect(page.get_by_text("is imported.")).to_be_visible(timeout=30_000)
    check(page, assert_accessible)
    page.goto(IMPORT)
    check(page, assert_accessible)


def check(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    assert_accessible(page)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert size is not None
    page.set_viewport_size(size)
