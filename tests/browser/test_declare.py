"""Declaring in a real browser: warned while typing, on submit, with a keyboard, on a phone and without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from incidents.models import Incident, IncidentEvent, IncidentUpdate
from tests.make import make_actor, make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Browse

    Theme = Literal["light", "dark"]

NEW = "/incidents/new/"
CHECKOUT = "Checkout API returning 500s in eu-west-1"
SAME_AS_CHECKOUT = "checkout api 5xx eu-west-1"


def type_name(page: Page, name: str) -> None:
    """Type the name letter by letter, as a person does."""
    page.get_by_label("What is happening?").press_sequentially(name, delay=5)


def choose(page: Page, severity: str) -> None:
    """Choose a severity by its card."""
    page.locator(".choice-card", has_text=severity).click()


def declare(page: Page) -> None:
    """Press the button at the end."""
    page.locator(".form-actions").get_by_role("button", name=re.compile("^Declare")).click()


def expect_warned(page: Page) -> None:
    """See the panel with a match and its reasons."""
    expect(page.get_by_role("heading", name="1 similar recent incident", exact=True)).to_be_visible()
    match = page.locator(".similar-match")
    expect(match).to_contain_text("Very likely the same")
    expect(match.locator("mark").first).to_be_visible()
    expect(match.get_by_role("list", name="Why it matched")).to_contain_text("Name shares")
    expect(match.locator(".reason-points").first).to_have_text(re.compile(r"\+\d+"))


def test_declare_then_be_warned_then_report(browse: Browse) -> None:
    page = browse(make_user("Alice Moreau"))
    page.goto(NEW)
    type_name(page, CHECKOUT)
    choose(page, "Major")
    declare(page)
    expect(page).to_have_url(re.compile("/incidents/INC-1/$"))

    page = browse(make_user("Bob Okafor"))
    page.goto(NEW)
    type_name(page, SAME_AS_CHECKOUT)
    expect_warned(page)
    page.get_by_label("Summary").fill("Seen from Berlin")
    page.get_by_role("button", name="This is the same, add my report to INC-1").click()

    expect(page).to_have_url(re.compile("/incidents/INC-1/$"))
    expect(page.get_by_text("Your report was added to INC-1.")).to_be_visible()
    assert IncidentUpdate.objects.get().message == f"{SAME_AS_CHECKOUT}\n\nSeen from Berlin"
    assert Incident.objects.count() == 1


def test_the_panel_does_not_report_while_a_report_is_on_its_way(browse: Browse) -> None:
    make_incident(CHECKOUT)
    page = browse(make_user())
    page.goto(NEW)
    type_name(page, SAME_AS_CHECKOUT)
    expect_warned(page)
    held: list[Route] = []
    page.route("**/reports/", lambda route: held.append(route))
    page.get_by_label("Summary").fill("Seen from Berlin")
    with page.expect_request(lambda request: not request.is_navigation_request()) as asked:
        page.get_by_role("button", name="This is the same, add my report to INC-1").click(no_wait_after=True)
    assert asked.value.url.endswith("/incidents/similar/")
    held[0].continue_()
    expect(page.get_by_text("Your report was added to INC-1.")).to_be_visible()


def test_a_tick_goes_on_and_stays_while_typing_goes_on(browse: Browse) -> None:
    make_incident(CHECKOUT)
    page = browse(make_user())
    page.goto(NEW)
    type_name(page, SAME_AS_CHECKOUT)
    choose(page, "Major")

    page.get_by_role("checkbox", name="This is a different incident.").check()
    with page.expect_response("**/incidents/similar/"):
        page.get_by_label("Summary").press_sequentially("Another cluster")
    expect(page.get_by_role("checkbox", name="This is a different incident.")).to_be_checked()
    expect(page.get_by_label("Summary")).to_be_focused()
    declare(page)

    expect(page).to_have_url(re.compile("/incidents/INC-2/$"))
    assert IncidentEvent.objects.filter(kind="declared_separately").count() == 2


def test_an_exact_match_takes_the_focus_and_a_reason_goes_on(browse: Browse) -> None:
    make_incident(CHECKOUT, actor=make_actor("Tomas Vidal"))
    page = browse(make_user())
    page.goto(NEW)
    type_name(page, CHECKOUT)
    choose(page, "Critical")
    declare(page)

    expect(page).to_have_title("Error: Declare an incident · Tocsin")
    expect(page.get_by_role("alert").filter(has_text="this incident already exists")).to_be_focused()
    page.get_by_role("link", name="It is a separate incident").click()
    page.get_by_label("Why is this separate from INC-1?").fill("Another data centre")
    page.get_by_role("button", name="Declare as separate incident").click()

    expect(page).to_have_url(re.compile("/incidents/INC-2/$"))
    assert {
        event.details["reason"] for event in IncidentEvent.objects.filter(kind="declared_separately")
    } == {"Another data centre"}


def test_the_keyboard_alone_declares(browse: Browse) -> None:
    page = browse(make_user())
    page.goto("/incidents/")

    page.keyboard.press("c")
    page.wait_for_url("**" + NEW)
    expect(page.get_by_label("What is happening?")).to_be_focused()
    page.keyboard.type("Payroll export is empty")
    choose(page, "Minor")
    page.get_by_label("Summary").focus()
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(re.compile("/incidents/INC-1/$"))


def test_enter_declares_and_does_not_report(browse: Browse) -> None:
    make_incident("Search is slow in eu-west-1")
    page = browse(make_user())
    page.goto(NEW + "?severity=minor")
    type_name(page, "Search results are slow")
    expect(page.locator(".similar-match")).to_be_visible()

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("(/incidents/INC-2|/incidents/new)/$"))
    assert not IncidentUpdate.objects.exists()


def test_an_error_takes_the_focus_and_leads_to_its_field(browse: Browse) -> None:
    page = browse(make_user())
    page.goto(NEW)
    declare(page)

    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name="What is happening?").click()
    expect(page.get_by_label("What is happening?")).to_be_focused()


def test_a_long_summary_is_compared_too(browse: Browse) -> None:
    make_incident(CHECKOUT)
    page = browse(make_user())
    page.goto(NEW)
    page.get_by_label("Summary").fill("word " * 4_000)

    type_name(page, SAME_AS_CHECKOUT)

    expect_warned(page)


def test_all_of_it_without_javascript_on_a_phone(browse: Browse) -> None:
    make_incident(CHECKOUT)
    page = browse(make_user(role="viewer"), javascript=False, phone=True)
    page.goto(NEW)
    type_name(page, SAME_AS_CHECKOUT)
    page.get_by_role("button", name="Look for similar incidents").click()
    expect_warned(page)
    choose(page, "Major")
    declare(page)
    expect(page.get_by_role("heading", name="Not declared yet")).to_be_visible()
    page.get_by_role("checkbox", name="This is a different incident.").check()
    declare(page)

    expect(page).to_have_url(re.compile("/incidents/INC-2/$"))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_state_is_accessible(
    browse: Browse, assert_accessible: Callable[[Page], None], theme: Theme, phone: bool
) -> None:
    make_custom_field("Affected service", options=("Checkout", "Ledger"), similarity="service")
    make_custom_field("Regions", options=("EU", "US"), field_type="multi_select")
    make_incident(CHECKOUT)
    page = browse(make_user(), theme=theme, phone=phone)

    page.goto(NEW + "?severity=unknown")
    assert_accessible(page)
    type_name(page, SAME_AS_CHECKOUT)
    expect_warned(page)
    assert_accessible(page)
    declare(page)
    expect(page.locator("#errors")).to_be_visible()
    assert_accessible(page)
    choose(page, "Major")
    declare(page)
    expect(page.locator("#held_back")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("What is happening?").fill(CHECKOUT)
    expect(page.locator(".similar-match")).to_contain_text("Identical")
    declare(page)
    expect(page.get_by_label("Why is this separate from INC-1?")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
