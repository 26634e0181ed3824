"""The actions and follow-ups on the incident page: listed, added, ticked, changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from incidents.models import Action, FollowUp, FollowUpPriority, Incident, User
from incidents.services.actions import ActionDraft, edit_action
from incidents.services.follow_ups import add_follow_up_from_link
from incidents.web import incident_tasks
from tests.forms import read_form
from tests.make import make_action, make_actor, make_follow_up, make_incident, make_team, make_user
from tests.web.test_incident_detail import ATTACK, HTMX, browser_of, words_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def responder(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


@pytest.fixture
def incident() -> Incident:
    return make_incident()


def address_of(task: Action | FollowUp) -> str:
    noun = "actions" if isinstance(task, Action) else "follow-ups"
    return f"{task.incident.get_absolute_url()}{noun}/{task.pk}/"


def test_the_page_lists_what_is_to_be_done(responder: Client, incident: Incident, rosa: User) -> None:
    high = FollowUpPriority.objects.get(name="High").pk
    make_action(incident, "Call the bank\n\nAsk for *Iris*", assignee_id=rosa.pk, status="completed")
    make_action(incident, "Flip the flag", status="not_doing")
    make_follow_up(incident, priority_id=high, labels=("pools",), assignee_team_id=make_team().pk)
    add_follow_up_from_link(incident.pk, "https://linear.app/acme/issue/PAY-12", make_actor())

    response = responder.get(incident.get_absolute_url())

    words = words_of(response)
    assert "Actions and follow-ups 1 of 3 done" in words
    assert "Call the bank" in words
    for part in ("Not doing", "High priority", "Payments", "pools", "Rosa Lund"):
        assert part in words
    html = response.content.decode()
    assert "Ask for <em>Iris</em>" in html
    assert 'href="https://linear.app/acme/issue/PAY-12"' in html
    assert html.partition('id="tasks"')[2].count('aria-pressed="true"') == 1


def test_deleted_ones_are_not_listed(responder: Client, incident: Incident) -> None:
    edit_action(make_action(incident, "Call the bank"), ActionDraft(status="deleted"), make_actor())

    section = responder.get(f"{incident.get_absolute_url()}tasks/", headers=HTMX)

    assert "Call the bank" not in words_of(section)
    assert "Nothing to do yet." in words_of(section)


@pytest.mark.parametrize("kind", ["actions", "follow-ups"])
def test_one_is_added_without_javascript(
    responder: Client, incident: Incident, rosa: User, kind: str
) -> None:
    form = read_form(responder.get(f"{incident.get_absolute_url()}{kind}/"), "task_form")

    for address in form.buttons.values():
        response = responder.post(address, form.filled(title="Call the bank", assignee=rosa.email))
        assert (response.status_code, response["Location"]) == (303, f"{incident.get_absolute_url()}#tasks")

    assert set(form.buttons) == {"Add action", "Add follow-up"}
    action, follow_up = Action.objects.get(), FollowUp.objects.get()
    assert (action.description, action.assignee, action.creator) == ("Call the bank", rosa, rosa)
    assert (follow_up.title, follow_up.assignee) == ("Call the bank", rosa)


def test_adding_answers_htmx_with_the_section(responder: Client, incident: Incident) -> None:
    address = f"{incident.get_absolute_url()}actions/"

    opened = responder.get(address, headers=HTMX)
    response = responder.post(address, {"title": "Call the bank"}, headers=HTMX)

    assert opened.content.decode().count('id="task_form"') == 1
    html = response.content.decode()
    assert response.status_code == 200
    assert html.lstrip().startswith('<section class="task-section"')
    assert 'id="timeline"' in html
    assert "Action added" in html
    assert "added the action" in html
    assert 'id="task_form"' not in html


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": ""}, "Say what is to be done."),
        ({"title": " \u200b "}, "to be done."),
        ({"title": "x" * 501}, "Shorten this to 500"),
        ({"title": "a\x00b"}, "NUL"),
        ({"title": "Do", "assignee": "nobody@example.com"}, "Nobody here has this e-mail"),
    ],
)
def test_what_cannot_be_added_comes_back_with_its_reason(
    responder: Client, incident: Incident, sent: dict[str, str], said: str, headers: dict[str, str]
) -> None:
    for kind in ("actions", "follow-ups"):
        response = responder.post(f"{incident.get_absolute_url()}{kind}/", sent, headers=headers)

        assert response.status_code == 422
        assert said in words_of(response)

    assert not Action.objects.exists()
    assert not FollowUp.objects.exists()


def test_an_action_is_edited(responder: Client, incident: Incident, rosa: User) -> None:
    action = make_action(incident, assignee_id=rosa.pk)
    form = read_form(responder.get(address_of(action)), "task_form")

    responder.post(form.action, form.filled(description="Call *both* banks", assignee=""))

    action.refresh_from_db()
    assert form.values["assignee"] == [rosa.email]
    assert (action.description, action.assignee, action.status) == ("Call *both* banks", None, "outstanding")


def test_a_follow_up_is_edited(responder: Client, incident: Incident) -> None:
    follow_up = make_follow_up(incident, description="Why")
    urgent = FollowUpPriority.objects.get(name="Urgent").pk
    form = read_form(responder.get(address_of(follow_up)), "task_form")

    responder.post(form.action, form.filled(title="Alert on both pools", priority=urgent))

    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.description) == ("Alert on both pools", "Why")
    assert follow_up.priority_id == urgent
    refused = responder.post(form.action, form.filled(priority="x"))
    assert refused.status_code == 422


def test_not_doing_and_deleting_are_buttons_of_the_form(responder: Client, incident: Incident) -> None:
    action = make_action(incident)
    form = read_form(responder.get(address_of(action)), "task_form")

    assert list(form.buttons) == ["Save", "Not doing", "Delete"]
    responder.post(form.action, form.filled(status="not_doing"))
    action.refresh_from_db()
    assert action.status == "not_doing"
    assert "Reopen" in read_form(responder.get(address_of(action)), "task_form").buttons
    # What was typed does not matter any more.
    responder.post(form.action, form.filled(status="deleted", description=""))
    assert responder.get(address_of(action)).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_second_of_two_edits_is_asked(responder: Client, incident: Incident, headers: dict[str, str]) -> None:
    action = make_action(incident)
    form = read_form(responder.get(address_of(action)), "task_form")
    edit_action(action, ActionDraft(description="Call nobody"), make_actor("Tomás Vidal"))

    response = responder.post(form.action, form.filled(description="Call both"), headers=headers)

    assert response.status_code == 409
    assert "Tomás Vidal changed it at" in words_of(response)
    again = read_form(response, "task_form")
    assert again.values["description"] == ["Call both"]
    responder.post(again.action, again.filled())
    action.refresh_from_db()
    assert action.description == "Call both"


def test_two_who_want_the_same_both_have_it(responder: Client, incident: Incident) -> None:
    action = make_action(incident)
    form = read_form(responder.get(address_of(action)), "task_form")
    edit_action(action, ActionDraft(description="Call both"), make_actor("Tomás Vidal"))

    assert responder.post(form.action, form.filled(description="Call both")).status_code == 303


def test_viewers_see_and_change_nothing(incident: Incident) -> None:
    action = make_action(incident, "Call the bank\nNow", status="completed")
    viewer = browser_of(make_user("Vera", role="viewer"))

    response = viewer.get(incident.get_absolute_url())

    assert "Done: Call the bank" in words_of(response)
    assert address_of(action) not in response.content.decode()
    for address in (address_of(action), f"{incident.get_absolute_url()}follow-ups/"):
        assert viewer.get(address).status_code == 403
        assert viewer.post(address, {"status": "outstanding", "title": "x"}).status_code == 403
    action.refresh_from_db()
    assert action.status == "completed"


def test_viewers_of_an_incident_without_any_are_not_bothered(incident: Incident) -> None:
    viewer = browser_of(make_user("Vera", role="viewer"))

    assert "Actions and follow-ups" not in words_of(viewer.get(incident.get_absolute_url()))


def test_tasks_of_other_incidents_are_not_found_here(responder: Client, incident: Incident) -> None:
    elsewhere, hidden = make_action(make_incident()), make_action(make_incident(visibility="private"))
    here = f"{incident.get_absolute_url()}actions/"

    for pk in (elsewhere.pk, hidden.pk, "0" * 26, "x"):
        assert responder.get(f"{here}{pk}/").status_code == 404
        assert responder.post(f"{here}{pk}/", {"status": "deleted"}).status_code == 404
    assert responder.get(address_of(hidden)).status_code == 404
    # An id is an id in any case, but one of an action is none of a follow-up.
    own = make_action(incident)
    assert responder.get(f"{here}{own.pk.lower()}/").status_code == 200
    assert responder.get(address_of(own).replace("actions", "follow-ups")).status_code == 404


def test_what_people_write_is_text(responder: Client, incident: Incident) -> None:
    make_action(incident, f"{ATTACK}\n{ATTACK}")
    make_follow_up(incident, ATTACK, description=ATTACK, labels=("<b>x</b>",))

    html = responder.get(incident.get_absolute_url()).content.decode()

    assert "<script>alert" not in html
    assert "<b>x</b>" not in html
    assert not re.search(r"<img[^>]+onerror", html)


def test_a_long_list_shows_the_open_ones_first(
    responder: Client, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_tasks, "MOST_SHOWN", 2)
    for number in range(3):
        make_action(incident, f"Done {number}", status="completed")
    make_action(incident, "Still open")

    some = words_of(responder.get(f"{incident.get_absolute_url()}tasks/", headers=HTMX))
    everything = words_of(responder.get(f"{incident.get_absolute_url()}tasks/?all=yes", headers=HTMX))

    assert "Still open" in some
    assert "Done 2" not in some
    assert "3 of 4 done" in some
    assert "Show all 4" in some
    assert all(f"Done {number}" in everything for number in range(3))
    assert "Show all" not in everything


def test_the_section_is_the_whole_page_without_htmx(responder: Client, incident: Incident) -> None:
    html = responder.get(f"{incident.get_absolute_url()}tasks/?all=yes").content.decode()

    assert "<html" in html
    assert 'class="incident-title"' in html
    assert 'id="tasks"' in html


def test_an_administrator_who_looks_at_a_private_one_is_noted() -> None:
    hidden = make_incident("Breach", visibility="private")

    browser_of(make_user("Boss", role="administrator")).get(
        f"{hidden.get_absolute_url()}tasks/", headers=HTMX
    )

    assert hidden.events.filter(kind="private_viewed").count() == 1
