"""Incidents that became one, on their pages: nothing is lost, and all is marked with where it is from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from incidents.models import Action, Actor, Incident, IncidentEvent, User
from incidents.services.drafts import IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.updates import share_update
from tests.make import (
    make_action,
    make_actor,
    make_attachment,
    make_follow_up,
    make_incident,
    make_user,
    merge,
)
from tests.web.test_merge import words_of

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def browser(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


@pytest.fixture
def pair(rosa: User) -> tuple[Incident, Incident]:
    """A survivor and what was merged into it, which has one of each."""
    actor = Actor.of_user(rosa)
    survivor, source = make_incident("Survivor", actor=actor), make_incident("Source", actor=actor)
    share_update(survivor.pk, UpdateDraft(message="First words"), actor)
    share_update(source.pk, UpdateDraft(message="Second words"), actor)
    share_update(survivor.pk, UpdateDraft(message="Third words"), actor)
    make_action(source, "Call the bank")
    make_follow_up(source, "Alert on pool use")
    make_attachment(source, title="Runbook of the source")
    merge(survivor, source, actor=actor)
    return survivor, source


def entries(response: Any) -> list[str]:
    html = response.content.decode()
    timeline = html[html.index('id="timeline_entries"') : html.index('id="timeline_more"')]
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in timeline.split("<li")[1:]]


def test_updates_stand_in_their_order_with_their_origin(
    browser: Client, pair: tuple[Incident, Incident]
) -> None:
    survivor, source = pair

    told = [entry for entry in entries(browser.get(survivor.get_absolute_url())) if "words" in entry]

    assert [re.findall(r"(\w+) words", entry)[0] for entry in told] == ["Third", "Second", "First"]
    assert f"from {source.reference}" in told[1]
    assert "from" not in told[0] + told[2]


def test_what_is_to_be_done_and_links_are_there_with_their_origin(
    browser: Client, pair: tuple[Incident, Incident]
) -> None:
    survivor, source = pair

    page = words_of(browser.get(survivor.get_absolute_url()))

    assert re.search(rf"Call the bank.*from {source.reference}", page)
    assert re.search(rf"Alert on pool use.*from {source.reference}", page)
    assert re.search(rf"Runbook of the source.*from {source.reference}", page)
    assert "Merged into it" in page


def test_an_action_of_a_merged_incident_is_ticked_where_work_goes_on(
    browser: Client, pair: tuple[Incident, Incident]
) -> None:
    survivor, source = pair
    action = Action.objects.get()

    response = browser.post(f"/incidents/{survivor.reference}/actions/{action.pk}/", {"status": "completed"})

    assert response["Location"].startswith(survivor.get_absolute_url())
    assert Action.objects.get().status == "completed"
    assert IncidentEvent.objects.filter(incident=source, kind="action_changed").count() == 1
    assert any("completed the action" in entry for entry in entries(browser.get(survivor.get_absolute_url())))


def test_the_page_of_a_merged_incident_is_kept_as_it_was(
    browser: Client, pair: tuple[Incident, Incident]
) -> None:
    _, source = pair

    html = browser.get(source.get_absolute_url()).content.decode()

    assert "Merged into <a" in html
    assert "Second words" in html
    assert 'name="message"' not in html
    assert f"/incidents/{source.reference}/edit/" not in html
    assert f"/incidents/{source.reference}/actions/" not in html
    assert "merged this incident into" in html


def test_what_is_still_sent_to_a_merged_incident_is_seen(
    browser: Client, pair: tuple[Incident, Incident]
) -> None:
    survivor, source = pair

    share_update(source.pk, UpdateDraft(message="The monitor again"), make_actor())

    first = next(entry for entry in entries(browser.get(survivor.get_absolute_url())) if "monitor" in entry)
    assert f"from {source.reference}" in first


def test_the_merge_is_told_once(browser: Client, pair: tuple[Incident, Incident]) -> None:
    for incident in pair:
        told = entries(browser.get(incident.get_absolute_url()))
        assert [entry for entry in told if "merged" in entry] == [told[1]]


def test_earlier_pages_hold_what_the_first_does_not(browser: Client, rosa: User) -> None:
    survivor, source, actor = make_incident("S"), make_incident("A"), Actor.of_user(rosa)
    for number in range(40):
        share_update((survivor, source)[number % 2].pk, UpdateDraft(message=f"Word{number}."), actor)
        edit_incident(survivor.pk, IncidentEdit(name=f"Name {number}"), actor)
    merge(survivor, source)
    address, found = f"/incidents/{survivor.reference}/timeline/", []

    while address:
        page = browser.get(address, headers={"HX-Request": "true"})
        found += re.findall(r"Word(\d+)\.", page.content.decode())
        older = re.search(r'href="([^"]*before=[^"]*)"', page.content.decode())
        address = older[1].replace("&amp;", "&") if older else ""

    assert [int(number) for number in found] == list(range(39, -1, -1))


# --- Who sees what


def test_a_private_merged_incident_is_shown_to_its_members_alone(browser: Client, client: Client) -> None:
    survivor = make_incident("Survivor", visibility="private")
    hidden = make_incident("Leaked key", visibility="private")
    make_action(hidden, "Rotate the key")
    merge(survivor, hidden)
    edit_incident(survivor.pk, IncidentEdit(visibility="public"), make_actor(role="administrator"))
    twin = make_incident("Survivor")

    pages = [words_of(browser.get(incident.get_absolute_url())) for incident in (survivor, twin)]

    for secret in ("Leaked key", hidden.reference, "Rotate the key", "Merged into it"):
        assert secret not in pages[0]
    assert (
        browser.get(f"/incidents/{survivor.reference}/actions/{Action.objects.get().pk}/").status_code == 404
    )
    client.force_login(make_user(role="administrator"))
    assert "Leaked key" in words_of(client.get(survivor.get_absolute_url()))


def test_the_page_costs_the_same_however_much_was_merged(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    survivors = [make_incident("Few"), make_incident("Many")]
    merge(survivors[0], make_incident())
    merge(survivors[1], *(make_incident() for _ in range(12)))
    browser.get("/incidents/")

    for survivor in survivors:
        with django_assert_num_queries(21):
            browser.get(survivor.get_absolute_url())


def test_the_open_list_holds_the_survivor_alone(browser: Client, pair: tuple[Incident, Incident]) -> None:
    survivor, source = pair

    html = browser.get("/incidents/").content.decode()

    assert survivor.get_absolute_url() in html
    assert source.get_absolute_url() not in html
    assert 'name="kind" value="merge"' in html
    assert f'name="id" value="{survivor.reference}"' in html
