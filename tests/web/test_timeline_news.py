"""What an open incident page asks every 20 seconds."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Actor
from incidents.services.drafts import UpdateDraft
from incidents.services.updates import share_update
from incidents.web.timeline_events import PAGE_SIZE
from tests.make import make_actor, make_incident, make_user, move_incident

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(client: Client) -> Incident:
    user = make_user("Rosa Lund")
    client.force_login(user)
    return make_incident("Checkout slow", actor=Actor.of_user(user))


def question_on(response: Any) -> str:
    """Return what the page asks next."""
    found = re.search(r'id="timeline_poll"\s+hx-get="([^"]*)"', response.content.decode())
    assert found is not None
    return html.unescape(found[1])


def ask(client: Client, address: str) -> Any:
    return client.get(address, headers={"hx-request": "true"})


def share(incident: Incident, message: str) -> None:
    share_update(incident.pk, UpdateDraft(message=message), make_actor("Mei Tanaka"))


def test_nothing_new_is_204_for_three_queries(
    client: Client, incident: Incident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    question = question_on(client.get(incident.get_absolute_url()))

    # Session, user and version of the configuration are three more.
    with django_assert_num_queries(6):
        response = ask(client, question)

    assert (response.status_code, response.content) == (204, b"")


def test_new_events_come_above_the_others_once(client: Client, incident: Incident) -> None:
    question = question_on(client.get(incident.get_absolute_url()))
    share(incident, "The pool is <b>full</b>")
    response = ask(client, question)
    page = response.content.decode()

    assert '<ol hx-swap-oob="afterbegin:#timeline_entries">' in page
    assert "Mei Tanaka" in page
    assert "<b>full</b>" not in page.replace("<b>Mei", "")
    assert page.count("declared") == 0
    # The day stands above the new events, and goes from where it stood.
    assert re.search(r'<li id="timeline-day-[\d-]+" hx-swap-oob="delete">', page)
    assert ask(client, question_on(response)).status_code == 204


def test_head_follows_the_status(client: Client, incident: Incident) -> None:
    question = question_on(client.get(incident.get_absolute_url()))
    move_incident(incident, "monitoring")

    page = ask(client, question).content.decode()

    assert re.search(r'id="incident_head" hx-swap-oob="true">.*Monitoring', page, re.DOTALL)


def test_kinds_are_kept(client: Client, incident: Incident) -> None:
    question = question_on(client.get(f"{incident.get_absolute_url()}timeline/?kinds=changes"))
    share(incident, "Only words")
    assert ask(client, question).status_code == 204

    move_incident(incident, "monitoring")
    assert "kinds=changes" in question_on(ask(client, question))


def test_the_first_update_draws_the_timeline_anew(client: Client, incident: Incident) -> None:
    question = question_on(client.get(f"{incident.get_absolute_url()}timeline/?kinds=updates"))
    share(incident, "The pool is full")

    assert '<section id="timeline"' in ask(client, question).content.decode()


def test_more_than_a_page_draws_the_timeline_anew(client: Client, incident: Incident) -> None:
    question = question_on(client.get(incident.get_absolute_url()))
    for number in range(PAGE_SIZE + 1):
        share(incident, f"Step {number}")

    assert '<section id="timeline"' in ask(client, question).content.decode()


def test_earlier_pages_do_not_ask(client: Client, incident: Incident) -> None:
    last = incident.events.latest("id").pk

    assert "data-poll" not in client.get(f"{incident.get_absolute_url()}?before={last}").content.decode()


def test_a_marker_that_is_none_draws_the_timeline(client: Client, incident: Incident) -> None:
    assert ask(client, f"{incident.get_absolute_url()}timeline/?since=nonsense").status_code == 200
