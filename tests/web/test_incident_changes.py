"""What an open list asks every 20 seconds."""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from incidents.models import Actor, Incident
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.memberships import grant_membership, revoke_membership
from incidents.web.live_list import Marker
from tests.make import make_actor, make_incident, make_user, move_incident

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(client: Client) -> Actor:
    user = make_user("Rosa Lund")
    client.force_login(user)
    return Actor.of_user(user)


def question_on(response: Any) -> str:
    """Return what the page asks next."""
    found = re.search(r'hx-get="(/incidents/changes/[^"]*)"', response.content.decode())
    assert found is not None
    return html.unescape(found[1])


def ask(client: Client, address: str) -> Any:
    return client.get(address, headers={"hx-request": "true"})


def opened(client: Client, address: str = "/incidents/") -> str:
    """Open the list and ask once, so that what was made just before is told; return the next question."""
    question = question_on(client.get(address))
    first = ask(client, question)
    return question_on(first) if first.status_code == 200 else question


def rename(incident: Incident, name: str) -> None:
    edit_incident(incident.pk, IncidentEdit(name=name), make_actor(role="administrator"))


def test_nothing_changed_is_204(client: Client, rosa: Actor) -> None:
    make_incident("Checkout slow")

    response = ask(client, opened(client))

    assert response.status_code == 204
    assert response.content == b""


def test_a_row_that_is_shown_is_replaced_in_place(client: Client, rosa: Actor) -> None:
    incident, other = make_incident("Checkout slow"), make_incident("Login slow")
    question = opened(client)
    rename(incident, "Checkout <b>down</b>")

    page = ask(client, question).content.decode()

    assert f'<tr hx-swap-oob="true" class="incident-row" id="{incident.reference}"' in page
    assert "Checkout &lt;b&gt;down&lt;/b&gt;" in page
    assert "new incident" not in page
    assert other.reference in page  # changed within the overlap: drawn again as it was
    assert ask(client, question_on(ask(client, question))).status_code == 204


def test_a_row_that_left_the_filter_stays_and_shows_why(client: Client, rosa: Actor) -> None:
    incident = make_incident("Checkout slow", status="fixing")
    question = opened(client)
    move_incident(incident, "closed")

    page = ask(client, question).content.decode()

    assert f'id="{incident.reference}"' in page
    assert "Closed" in page


def test_new_incidents_are_told_and_add_up(client: Client, rosa: Actor) -> None:
    question = opened(client)
    make_incident("Checkout slow")
    first = ask(client, question)
    make_incident("Login slow")
    second = ask(client, question_on(first))

    assert "1 new incident<" in first.content.decode()
    assert "2 new incidents<" in second.content.decode()
    assert "<tr" not in second.content.decode()


def test_what_does_not_meet_the_filter_is_not_told(client: Client, rosa: Actor) -> None:
    question = opened(client, "/incidents/?severity[gte]=critical")
    make_incident("Checkout slow", severity="minor")
    make_incident("Practice", severity="critical", mode="test")

    assert "new incident" not in ask(client, question).content.decode()


def test_what_comes_into_a_list_that_fits_its_page_is_told(client: Client, rosa: Actor) -> None:
    incident = move_incident(make_incident("Checkout slow", status="fixing"), "closed")
    Incident.objects.filter(pk=incident.pk).update(updated_at=timezone.now() - datetime.timedelta(hours=1))
    question = opened(client)
    move_incident(incident, "fixing")

    assert "1 new incident<" in ask(client, question).content.decode()


def test_hidden_incidents_are_not_told(client: Client, rosa: Actor) -> None:
    question = opened(client)
    make_incident("Leaked signing key", visibility="private")

    assert ask(client, question).status_code == 204


def test_a_row_that_became_hidden_gives_its_place(client: Client, rosa: Actor) -> None:
    incident = make_incident("Leaked signing key", visibility="private")
    assert rosa.user is not None
    administrator = make_actor(role="administrator")
    grant_membership(incident.pk, rosa.user, administrator)
    question = opened(client)
    assert incident.reference.removeprefix("INC-") in question
    revoke_membership(incident.pk, rosa.user, administrator)

    response = ask(client, question)
    page = response.content.decode()

    assert "Leaked" not in page
    assert f'class="incident-row incident-gone" id="{incident.reference}"' in page
    assert ask(client, question_on(response)).status_code == 204


def test_hidden_and_missing_numbers_answer_the_same(client: Client, rosa: Actor) -> None:
    hidden = make_incident("Leaked signing key", visibility="private")
    now = timezone.now()
    word = Marker(loaded_at=now, asked_at=now).word
    number = hidden.reference.removeprefix("INC-")
    answers = [
        ask(client, f"/incidents/changes/?since={word}&shown={one}&new={one}")
        .content.decode()
        .replace(one, "N")
        for one in (number, "999999")
    ]

    assert re.sub(r"since=[^&]*", "", answers[0]) == re.sub(r"since=[^&]*", "", answers[1])


@pytest.mark.parametrize(
    "query",
    ["", "since=", "since=now", "since=1.2", "since=1.2.x", "since=9999999999999999.1.", "since=1.2.&shown=a",
     "since=1.2.&new=1..2", "since=1.2.&shown=" + ".".join(["1"] * 101)],
)  # fmt: skip
def test_broken_questions_are_refused(query: str, client: Client, rosa: Actor) -> None:
    assert ask(client, f"/incidents/changes/?{query}").status_code == 400


def test_a_filter_that_is_gone_asks_to_load_anew(client: Client, rosa: Actor) -> None:
    make_incident("Checkout slow")
    response = ask(client, "/incidents/changes/?severity[one_of]=gone&since=1.2.")

    assert response.status_code == 200
    assert "This list has changed a lot." in response.content.decode()


def test_an_old_question_is_answered_within_bounds(client: Client, rosa: Actor) -> None:
    for number in range(202):
        make_incident(f"Checkout {number}")

    assert "This list has changed a lot." in ask(client, "/incidents/changes/?since=1.2.").content.decode()


def test_without_htmx_it_leads_to_the_list(client: Client, rosa: Actor) -> None:
    response = client.get("/incidents/changes/?severity[gte]=major&since=1.2.&shown=1&new=2")

    assert response["Location"] == "/incidents/?severity[gte]=major"


def test_it_costs_two_queries(
    client: Client, rosa: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_incident(f"Checkout {number}")
    question = opened(client)

    with django_assert_num_queries(4):  # session and user are two of them
        assert ask(client, question).status_code == 204


def test_markers_are_read_as_written() -> None:
    now = timezone.now().replace(microsecond=123_000)
    marker = Marker(loaded_at=now, asked_at=now, digest="0a1b", is_whole=True)

    assert Marker.read(marker.word) == marker
