"""Pages of one property, opened directly in a real browser: they end on the incident, with and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, User
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from incidents.models import Incident
    from tests.browser.conftest import Browse


@pytest.fixture
def rosa(committed_db: None) -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def incident(rosa: User) -> Incident:
    return make_incident("Checkout API returning 500s in eu-west-1", actor=Actor.of_user(rosa))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    ("noun", "button", "changed"),
    [
        ("severity", "Critical", "Severity: Critical. Change severity"),
        ("status", "Fixing", "Status: Fixing. Change status"),
    ],
)
def test_a_choice_ends_on_the_incident(
    browse: Browse, rosa: User, incident: Incident, noun: str, button: str, changed: str, *, javascript: bool
) -> None:
    page = browse(rosa, javascript=javascript)
    page.goto(f"{incident.get_absolute_url()}{noun}/")

    page.get_by_role("button", name=button).click()

    expect(page.get_by_role("button", name=changed)).to_be_visible()
    expect(page.locator("h1")).to_have_text(incident.name)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_role_ends_on_the_incident(
    browse: Browse, rosa: User, incident: Incident, *, javascript: bool
) -> None:
    page = browse(rosa, javascript=javascript)
    page.goto(f"{incident.get_absolute_url()}lead/")

    page.get_by_role("combobox").select_option(rosa.email)
    page.get_by_role("button", name="Save").click()

    expect(page.locator("h1")).to_have_text(incident.name)
    expect(page.get_by_text("is Rosa Lund now.")).to_be_visible()


def test_cancel_leads_to_the_incident(browse: Browse, rosa: User, incident: Incident) -> None:
    page = browse(rosa)
    page.goto(f"{incident.get_absolute_url()}lead/")

    page.get_by_role("link", name="Cancel").click()

    expect(page.locator("h1")).to_have_text(incident.name)
