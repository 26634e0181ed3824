"""Actions and follow-ups on the incident page in a real browser: ticked, added and changed where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, FollowUpPriority, User
from incidents.services.actions import ActionDraft, edit_action
from tests.browser.test_incident import WORKS
from tests.make import make_action, make_follow_up, make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from incidents.models import Action, Incident
    from tests.browser.conftest import Browse, Theme


@pytest.fixture
def rosa(committed_db: None) -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def incident(rosa: User) -> Incident:
    return make_incident("Checkout API returning 500s in eu-west-1", actor=Actor.of_user(rosa))


@pytest.fixture
def action(incident: Incident, rosa: User) -> Action:
    high = FollowUpPriority.objects.get(name="High").pk
    make_follow_up(incident, description="Over *80%*", priority_id=high, labels=("pools",))
    make_action(incident, "Flip the flag", status="not_doing")
    return make_action(incident, "Call the bank", assignee_id=rosa.pk)


@pytest.mark.parametrize("how", WORKS)
def test_a_tick_is_set_and_taken_back(
    browse: Browse, rosa: User, incident: Incident, action: Action, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())
    tick = page.get_by_role("button", name="Done: Call the bank")

    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#tasks")).to_contain_text("1 of 2 done")
    expect(page.locator("#timeline")).to_contain_text("completed the action “Call the bank”")
    tick.click()

    expect(tick).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#tasks")).to_contain_text("0 of 2 done")


@pytest.mark.parametrize("how", WORKS)
@pytest.mark.parametrize(
    ("button", "told"), [("Add action", "added the action"), ("Add follow-up", "added the follow-up")]
)
def test_one_is_added(
    browse: Browse, rosa: User, incident: Incident, how: dict[str, Any], button: str, told: str
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())

    page.get_by_role("link", name="Add an action or a follow-up").click()
    page.get_by_label("What is to be done?").fill("Write to 312 merchants")
    page.get_by_label("Assignee").select_option(rosa.email)
    page.get_by_role("button", name=button).click()

    expect(page.locator("#tasks .task-title")).to_have_text("Write to 312 merchants")
    expect(page.locator("#timeline")).to_contain_text(f"{told} “Write to 312 merchants”")


@pytest.mark.parametrize("how", WORKS)
def test_one_is_edited_and_deleted(
    browse: Browse, rosa: User, incident: Incident, action: Action, how: dict[str, Any]
) -> None:
    page = browse(rosa, **how)
    page.goto(incident.get_absolute_url())

    page.get_by_role("link", name="Edit Alert on pool use").click()
    page.get_by_label("What is to be done?").fill("Alert on both pools")
    page.get_by_label("Priority").select_option("Urgent")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#tasks")).to_contain_text("Alert on both pools")
    expect(page.locator("#tasks .tag", has_text="Urgent")).to_be_visible()
    page.get_by_role("link", name="Edit Call the bank").click()
    page.get_by_role("button", name="Not doing").click()
    expect(page.get_by_role("button", name="Reopen: Call the bank")).to_be_visible()
    page.get_by_role("link", name="Edit Flip the flag").click()
    page.get_by_role("button", name="Delete").click()

    expect(page.locator("#tasks")).not_to_contain_text("Flip the flag")


def test_focus_stays_where_the_work_is(
    browse: Browse, rosa: User, incident: Incident, action: Action
) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())
    page.evaluate("window.sameDocument = true")
    add = page.get_by_role("link", name="Add an action or a follow-up")
    tick = page.get_by_role("button", name="Done: Call the bank")

    tick.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("Action done")
    expect(tick).to_be_focused()
    add.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What is to be done?")).to_be_focused()
    page.keyboard.type("Tell the merchants")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("Action added")
    expect(add).to_be_focused()
    edit = page.get_by_role("link", name="Edit Tell the merchants")
    edit.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Cancel").click()
    expect(edit).to_be_focused()

    assert page.evaluate("window.sameDocument")


def test_what_was_typed_stays_with_its_reason(
    browse: Browse, rosa: User, incident: Incident, action: Action
) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())

    page.get_by_role("link", name="Edit Call the bank").click()
    box = page.get_by_label("What is to be done?")
    box.fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#tasks .field-error")).to_have_text("Say what is to be done.")
    edit_action(action, ActionDraft(description="Call nobody"), Actor.of_user(make_user("Tomás Vidal")))
    box.fill("Call both banks")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#task_refusal")).to_contain_text("Tomás Vidal changed it at")
    expect(page.locator("#task_refusal")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#tasks")).to_contain_text("Call both banks")


@pytest.mark.parametrize("opened", ["Edit Alert on pool use", "Add an action or a follow-up"])
def test_a_tick_leaves_what_is_typed_elsewhere(
    browse: Browse, rosa: User, incident: Incident, action: Action, opened: str
) -> None:
    page = browse(rosa)
    page.goto(incident.get_absolute_url())
    page.get_by_role("link", name=opened).click()
    box = page.get_by_label("What is to be done?")
    box.fill("Alert on both pools")

    page.get_by_role("button", name="Done: Call the bank").click()
    expect(page.locator("#tasks_done")).to_have_text("1 of 2 done")

    expect(page.get_by_role("button", name="Done: Call the bank")).to_be_focused()
    expect(box).to_have_value("Alert on both pools")
    page.locator("#task_form .button-primary").click()
    expect(page.locator("#tasks")).to_contain_text("Alert on both pools")


def test_a_page_of_its_own_leads_back(browse: Browse, rosa: User, incident: Incident, action: Action) -> None:
    page = browse(rosa)
    page.goto(f"{incident.get_absolute_url()}actions/{action.pk}/")

    page.get_by_label("What is to be done?").fill("Call both banks")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#tasks")).to_contain_text("Call both banks")
    expect(page.locator("h1")).to_have_text(incident.name)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_the_section_is_accessible(
    browse: Browse,
    rosa: User,
    incident: Incident,
    action: Action,
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    edit_action(action, ActionDraft(status="completed"), Actor.of_user(rosa))
    page = browse(rosa, theme=theme, phone=phone)
    page.goto(incident.get_absolute_url())
    page.wait_for_load_state("networkidle")
    page.locator("#tasks summary").click()
    assert_accessible(page)
    for link, button in (("Add an action or a follow-up", "Add action"), ("Edit Alert on pool use", "Save")):
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("button", name=button)).to_be_visible()
        page.get_by_label("What is to be done?").fill("")
        page.get_by_role("button", name=button).click()
        expect(page.locator("#tasks .field-error")).to_be_visible()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for path in ("actions/", f"actions/{action.pk}/"):
        page.goto(f"{incident.get_absolute_url()}{path}")
        assert_accessible(page)


def test_viewers_find_it_accessible(
    browse: Browse, incident: Incident, action: Action, assert_accessible: Callable[[Page], None]
) -> None:
    page = browse(make_user("Vera", role="viewer"))
    page.goto(incident.get_absolute_url())

    expect(page.locator("#tasks")).to_contain_text("Call the bank")
    expect(page.locator("#tasks").get_by_role("button")).to_have_count(0)
    assert_accessible(page)
