"""Leaving the declare form and coming back, and two people who declare the same at once, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import expect

from incidents.models import DeclareDraft, Incident
from tests.browser.test_declare import CHECKOUT, NEW, SAME_AS_CHECKOUT, choose, declare, type_name
from tests.make import make_actor, make_draft, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Response

    from tests.browser.conftest import Browse

    Theme = Literal["light", "dark"]

SIMILAR = "**/incidents/similar/"


def sent_with(response: Response) -> str:
    """Return the body of the request that was answered."""
    return response.request.post_data or ""


def kept(page: Page) -> None:
    """Wait until the page says that what was typed is saved."""
    expect(page.locator("#draft_state")).to_contain_text("Saved as a draft")


def test_leaving_asks_nothing_and_loses_nothing(browse: Browse) -> None:
    page = browse(make_user(role="viewer"))
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.goto(NEW)
    type_name(page, CHECKOUT)
    choose(page, "Major")
    page.get_by_label("Who can see it").select_option("private")
    page.get_by_label("Summary").fill("Since **noon**")
    with page.expect_response(lambda response: "Since" in (response.request.post_data or "")):
        pass
    kept(page)

    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/incidents/")
    page.goto(NEW)
    page.get_by_role("link", name=f"Go on with “{CHECKOUT}”").click()

    expect(page.get_by_label("What is happening?")).to_have_value(CHECKOUT)
    expect(page.get_by_label("Summary")).to_have_value("Since **noon**")
    expect(page.get_by_label("Who can see it")).to_have_value("private")
    expect(page.get_by_role("radio", name="Major")).to_be_checked()
    assert asked == []
    declare(page)
    expect(page).to_have_url(re.compile("/incidents/INC-1/$"))
    page.goto(NEW)
    expect(page.get_by_text("You began declaring")).to_have_count(0)


def test_two_people_who_declare_at_once_see_each_other(browse: Browse) -> None:
    alice, bob = browse(make_user("Alice Moreau")), browse(make_user("Bob Okafor", role="viewer"))
    for page in (alice, bob):
        page.clock.install()
        page.goto(NEW)
    type_name(alice, CHECKOUT)
    alice.clock.fast_forward(1_000)
    kept(alice)

    type_name(bob, SAME_AS_CHECKOUT)
    bob.clock.fast_forward(1_000)
    expect(bob.locator(".colleague")).to_contain_text("Alice Moreau is declaring this right now")
    expect(bob.locator(".colleague")).to_contain_text(CHECKOUT)
    expect(alice.locator(".colleague")).to_have_count(0)

    # Alice types no more: her page asks by itself.
    alice.clock.fast_forward(10_000)
    expect(alice.locator(".colleague")).to_contain_text("Bob Okafor is declaring this right now")
    expect(alice.get_by_role("heading", name="No similar recent incidents, and a colleague")).to_be_visible()

    choose(alice, "Major")
    declare(alice)
    expect(alice).to_have_url(re.compile("/incidents/INC-1/$"))
    bob.clock.fast_forward(10_000)
    expect(bob.locator(".colleague")).to_have_count(0)
    bob.get_by_role("button", name="This is the same, add my report to INC-1").click()
    expect(bob.get_by_text("1 report", exact=True)).to_be_visible()
    assert Incident.objects.count() == 1
    assert not DeclareDraft.objects.unfinished().exists()


def test_looking_again_keeps_the_focus_and_swaps_nothing_where_nothing_changed(browse: Browse) -> None:
    page = browse(make_user())
    page.clock.install()
    make_draft(CHECKOUT, actor=make_actor("Bob Okafor"))
    page.goto(NEW)
    type_name(page, SAME_AS_CHECKOUT)
    page.clock.fast_forward(1_000)
    expect(page.locator(".colleague")).to_be_visible()
    kept(page)

    with page.expect_response(SIMILAR) as answered:
        page.clock.fast_forward(10_000)

    assert answered.value.status == 204
    expect(page.get_by_label("What is happening?")).to_be_focused()


def test_an_empty_form_asks_nothing(browse: Browse) -> None:
    page = browse(make_user())
    page.clock.install()
    page.goto(NEW)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.clock.fast_forward(30_000)

    assert [url for url in asked if "similar" in url] == []


def test_a_draft_is_discarded(browse: Browse) -> None:
    user = make_user()
    page = browse(user)
    page.goto(NEW)
    type_name(page, CHECKOUT)
    kept(page)
    page.goto(NEW)

    page.get_by_role("button", name=f"Discard “{CHECKOUT}”").click()

    expect(page.get_by_text("Discarded.")).to_be_visible()
    expect(page.get_by_text("You began declaring")).to_have_count(0)


def test_saving_for_later_without_javascript_on_a_phone(browse: Browse) -> None:
    page = browse(make_user(role="viewer"), javascript=False, phone=True)
    page.goto(NEW)
    type_name(page, CHECKOUT)
    choose(page, "Minor")

    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_text("Saved. Go on within 24 hours")).to_be_visible()
    page.goto(NEW)
    page.get_by_role("link", name=f"Go on with “{CHECKOUT}”").click()

    expect(page.get_by_label("What is happening?")).to_have_value(CHECKOUT)
    expect(page.get_by_role("radio", name="Minor")).to_be_checked()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drafts_and_colleagues_are_accessible(
    browse: Browse, assert_accessible: Callable[[Page], None], theme: Theme, phone: bool
) -> None:
    make_draft("Checkout API returning 500s in eu-west-1 " + "and-on" * 25, actor=make_actor("Bob Okafor"))
    page = browse(make_user(), theme=theme, phone=phone)
    page.goto(NEW)
    # The whole of it: on a busy machine the first letters are saved by themselves.
    with page.expect_response(lambda response: SAME_AS_CHECKOUT in unquote_plus(sent_with(response))):
        type_name(page, SAME_AS_CHECKOUT)
    kept(page)
    page.goto(NEW)
    assert_accessible(page)

    make_draft(CHECKOUT, actor=make_actor("Carol Lind"))
    page.get_by_role("link", name=f"Go on with “{SAME_AS_CHECKOUT}”").click()

    expect(page.locator(".colleague").first).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
