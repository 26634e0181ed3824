"""The settings in a real browser: a key's whole life by keyboard and without JavaScript, in both themes, on a phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import Actor, ApiKey
from incidents.services.api_keys import api_key_of_token, revoke_api_key
from tests.make import PASSWORD, make_api_key, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from incidents.models import User
    from tests.browser.conftest import Browse, Theme

KEYS = "/settings/api-keys/"
LONG_NAME = "deploymarker" * 16
LOOKS: list[tuple[Theme, bool]] = [("light", False), ("dark", False), ("light", True), ("dark", True)]


@pytest.fixture
def administrator(committed_db: None) -> User:
    return make_user("Priya Raman", role="administrator")


@pytest.fixture
def known_keys(administrator: User) -> None:
    """One key of each look: new, ending soon, expired, unused, revoked, and one with too long a name."""
    actor, now = Actor.of_user(administrator), timezone.now()
    revoke_api_key(make_api_key("old deploy hook", actor=actor).api_key, actor)
    idle = make_api_key("statuspage-bot", actor=actor, roles=("viewer", "on_call_viewer")).api_key
    ApiKey.objects.filter(pk=idle.pk).update(last_used_at=now - timedelta(days=41))
    gone = make_api_key("last year’s import", actor=actor).api_key
    ApiKey.objects.filter(pk=gone.pk).update(expires_at=now - timedelta(days=3))
    make_api_key("Terraform", actor=actor, expires_at=now + timedelta(days=6, hours=1))
    make_api_key(LONG_NAME, actor=actor)


def confirm(page: Page) -> None:
    """Type the password that is asked for before the first change."""
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_a_key_is_made_by_keyboard(browse: Browse, administrator: User) -> None:
    page = browse(administrator)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.goto("/settings/")
    page.get_by_role("link", name="New key").press("Enter")
    page.get_by_label("Password").press("Tab")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("deploy-marker")
    page.get_by_role("checkbox", name="viewer").press("Space")
    page.get_by_role("radio", name="1 year").press("ArrowLeft")
    page.keyboard.press("Control+Enter")

    box = page.locator("#new_token")
    expect(box).to_be_focused()
    expect(box).to_contain_text("Copy the token for deploy-marker now")
    page.keyboard.press("Tab")
    token = page.get_by_label("New token").input_value()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    expect(page.locator("#say")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == token
    made = api_key_of_token(token)
    assert made is not None
    assert made.roles == ["incident_creator"]
    assert made.expires_at is not None
    assert made.expires_at < timezone.now() + timedelta(days=91)


def test_a_key_is_rotated_and_revoked_by_keyboard(browse: Browse, administrator: User) -> None:
    token = make_api_key("deploy-marker", actor=Actor.of_user(administrator)).token
    page = browse(administrator)

    page.goto(KEYS)
    page.get_by_role("link", name="Rotate deploy-marker").press("Enter")
    confirm(page)
    page.get_by_label("Stop the old token at once").press("Space")
    page.get_by_role("button", name="Rotate key").press("Enter")
    expect(page.locator("#new_token")).to_be_focused()
    assert page.get_by_label("New token").input_value() != token
    assert api_key_of_token(token) is None

    page.get_by_role("link", name="Revoke deploy-marker").press("Enter")
    page.get_by_role("button", name="Revoke key").press("Enter")
    expect(page.get_by_text("“deploy-marker” is revoked.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("deploy-marker"))).to_contain_text("revoked")


def test_a_key_is_made_and_changed_without_javascript(browse: Browse, administrator: User) -> None:
    page = browse(administrator, javascript=False)

    page.goto(KEYS)
    page.get_by_role("link", name="New key").click()
    confirm(page)
    page.get_by_label("Name", exact=True).fill("deploy-marker")
    page.get_by_text("On a day", exact=True).click()
    page.get_by_label("Last day").fill("2040-03-31")
    page.get_by_role("button", name="Make key").click()

    field = page.get_by_label("New token")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    expect(field).to_have_attribute("readonly", "")
    assert api_key_of_token(field.input_value()) == ApiKey.objects.get()
    expect(page.get_by_role("row", name=re.compile("deploy-marker"))).to_contain_text("31 Mar 2040")

    page.get_by_role("link", name="I have stored it").click()
    expect(page.locator("#new_token")).to_have_count(0)
    page.get_by_role("link", name="deploy-marker", exact=True).click()
    page.get_by_label("Name", exact=True).fill("deployments")
    page.get_by_role("button", name="Save key").click()
    expect(page.get_by_text("“deployments” is changed.")).to_be_visible()


def test_reloading_says_that_the_key_was_made(browse: Browse, administrator: User) -> None:
    page = browse(administrator)
    page.goto(f"{KEYS}new/")
    confirm(page)
    page.get_by_label("Name", exact=True).fill("deploy-marker")
    page.get_by_role("button", name="Make key").click()
    expect(page.locator("#new_token")).to_be_visible()

    page.reload()

    expect(page.get_by_role("heading", name="deploy-marker was made already")).to_be_visible()
    expect(page.locator("#new_token")).to_have_count(0)
    assert ApiKey.objects.count() == 1


def test_a_second_press_does_not_send_the_form_again(browse: Browse, administrator: User) -> None:
    page = browse(administrator)
    page.goto(f"{KEYS}new/")
    confirm(page)
    form = page.locator("#api-key-form")

    # Chromium drops a second press by itself; other browsers would answer it instead of the first.
    press = "form => form.dispatchEvent(new Event('submit', {cancelable: true}))"

    assert [form.evaluate(press), form.evaluate(press)] == [True, False]


def test_the_day_is_asked_for_where_it_is_wanted(browse: Browse, administrator: User) -> None:
    page = browse(administrator)
    page.goto(f"{KEYS}new/")
    confirm(page)

    expect(page.get_by_label("Last day")).to_be_hidden()
    page.get_by_role("radio", name="Never").press("ArrowRight")
    expect(page.get_by_label("Last day")).to_be_visible()
    page.get_by_role("button", name="Make key").click()

    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name=re.compile("Last day")).press("Enter")
    expect(page.get_by_label("Last day")).to_be_focused()


@pytest.mark.usefixtures("known_keys")
@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_every_state_is_accessible(
    browse: Browse,
    administrator: User,
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    page = browse(administrator, theme=theme, phone=phone)
    api_key = ApiKey.objects.get(name="statuspage-bot")

    page.goto(KEYS)
    assert_accessible(page)
    page.goto(f"{KEYS}new/")
    confirm(page)
    page.get_by_role("button", name="Make key").click()
    expect(page.locator("#errors")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Name", exact=True).fill("deploy-marker")
    page.get_by_role("button", name="Make key").click()
    expect(page.locator("#new_token")).to_be_focused()
    assert_accessible(page)
    page.reload()
    expect(page.locator("#sent_before")).to_be_focused()
    assert_accessible(page)
    for name in ("edit", "rotate", "revoke"):
        page.goto(f"{KEYS}{api_key.pk}/{name}/")
        assert_accessible(page)
        assert not scrolls_sideways(page)


@pytest.mark.usefixtures("known_keys")
@pytest.mark.parametrize("width", [320, 390, 820, 1100])
def test_pages_fit_every_width(browse: Browse, administrator: User, width: int) -> None:
    page = browse(administrator)
    page.set_viewport_size({"width": width, "height": 700})
    api_key = ApiKey.objects.get(name=LONG_NAME)

    page.goto(KEYS)
    assert not scrolls_sideways(page)
    page.goto(f"{KEYS}{api_key.pk}/rotate/")
    confirm(page)
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Rotate key").click()
    expect(page.locator("#new_token")).to_be_visible()
    assert not scrolls_sideways(page)
    page.reload()
    expect(page.locator("#sent_before")).to_be_visible()
    assert not scrolls_sideways(page)


def test_the_page_that_is_open_is_in_sight_on_a_phone(browse: Browse, administrator: User) -> None:
    page = browse(administrator, phone=True)

    page.goto(KEYS)

    expect(page.get_by_role("navigation", name="Settings").locator("[aria-current]")).to_be_in_viewport()


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
