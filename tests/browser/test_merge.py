"""Merging in a real browser, with and without JavaScript, from the list to the way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, Incident, User
from incidents.services.drafts import UpdateDraft
from incidents.services.updates import share_update
from tests.browser.test_incident import WORKS
from tests.make import make_action, make_attachment, make_incident, make_user, merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.conftest import Browse, Theme


@pytest.fixture
def rosa(committed_db: None) -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def pair(rosa: User) -> tuple[Incident, Incident]:
    actor = Actor.of_user(rosa)
    survivor = make_incident("Payout API returning 502 for EU merchants", actor=actor, severity="critical")
    source = make_incident("Payouts API 502 errors for EU merchants", actor=actor, summary="Three called.")
    share_update(source.pk, UpdateDraft(message="Retries go through."), actor)
    make_action(source, "Call the bank")
    make_attachment(source, title="Runbook")
    return survivor, source


@pytest.mark.parametrize("how", WORKS)
def test_from_the_list_to_the_way_back(
    browse: Browse, rosa: User, pair: tuple[Incident, Incident], how: dict[str, Any]
) -> None:
    survivor, source = pair
    page = browse(rosa, **how)
    page.goto("/incidents/")
    merge_button = page.get_by_role("button", name="Merge…")
    expect(merge_button).to_be_hidden()

    page.get_by_role("checkbox", name=f"Select {survivor.reference}", exact=True).check()
    page.get_by_role("checkbox", name=f"Select {source.reference}", exact=True).check()
    merge_button.click()
    expect(page).to_have_url(re.compile(rf"/incidents/merge/\?id=.*{source.reference}"))
    page.get_by_role("textbox", name="Note").fill("One gateway")
    page.get_by_role("button", name=f"Merge into {survivor.reference}").click()

    expect(page).to_have_url(re.compile(rf"/incidents/{survivor.reference}/$"))
    expect(page.locator("#timeline")).to_contain_text("with the note “One gateway”")
    expect(page.locator("#timeline")).to_contain_text(f"from {source.reference}")
    page.goto(source.get_absolute_url())
    page.get_by_role("button", name=re.compile("Undo until")).click()
    expect(page.locator("#merged_banner")).to_have_count(0)
    expect(page.locator("#incident_head")).to_contain_text("Investigating")


def test_another_survivor_is_shown_without_a_reload(
    browse: Browse, rosa: User, pair: tuple[Incident, Incident]
) -> None:
    survivor, source = pair
    page = browse(rosa)
    page.goto(f"/incidents/merge/?id={survivor.reference}&id={source.reference}")
    page.get_by_role("textbox", name="Note").fill("Kept")

    other = page.get_by_role("radio", name=re.compile(rf"^{source.reference}"))
    other.check()

    expect(page.get_by_role("button", name=f"Merge into {source.reference}")).to_be_visible()
    expect(other).to_be_focused()
    expect(page.locator("#say")).to_contain_text(f"{source.reference} goes on")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Kept")
    page.get_by_role("button", name=f"Merge into {source.reference}").click()
    expect(page).to_have_url(re.compile(rf"/incidents/{source.reference}/$"))


@pytest.mark.parametrize("how", WORKS)
def test_a_relationship_is_added_and_removed(
    browse: Browse, rosa: User, pair: tuple[Incident, Incident], how: dict[str, Any]
) -> None:
    survivor, source = pair
    page = browse(rosa, **how)
    page.goto(survivor.get_absolute_url())
    section = page.locator("#relationships")

    section.get_by_text("Add a relationship").click()
    section.get_by_role("combobox", name="Relationship").select_option("caused_by")
    section.get_by_role("textbox", name="Incident", exact=True).fill("INC-999")
    section.get_by_role("button", name="Add relationship").click()
    expect(section).to_contain_text("There is no such incident")
    section.get_by_role("textbox", name="Incident", exact=True).fill(source.reference)
    section.get_by_role("button", name="Add relationship").click()

    expect(section).to_contain_text("Caused by")
    section.get_by_role("button", name=f"Remove the relationship to {source.reference}").click()
    expect(section.get_by_role("listitem")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(
    browse: Browse,
    rosa: User,
    pair: tuple[Incident, Incident],
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    survivor, source = pair
    page = browse(rosa, theme=theme, phone=phone)
    page.goto("/incidents/")
    page.get_by_role("checkbox", name=f"Select {source.reference}", exact=True).check()
    assert_accessible(page)
    for address in (
        f"/incidents/merge/?id={survivor.reference}&id={source.reference}",
        f"/incidents/merge/?id={survivor.reference}&id=INC-999",
        f"/incidents/{survivor.reference}/relationships/",
    ):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    merge(survivor, source)
    for address in (
        f"/incidents/merge/?id={survivor.reference}&id={source.reference}",
        survivor.get_absolute_url(),
        source.get_absolute_url(),
        f"{source.get_absolute_url()}split-off/",
    ):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
