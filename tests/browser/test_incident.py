"""The incident page in a real browser: changes in place, updates, keys, and all of it without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, User
from tests.make import make_custom_field, make_incident, make_user, move_incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from incidents.models import Incident
    from tests.browser.conftest import Browse, Theme

WORKS = [{"javascript": True}, {"javascript": False}, {"phone": True}]


@pytest.fixture
def rosa(committed_db: None) -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def incident(rosa: User) -> Incident:
    make_custom_field("Service", options=("Payouts", "Ledger"))
    actor = Actor.of_user(rosa)
    made = make_incident("Checkout API returning 500s in eu-west-1", actor=actor, summary="**Half** of it")
    make_incident("Checkout API 500s in eu-west-1 once more", actor=actor)
    return move_incident(made, "fixing", actor=actor)


@pytest.mark.parametrize("how", WORKS)
def test_status_and_severity_are_changed_in_place(
    browse: Browse, rosa: User, incident: Incident, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())

    page.get_by_role("button", name="Status: Fixing. Change status").click()
    page.locator("#status-menu").get_by_role("button", name="Monitoring").click()
    expect(page.get_by_role("button", name="Status: Monitoring. Change status")).to_be_visible()
    page.get_by_role("button", name="Severity: Major. Change severity").click()
    page.locator("#severity-menu").get_by_role("button", name="Critical").click()

    expect(page.get_by_role("button", name="Severity: Critical. Change severity")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("raised severity from")
    expect(page.locator("#update-severity")).to_have_value("critical")


@pytest.mark.parametrize("how", WORKS)
def test_update_is_previewed_and_shared(
    browse: Browse, rosa: User, incident: Incident, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())

    page.locator("#update-message").fill("Rolled **back** to 4.18.2")
    page.get_by_label("Status", exact=True).select_option("monitoring")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".update-preview strong")).to_have_text("back")
    page.get_by_role("button", name="Share update").click()

    expect(page.locator(".update-card strong")).to_have_text("back")
    expect(page.get_by_role("button", name="Status: Monitoring. Change status")).to_be_visible()
    expect(page.locator("#update-message")).to_have_value("")


def test_update_says_that_it_was_shared_and_keeps_the_focus(
    browse: Browse, rosa: User, incident: Incident
) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())
    page.evaluate("window.sameDocument = true")

    page.keyboard.press("u")
    page.keyboard.type("Still looking")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#say")).to_have_text("Update shared")
    expect(page.locator(".update-card")).to_contain_text("Still looking")
    expect(page.locator("#update-message")).to_be_focused()
    assert page.evaluate("window.sameDocument")


def test_box_that_was_made_larger_breaks_no_policy(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())
    box = page.locator("#update-message")

    box.evaluate("box => (box.style.height = '200px')")  # as dragging its corner does
    box.fill("Soon")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator(".update-preview")).to_contain_text("Soon")


@pytest.mark.parametrize("how", WORKS)
def test_somebody_quicker_is_told_and_the_text_kept(
    browse: Browse, rosa: User, incident: Incident, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())
    page.locator("#update-message").fill("It is over")
    page.get_by_label("Status", exact=True).select_option("monitoring")
    move_incident(incident, "investigating", actor=Actor.of_user(make_user("Tomás Vidal")))

    page.get_by_role("button", name="Share update").click()

    expect(page.locator("#update-refusal")).to_contain_text("Tomás Vidal made it Investigating")
    expect(page.locator("#update-message")).to_have_value("It is over")
    page.get_by_role("button", name="Share update").click()
    expect(page.locator(".update-card")).to_contain_text("It is over")


@pytest.mark.parametrize("how", WORKS)
def test_lead_is_assigned_in_place(
    browse: Browse, rosa: User, incident: Incident, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())

    page.locator("#lead-button").click()
    page.get_by_label("Incident lead").select_option(rosa.email)
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#incident_head")).to_contain_text("Rosa Lund")
    expect(page.locator("#timeline")).to_contain_text("Rosa Lund became Incident lead")


def test_change_of_a_role_can_be_given_up(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())

    page.get_by_role("link", name=re.compile("change Scribe")).click()
    expect(page.get_by_label("Scribe")).to_be_focused()
    page.get_by_role("link", name="Cancel").click()

    expect(page.get_by_label("Scribe")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("change Scribe"))).to_be_focused()


def test_focus_returns_to_what_was_changed(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())

    page.keyboard.press("v")
    page.locator("#severity-menu").get_by_role("button", name="Critical").click()
    expect(page.get_by_role("button", name="Severity: Critical. Change severity")).to_be_focused()
    page.keyboard.press("l")
    page.get_by_label("Incident lead").select_option(rosa.email)
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#lead-button")).to_be_focused()
    expect(page.locator("#say")).to_have_text("Incident lead is Rosa Lund now")


def test_keys_open_what_they_name(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())

    page.keyboard.press("s")
    expect(page.locator("#status-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#status-button")).to_be_focused()
    page.keyboard.press("v")
    expect(page.locator("#severity-menu")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("l")

    expect(page.get_by_label("Incident lead")).to_be_visible()


def test_earlier_events_are_added_below(browse: Browse, rosa: User, incident: Incident) -> None:
    for _ in range(30):
        for status in ("monitoring", "fixing"):
            move_incident(incident, status, actor=Actor.of_user(rosa))
    page = browse(rosa)
    page.goto(incident.get_absolute_url())
    expect(page.locator("#timeline_entries > li:not(.timeline-day)")).to_have_count(50)

    page.get_by_role("link", name="Show earlier events").click()

    expect(page.locator("#timeline_entries > li:not(.timeline-day)")).to_have_count(62)
    expect(page.locator(".timeline-day")).to_have_count(1)
    expect(page.get_by_role("link", name="Show earlier events")).to_have_count(0)


def test_kinds_of_the_timeline_swap_it_alone(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())
    page.evaluate("window.sameDocument = true")

    page.get_by_role("link", name="Updates", exact=True).click()

    expect(page.locator("#timeline")).to_contain_text("No updates yet.")
    expect(page).to_have_url(re.compile(r"/timeline/\?kinds=updates$"))
    assert page.evaluate("window.sameDocument")
    page.reload()
    expect(page.locator("h1")).to_have_text(incident.name)


def test_related_incidents_follow_the_page(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())

    expect(page.locator("#related_incidents")).to_contain_text("once more")


@pytest.mark.parametrize("how", WORKS)
def test_edit_conflict_is_solved_on_the_page(
    browse: Browse, rosa: User, incident: Incident, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(f"{incident.get_absolute_url()}edit/")
    page.get_by_label("Status").select_option("monitoring")
    page.get_by_label("Name").fill("Checkout fails")
    move_incident(incident, "investigating", actor=Actor.of_user(make_user("Tomás Vidal")))

    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#conflict-title")).to_have_text(
        "Not saved yet: 1 field changed while you were editing"
    )
    page.get_by_label("Investigating, theirs").check()
    page.get_by_role("button", name="Save with these choices").click()

    expect(page.locator("h1")).to_have_text("Checkout fails")
    expect(page.get_by_role("button", name="Status: Investigating. Change status")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    browse: Browse,
    rosa: User,
    incident: Incident,
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    page = browse(rosa, theme=theme, phone=phone)
    for path in ("", "edit/", "status/", "lead/", "related/"):
        page.goto(f"{incident.get_absolute_url()}{path}")
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(incident.get_absolute_url())
    page.get_by_role("button", name=re.compile("Change status")).click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Share update").click()
    expect(page.locator("#update-refusal")).to_be_visible()
    assert_accessible(page)


def test_conflict_and_errors_of_the_form_are_accessible(
    browse: Browse, rosa: User, incident: Incident, assert_accessible: Callable[[Page], None]
) -> None:
    page = browse(rosa, phone=True)
    page.goto(f"{incident.get_absolute_url()}edit/")
    page.get_by_label("Status").select_option("monitoring")
    move_incident(incident, "investigating", actor=Actor.of_user(make_user("Tomás Vidal")))
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#errors")).to_be_focused()
    assert_accessible(page)

    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#errors")).to_contain_text("Say in one line what is happening.")
    expect(page.locator("#errors")).to_be_focused()
    assert_accessible(page)


def test_paper_holds_what_is_read_and_nothing_to_press(
    browse: Browse, rosa: User, incident: Incident
) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())

    page.emulate_media(media="print")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#timeline_entries")).to_be_visible()
    expect(page.locator("#update_form")).to_be_hidden()
    expect(page.locator(".nav")).to_be_hidden()
