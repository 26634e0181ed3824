"""Sharing an update: with its changes in one go, against bad input, and against somebody quicker."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from incidents.models import Actor, Incident, IncidentEvent, IncidentUpdate, User
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from tests.forms import read_form
from tests.make import make_incident, make_user, move_incident, status_of
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


def typed(browser: Client, incident: Incident, **changes: str) -> dict[str, list[str]]:
    """Open the page and fill in its box."""
    return read_form(browser.get(incident.get_absolute_url()), "update_form").filled(**changes)


def test_update_is_shared_with_its_changes(responder: Client, incident: Incident) -> None:
    form = typed(
        responder, incident, message="A *fix* is out", incident_status="monitoring", severity="critical"
    )

    response = responder.post(f"{incident.get_absolute_url()}updates/", form)

    assert (response.status_code, response["Location"]) == (303, incident.get_absolute_url())
    incident.refresh_from_db()
    assert incident.incident_status == status_of("monitoring")
    assert IncidentUpdate.objects.get().message == "A *fix* is out"
    page = responder.get(incident.get_absolute_url())
    assert "<em>fix</em>" in page.content.decode()
    assert "Investigating changed to Monitoring Major changed to Critical" in words_of(page)


def test_update_of_words_alone_changes_nothing_else(responder: Client, incident: Incident) -> None:
    form = typed(responder, incident, message="Still looking")
    move_incident(incident, "fixing")

    response = responder.post(f"{incident.get_absolute_url()}updates/", form)

    assert response.status_code == 303
    incident.refresh_from_db()
    assert incident.incident_status == status_of("fixing")


def test_update_answers_htmx_with_what_changed(responder: Client, incident: Incident) -> None:
    form = typed(responder, incident, message="Half way", incident_status="fixing")

    html = responder.post(f"{incident.get_absolute_url()}updates/", form, headers=HTMX).content.decode()

    assert "<html" not in html
    for region in ("incident_head", "incident_side", "timeline", "say"):
        assert f'id="{region}"' in html
    assert html.count('hx-swap-oob="true"') == 4
    assert "Update shared" in html
    assert "Half way" in html
    assert "Half way" not in html.split('id="update_choices"')[0]


def test_preview_draws_the_message_and_shares_nothing(responder: Client, incident: Incident) -> None:
    form = typed(responder, incident, message=f"**Soon** {ATTACK}", incident_status="fixing", preview="1")

    response = responder.post(f"{incident.get_absolute_url()}updates/", form)

    html = response.content.decode()
    assert response.status_code == 200
    assert "<strong>Soon</strong>" in html
    assert "<script>alert" not in html
    again = read_form(response, "update_form")
    assert again.values["message"] == [f"**Soon** {ATTACK}"]
    assert again.values["incident_status"] == ["fixing"]
    assert not IncidentUpdate.objects.exists()


def test_preview_answers_htmx_with_the_box(responder: Client, incident: Incident) -> None:
    form = typed(responder, incident, message="**Soon**", preview="1")

    html = responder.post(f"{incident.get_absolute_url()}updates/", form, headers=HTMX).content.decode()

    assert html.strip().startswith("<form")
    assert "<strong>Soon</strong>" in html


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"message": ""}, 422, "Write what changed"),
        ({"message": "x" * 20_001}, 422, "Shorten this to 20,000 characters"),
        ({"message": "x" * 1_000_000}, 422, "it has 1,000,000"),
        ({"message": "a\x00b"}, 422, "Null characters are not allowed."),
        ({"message": "Hm", "incident_status": "no-such-status"}, 422, "There is no such choice"),
        ({"message": "Hm", "incident_status": "merged"}, 422, "becomes merged by merging it"),
        ({"message": "Hm", "incident_status": "declined"}, 422, "Declining is for incidents in triage"),
        ({"message": "Hm", "severity": "%"}, 422, "There is no such choice"),
    ],
)
def test_bad_input_is_refused_with_the_text_kept(
    responder: Client, incident: Incident, changes: dict[str, str], status: int, words: str
) -> None:
    form = typed(responder, incident, **changes)

    for headers in ({}, HTMX):
        response = responder.post(f"{incident.get_absolute_url()}updates/", form, headers=headers)
        assert response.status_code == status
        assert words in words_of(response)
        assert read_form(response, "update_form").values["message"] == [changes["message"]]
    assert not IncidentUpdate.objects.exists()
    incident.refresh_from_db()
    assert incident.version == 1


@pytest.mark.parametrize("message", ["مرحبا بكم", "🔥🚒", "a‮b", "%_\\", "l'été"])
def test_unusual_text_is_kept_as_it_is(responder: Client, incident: Incident, message: str) -> None:
    form = typed(responder, incident, message=message)

    assert responder.post(f"{incident.get_absolute_url()}updates/", form).status_code == 303

    assert IncidentUpdate.objects.get().message == message
    assert message in unescape(responder.get(incident.get_absolute_url()).content.decode())


def test_second_of_two_changes_is_shown_both_values(responder: Client, incident: Incident) -> None:
    form = typed(responder, incident, message="It is fixed", incident_status="monitoring")
    move_incident(incident, "fixing", actor=Actor.of_user(make_user("Tomás Vidal")))

    response = responder.post(f"{incident.get_absolute_url()}updates/", form)

    assert response.status_code == 409
    assert "Tomás Vidal made it Fixing" in words_of(response)
    assert "you chose Monitoring" in words_of(response)
    again = read_form(response, "update_form")
    assert again.values["message"] == ["It is fixed"]
    assert again.values["incident_status"] == ["monitoring"]
    assert not IncidentUpdate.objects.exists()

    assert responder.post(f"{incident.get_absolute_url()}updates/", again.filled()).status_code == 303
    incident.refresh_from_db()
    assert incident.incident_status == status_of("monitoring")


def test_change_of_something_else_meanwhile_is_no_conflict(responder: Client, incident: Incident) -> None:
    form = typed(responder, incident, message="It is fixed", incident_status="monitoring")
    edit_incident(incident.pk, IncidentEdit(name="Renamed"), Actor.of_user(make_user("Tomás Vidal")))

    response = responder.post(f"{incident.get_absolute_url()}updates/", form)

    assert response.status_code == 303
    incident.refresh_from_db()
    assert (incident.name, incident.incident_status) == ("Renamed", status_of("monitoring"))


def test_who_may_not_share_an_update(incident: Incident) -> None:
    address = f"{incident.get_absolute_url()}updates/"
    hidden = make_incident("Breach", visibility="private")
    update = {"message": "Hello"}

    assert browser_of(make_user("Vera", role="viewer")).post(address, update).status_code == 403
    stranger = browser_of(make_user("Stan"))
    assert stranger.post(f"{hidden.get_absolute_url()}updates/", update).status_code == 404
    assert stranger.post("/incidents/INC-999/updates/", update).status_code == 404
    assert stranger.get(address).status_code == 405
    assert not IncidentUpdate.objects.exists()
    assert not IncidentEvent.objects.filter(kind="update_shared").exists()
