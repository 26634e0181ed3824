"""What is changed in place: status, severity, roles and members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Actor, Configuration, Incident, User
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from tests.forms import read_form
from tests.make import make_incident, make_user, move_incident, status_of
from tests.web.test_incident_detail import HTMX, browser_of, words_of

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


def lead_of(incident: Incident) -> str | None:
    role = Configuration.current().lead_role
    found = incident.role_assignments.filter(incident_role=role).select_related("assignee").first()
    return found.assignee.name if found else None


def test_status_changes_from_the_page(responder: Client, incident: Incident) -> None:
    form = read_form(responder.get(incident.get_absolute_url()), "status_form")

    response = responder.post(form.action, form.filled(incident_status="fixing"))

    assert (response.status_code, response["Location"]) == (303, incident.get_absolute_url())
    incident.refresh_from_db()
    assert incident.incident_status == status_of("fixing")


def test_every_status_is_listed_and_those_refused_say_why(responder: Client, incident: Incident) -> None:
    response = responder.get(f"{incident.get_absolute_url()}status/")

    form = read_form(response, "status_form")
    assert len(form.buttons) == len(Configuration.current().incident_statuses)
    html = response.content.decode()
    assert html.count("disabled>") == 3
    assert "Declining is for incidents in triage. Cancel this one instead." in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_status_that_may_not_follow_is_refused_with_its_reason(
    responder: Client, incident: Incident, headers: dict[str, str]
) -> None:
    address = f"{incident.get_absolute_url()}status/"

    response = responder.post(address, {"incident_status": "merged"}, headers=headers)

    assert response.status_code == 422
    assert "becomes merged by merging it into another one" in words_of(response)
    incident.refresh_from_db()
    assert incident.version == 1


@pytest.mark.parametrize("value", ["", "nothing", "%", "a\x00b", "0" * 26, "x" * 10_000])
def test_status_that_is_none_is_refused(responder: Client, incident: Incident, value: str) -> None:
    response = responder.post(f"{incident.get_absolute_url()}status/", {"incident_status": value})

    assert response.status_code == 422


def test_severity_change_answers_htmx_with_the_regions(responder: Client, incident: Incident) -> None:
    form = read_form(responder.get(incident.get_absolute_url()), "severity_form")

    response = responder.post(form.action, form.filled(severity="critical"), headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert 'id="incident_head" hx-swap-oob="true"' in html
    assert 'id="update_choices" hx-swap-oob="true"' in html
    assert "Severity is Critical now" in html
    assert "raised severity from" in html


def test_second_of_two_changes_of_a_status_is_asked(responder: Client, incident: Incident) -> None:
    form = read_form(responder.get(incident.get_absolute_url()), "status_form")
    move_incident(incident, "monitoring", actor=Actor.of_user(make_user("Tomás Vidal")))

    response = responder.post(form.action, form.filled(incident_status="fixing"))

    assert response.status_code == 409
    assert "Tomás Vidal made it Monitoring" in words_of(response)
    assert "you chose Fixing" in words_of(response)
    again = read_form(response, "status_form").filled(incident_status="fixing")
    assert responder.post(form.action, again).status_code == 303


def test_two_who_want_the_same_both_have_it(responder: Client, incident: Incident) -> None:
    form = read_form(responder.get(incident.get_absolute_url()), "status_form")
    move_incident(incident, "fixing")

    assert responder.post(form.action, form.filled(incident_status="fixing")).status_code == 303


def test_lead_is_assigned_and_taken_away(responder: Client, incident: Incident, rosa: User) -> None:
    address = f"{incident.get_absolute_url()}lead/"
    form = read_form(responder.get(address), "role_form_incident-lead")

    responder.post(form.action, form.filled(assignee=rosa.email))
    assert lead_of(incident) == "Rosa Lund"

    form = read_form(responder.get(address, headers=HTMX), "role_form_incident-lead")
    assert form.values["assignee"] == [rosa.email]
    responder.post(form.action, form.filled(assignee=""))
    assert lead_of(incident) is None


@pytest.mark.parametrize("person", ["nobody@example.com", "%", "0" * 26, "x" * 100_000])
def test_lead_who_is_not_here_is_refused(responder: Client, incident: Incident, person: str) -> None:
    response = responder.post(f"{incident.get_absolute_url()}lead/", {"assignee": person})

    assert response.status_code == 422
    assert "Nobody here has this e-mail" in words_of(response)


def test_second_of_two_leads_is_asked(responder: Client, incident: Incident, rosa: User) -> None:
    form = read_form(responder.get(f"{incident.get_absolute_url()}lead/"), "role_form_incident-lead")
    lead = Configuration.current().lead_role
    assert lead is not None
    mei = make_user("Mei Tanaka")
    edit_incident(incident.pk, IncidentEdit(roles={lead.pk: mei.pk}), Actor.of_user(mei))

    response = responder.post(form.action, form.filled(assignee=rosa.email))

    assert response.status_code == 409
    assert "Mei Tanaka made it Mei Tanaka" in words_of(response)
    assert lead_of(incident) == "Mei Tanaka"


def test_reporter_stays_who_it_was(responder: Client, incident: Incident, rosa: User) -> None:
    response = responder.post(f"{incident.get_absolute_url()}roles/reporter/", {"assignee": rosa.email})

    assert response.status_code == 422
    assert "The reporter is who declared the incident." in words_of(response)


def test_roles_that_there_are_not_are_not_found(responder: Client, incident: Incident) -> None:
    assert responder.get(f"{incident.get_absolute_url()}roles/juggler/").status_code == 404


def test_members_are_let_in_and_sent_away() -> None:
    ada, mia = make_user("Ada"), make_user("Mia")
    incident = make_incident("Breach", visibility="private", actor=Actor.of_user(ada))
    browser, address = browser_of(ada), f"{incident.get_absolute_url()}members/"

    assert browser.post(address, {"user": mia.email}).status_code == 303
    assert browser_of(mia).get(incident.get_absolute_url()).status_code == 200
    assert "Mia" in words_of(browser.get(address))

    assert browser.post(f"{address}{mia.pk}/remove/").status_code == 303
    assert browser_of(mia).get(incident.get_absolute_url()).status_code == 404


def test_who_leaves_is_led_to_the_list() -> None:
    ada = make_user("Ada")
    incident = make_incident("Breach", visibility="private", actor=Actor.of_user(ada))

    response = browser_of(ada).post(f"{incident.get_absolute_url()}members/{ada.pk}/remove/")

    assert response["Location"] == "/incidents/"


def test_members_are_a_matter_of_members_alone(incident: Incident) -> None:
    vera, stan = make_user("Vera", role="viewer"), make_user("Stan")
    hidden = make_incident("Breach", visibility="private")
    boss = browser_of(make_user("Ada", role="administrator"))
    address = f"{hidden.get_absolute_url()}members/"
    boss.post(address, {"user": vera.email})

    assert browser_of(vera).post(address, {"user": stan.email}).status_code == 403
    assert browser_of(vera).post(f"{address}{vera.pk}/remove/").status_code == 403
    assert browser_of(stan).post(address, {"user": stan.email}).status_code == 404
    assert boss.post(f"{address}{stan.pk}/remove/").status_code == 404
    assert boss.post(f"{address}nobody/remove/").status_code == 404
    assert boss.post(address, {"user": ""}).status_code == 422
    assert boss.get(f"{incident.get_absolute_url()}members/").status_code == 404
