"""Pages that refresh themselves, in a browser whose clock the test turns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, User
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from tests.make import make_incident, make_user, move_incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from incidents.models import Incident
    from tests.browser.conftest import Browse, Theme

POLL = 21_000


@pytest.fixture
def rosa(committed_db: None) -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def incident(rosa: User) -> Incident:
    make_incident("Wallet button missing", severity="minor")
    return make_incident("Payout API returning 502", severity="critical")


@pytest.fixture
def page(browse: Browse, rosa: User, incident: Incident) -> Page:
    page = browse(rosa)
    page.clock.install()
    page.goto("/incidents/")
    page.clock.run_for(POLL)
    page.wait_for_load_state("networkidle")
    return page


def test_rows_change_where_they_stand_and_new_ones_wait(page: Page, incident: Incident) -> None:
    page.locator(f"#{incident.reference} a").focus()
    edit_incident(incident.pk, IncidentEdit(name="Payout API is back"), Actor.of_user(make_user()))
    make_incident("Login fails for everybody", severity="critical")
    page.clock.run_for(POLL)

    expect(page.locator(f"#{incident.reference}")).to_contain_text("Payout API is back")
    expect(page.locator(f"#{incident.reference} a")).to_be_focused()
    expect(page.locator("#new_bar")).to_contain_text("1 new incident")
    expect(page.locator("#say")).to_have_text("1 new incident")
    expect(page.locator(".incident-row")).to_have_count(2)

    page.get_by_role("link", name=re.compile("1 new incident")).click()
    expect(page.locator(".incident-row")).to_have_count(3)
    expect(page.locator(".new-bar")).to_have_count(0)


def test_the_switch_pauses(page: Page) -> None:
    switch = page.get_by_role("button", name="Live")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    make_incident("Login fails for everybody")
    page.clock.run_for(POLL)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".new-bar")).to_have_count(0)

    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    make_incident("Search is slow")
    page.clock.run_for(POLL)
    expect(page.locator(".new-bar")).to_contain_text("new incident")


def test_events_come_above_the_others_and_typing_goes_on(
    browse: Browse, rosa: User, incident: Incident
) -> None:
    page = browse(rosa)
    page.clock.install()
    page.goto(incident.get_absolute_url())
    page.locator("#update-message").fill("We are looking")
    move_incident(incident, "monitoring")
    page.clock.run_for(POLL)

    expect(page.locator("#timeline_entries > li").nth(1)).to_contain_text("Monitoring")
    expect(page.locator(".timeline-day")).to_have_count(1)
    expect(page.locator("#incident_head")).to_contain_text("Monitoring")
    expect(page.locator("#update-message")).to_have_value("We are looking")
    expect(page.locator("#update-message")).to_be_focused()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_bar_can_be_read(
    browse: Browse,
    rosa: User,
    incident: Incident,
    theme: Theme,
    phone: bool,
    assert_accessible: Callable[[Page], None],
) -> None:
    page = browse(rosa, theme=theme, phone=phone)
    page.clock.install()
    page.goto("/incidents/")
    make_incident("Login fails for everybody")
    page.clock.run_for(POLL)
    expect(page.locator("#new_bar")).to_contain_text("1 new incident")

    assert_accessible(page)


def test_without_javascript_a_link_reloads(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa, javascript=False)
    page.goto("/incidents/?severity[gte]=major")

    expect(page.get_by_role("button", name="Live")).to_be_hidden()
    page.get_by_role("link", name="Reload").click()
    expect(page.locator(".incident-row")).to_have_count(1)
