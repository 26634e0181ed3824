"""The page of a merge: what it shows, what it refuses, and what it does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from incidents.models import Actor, Incident, User
from incidents.services.memberships import grant_membership
from incidents.services.unmerging import undo_merge
from tests.forms import read_form
from tests.make import (
    make_action,
    make_actor,
    make_attachment,
    make_custom_field,
    make_incident,
    make_user,
    merge,
    move_incident,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/incidents/merge/"


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def browser(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def asked(*incidents: Incident, **more: str) -> str:
    ids = [f"id={incident.reference}" for incident in incidents]
    return f"{ADDRESS}?{'&'.join([*ids, *(f'{name}={value}' for name, value in more.items())])}"


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def press(browser: Client, page: Any, **changes: Any) -> Any:
    """Press the button of the page, as a browser without JavaScript does."""
    form = read_form(page, "merge-form")
    return browser.post(ADDRESS, form.filled(**changes))


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def test_merging_by_the_page(browser: Client) -> None:
    survivor, source = make_incident("Payouts fail"), make_incident("No payouts", severity="critical")
    page = browser.get(asked(source, survivor))
    assert f"Merge into {survivor.reference}" in words_of(page)

    choices = {"choice.severity": source.reference, "note": "One gateway"}
    response = press(browser, page, **choices)

    assert (response.status_code, response["Location"]) == (303, survivor.get_absolute_url())
    assert fresh(source).merged_into_incident == survivor
    assert fresh(survivor).severity_id == source.severity_id
    shown = words_of(browser.get(survivor.get_absolute_url()))
    assert f"Merged {source.reference} into {survivor.reference}" in shown
    assert "with the note “One gateway”" in shown


def test_the_oldest_open_one_is_suggested_and_another_may_be_chosen(browser: Client) -> None:
    closed, older, newer = make_incident("Closed"), make_incident("Older"), make_incident("Newer")
    move_incident(closed, "closed")

    assert read_form(browser.get(asked(newer, older, closed)), "merge-form").values["survivor"] == [
        older.reference
    ]
    chosen = browser.get(asked(newer, older, survivor=newer.reference))
    assert read_form(chosen, "merge-form").values["survivor"] == [newer.reference]
    into = browser.get(f"{ADDRESS}?id={older.number}&into=inc-{newer.number}")
    assert read_form(into, "merge-form").values["survivor"] == [newer.reference]


def test_what_it_does_is_told_with_numbers(browser: Client) -> None:
    field = make_custom_field("Services", options=("A", "B"), field_type="multi_select")
    options = [option.pk for option in field.options.order_by("value")]
    survivor = make_incident("S", custom_fields={field.pk: (options[0],)})
    source = make_incident("A", custom_fields={field.pk: (options[1],)})
    make_action(source)
    make_attachment(source)

    shown = words_of(browser.get(asked(survivor, source)))

    assert "Actions and follow-ups 1" in shown
    assert "Attachments and links 1" in shown
    assert "Joined: A B" in shown
    assert "What is open counts once, not 2 times." in shown


def test_it_is_told_that_nothing_stays_open(browser: Client) -> None:
    closed, source = make_incident("S"), make_incident("A")
    move_incident(closed, "closed")

    told = words_of(browser.get(asked(closed, source, survivor=closed.reference)))

    assert f"{closed.reference} is not open {source.reference} is, and will be no more." in told
    assert "is not open" not in words_of(browser.get(asked(closed, source)))


def test_looking_at_a_private_incident_here_is_noted(client: Client) -> None:
    boss = make_user(role="administrator")
    client.force_login(boss)
    public, private = make_incident("S"), make_incident("Leak", visibility="private")

    client.get(asked(public, private))

    assert private.events.filter(kind="private_viewed", creator_user=boss).exists()


def test_another_survivor_than_the_one_shown_is_shown_first(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    page = browser.get(asked(survivor, source))

    answer = press(browser, page, survivor=source.reference, note="Hm")

    assert answer.status_code == 409
    assert f"You chose {source.reference}" in words_of(answer)
    assert "Hm" in answer.content.decode()
    assert fresh(survivor).merged_into_incident is None
    assert press(browser, answer).status_code == 303
    assert fresh(survivor).merged_into_incident == source


def test_what_changed_meanwhile_is_shown_first(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    page = browser.get(asked(survivor, source))
    move_incident(source, "fixing")

    answer = press(browser, page)

    assert answer.status_code == 409
    assert f"{source.reference} was changed meanwhile." in words_of(answer)
    assert press(browser, answer).status_code == 303


def test_a_button_pressed_twice_merges_once(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    page = browser.get(asked(survivor, source))

    first, second = press(browser, page), press(browser, page)

    assert first["Location"] == second["Location"] == survivor.get_absolute_url()
    assert fresh(survivor).version == 2


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 200, "Which incidents are one and the same?"),
        ("?id=INC-1", 200, "the same as INC-1"),
        ("?id=INC-1&id=1&id=inc-01", 200, "the same as INC-1"),
        ("?id=INC-1&id=INC-999", 422, "There is no incident “INC-999”"),
        ("?id=INC-1+nonsense", 422, "There is no incident “nonsense”"),
        ("?id=INC-1&id=%F0%9F%98%80", 422, "There is no incident “😀”"),
        ("?id=INC-1&id=" + "9" * 400, 422, "There is no incident"),
        ("?id=" + "+".join(f"INC-{number}" for number in range(1, 53)), 422, "at most 50"),
        ("?id=INC-1&id=INC-2&survivor=INC-999&into=", 200, "Merge into INC-1"),
    ],
)
def test_what_an_address_names(browser: Client, query: str, status: int, told: str) -> None:
    make_incident("A")
    make_incident("B")

    response = browser.get(f"{ADDRESS}{query}")

    assert response.status_code == status
    assert told in words_of(response)


def test_what_no_database_stores_names_nothing(browser: Client) -> None:
    for name in ("id", "into"):
        response = browser.post(ADDRESS, {"id": ["INC-1"], name: "INC-1 \x00\x00"})
        assert response.status_code == 422
        assert "There is no incident of one of these names" in words_of(response)


def test_what_cannot_be_merged_is_told_before(browser: Client) -> None:
    survivor, source, third = make_incident("S"), make_incident("A"), make_incident("B")
    merge(survivor, source)

    page = browser.get(asked(third, source))

    assert page.status_code == 422
    assert f"{source.reference} was merged before" in words_of(page)
    assert press(browser, page).status_code == 422


def test_a_note_that_cannot_be_stored_is_refused(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    page = browser.get(asked(survivor, source))

    for note in ("x" * 501, "a\x00b"):
        assert press(browser, page, note=note).status_code == 422
    assert fresh(source).merged_into_incident is None


def test_a_private_incident_goes_on_or_is_left_out(browser: Client, rosa: User) -> None:
    admin = make_actor(role="administrator")
    public, private = make_incident("Public"), make_incident("Leak", visibility="private", actor=admin)
    grant_membership(private.pk, rosa, admin)

    page = browser.get(asked(public, private))
    assert f"Merge into {private.reference}" in words_of(page)
    assert "stay visible to everyone" in words_of(page)
    into_public = browser.get(asked(public, private, survivor=public.reference))
    assert into_public.status_code == 422
    assert "make it visible to everyone first" in words_of(into_public)


def test_a_hidden_incident_is_as_one_that_is_missing(browser: Client) -> None:
    public, hidden = make_incident("Public"), make_incident("Leak", visibility="private")

    answers = [
        words_of(browser.get(f"{ADDRESS}?id={public.reference}&id={reference}")).replace(reference, "REF")
        for reference in (hidden.reference, "INC-999")
    ]

    assert answers[0] == answers[1]


def test_htmx_gets_what_another_survivor_changes(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A", severity="critical")

    answer = browser.get(asked(survivor, source, survivor=source.reference), headers={"HX-Request": "true"})

    html = answer.content.decode()
    assert "<html" not in html
    assert 'id="merge_differences"' in html
    assert f"{source.reference} goes on." in words_of(answer)


def test_what_is_merged_is_found_as_merged(browser: Client, rosa: User) -> None:
    survivor, source = make_incident("Ledger export is stuck"), make_incident("Thumbnails are missing")
    searched = {"search": "thumbnails", "status_category[one_of]": "merged"}

    merge(survivor, source)
    merged = browser.get("/incidents/", searched).text
    undo_merge(source.pk, Actor.of_user(rosa))

    assert source.reference in merged
    assert source.get_absolute_url() not in browser.get("/incidents/", searched).text
