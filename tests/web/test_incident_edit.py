"""The edit form: what it saves, what it refuses, and two people who use it at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from incidents.models import Actor, Configuration, Incident, User
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.people import Preferences, edit_preferences
from tests.forms import read_form
from tests.make import make_custom_field, make_incident, make_team, make_user, move_incident, status_of
from tests.web.test_incident_detail import browser_of, words_of

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
    return make_incident(summary="One line\nand another")


def opened(browser: Client, incident: Incident, **changes: Any) -> dict[str, list[str]]:
    """Open the form and fill it in."""
    return read_form(browser.get(f"{incident.get_absolute_url()}edit/"), "edit-form").filled(**changes)


def send(browser: Client, incident: Incident, form: dict[str, list[str]]) -> Any:
    return browser.post(f"{incident.get_absolute_url()}edit/", form)


def kinds_of(incident: Incident) -> list[str]:
    return list(incident.events.exclude(kind="declared").order_by("id").values_list("kind", flat=True))


def test_form_that_was_not_touched_changes_nothing(responder: Client) -> None:
    service = make_custom_field("Service", options=("Payouts", "Ledger"), field_type="multi_select")
    options = Configuration.current().options[service.pk].by_slug
    incident = make_incident(
        summary="One line\r\n\r\n  and another",
        custom_fields={service.pk: (options["ledger"].pk, options["payouts"].pk)},
        team_ids=(make_team().pk,),
    )

    response = send(responder, incident, opened(responder, incident))

    assert response.status_code == 303
    incident.refresh_from_db()
    assert incident.version == 1
    assert kinds_of(incident) == []


def test_everything_can_be_changed(responder: Client, incident: Incident, rosa: User) -> None:
    service = make_custom_field("Service", options=("Payouts", "Ledger"))
    customers = make_custom_field("Customers", field_type="numeric")
    team = make_team("Payments")
    edit_preferences(rosa, Preferences("Rosa Lund", "Asia/Tokyo", shortcuts_enabled=True))
    form = opened(
        responder,
        incident,
        name="Payouts fail",
        summary="New words",
        severity="critical",
        incident_status="fixing",
        incident_type="supplier",
        mode="test",
        visibility="private",
        call_url="https://call.example/1",
        postmortem_document_url="https://docs.example/1",
        team=[team.slug],
        **{
            "incident_role[scribe]": rosa.email,
            "custom_field[service]": "ledger",
            "custom_field[customers]": "312.50",
            "incident_timestamp[impact-started]": "2026-01-02T09:30",
        },
    )

    response = send(responder, incident, form)

    assert (response.status_code, response["Location"]) == (303, incident.get_absolute_url())
    incident.refresh_from_db()
    assert (incident.name, incident.summary, incident.mode) == ("Payouts fail", "New words", "test")
    assert (str(incident.severity), str(incident.incident_status)) == ("Critical", "Fixing")
    assert (str(incident.incident_type), incident.visibility) == ("Supplier", "private")
    assert incident.call_url == "https://call.example/1"
    assert incident.postmortem_document_url == "https://docs.example/1"
    assert [row.name for row in incident.teams.all()] == ["Payments"]
    assert incident.role_assignments.get(incident_role__slug="scribe").assignee == rosa
    labels = {entry.custom_field_id: entry.label for entry in incident.custom_field_entries.all()}
    assert labels == {service.pk: "Ledger", customers.pk: "312.5"}
    moment = incident.timestamp_values.get(incident_timestamp__slug="impact-started").value
    assert moment.isoformat() == "2026-01-02T00:30:00+00:00"


def test_values_can_be_emptied(responder: Client) -> None:
    note = make_custom_field("Note", field_type="text")
    incident = make_incident(
        summary="Words", call_url="https://call.example/1", custom_fields={note.pk: ("Hm",)}
    )
    form = opened(responder, incident, summary="", call_url="", **{"custom_field[note]": ""})

    assert send(responder, incident, form).status_code == 303

    incident.refresh_from_db()
    assert (incident.summary, incident.call_url) == ("", "")
    assert not incident.custom_field_entries.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Name: Say in one line what is happening."),
        ({"name": "x" * 201}, "Name: Shorten this to 200 characters or fewer (it has 201)."),
        ({"name": "a\x00b"}, "Name: Remove the NUL character"),
        ({"summary": "x" * 1_000_000}, "Summary: Shorten this to 20,000 characters"),
        ({"severity": "worst"}, "Severity: There is no such choice."),
        ({"incident_status": "declined"}, "Status: Declining is for incidents in triage."),
        ({"mode": "party"}, "Mode: "),
        ({"call_url": "javascript:alert(1)"}, "Call link: "),
        ({"custom_field[customers]": "about 300"}, "Customers: Enter a number"),
        ({"custom_field[customers]": "1e999999"}, "Customers: Enter a number"),
        ({"custom_field[service]": "nowhere"}, "Service: “Service” has no option"),
        ({"incident_role[scribe]": "nobody@example.com"}, "Scribe: Nobody here has this e-mail."),
        ({"incident_timestamp[fixed]": "0000-01-01T00:00"}, "Fixed: Enter a date and a time"),
        ({"incident_timestamp[fixed]": "0001-01-01T00:00"}, "Fixed: “Fixed” must be between 1970 and now."),
        ({"incident_timestamp[fixed]": "9999-12-31T23:59"}, "Fixed: “Fixed” must be between 1970 and now."),
        ({"incident_timestamp[fixed]": "10000-01-01T00:00"}, "Fixed: Enter a date and a time"),
        ({"incident_timestamp[fixed]": "soon"}, "Fixed: Enter a date and a time"),
    ],
)
def test_bad_input_is_refused_by_the_field(responder: Client, changes: dict[str, str], words: str) -> None:
    make_custom_field("Service", options=("Payouts",))
    make_custom_field("Customers", field_type="numeric")
    incident = make_incident()
    form = opened(responder, incident, **{"summary": "Typed", **changes})
    form |= {name: [value] for name, value in changes.items()}

    response = send(responder, incident, form)

    assert response.status_code == 422
    assert words in words_of(response)
    assert "Error: Edit" in words_of(response)
    assert "1 error" in words_of(response)
    kept = read_form(response, "edit-form").values
    assert kept["base"] == form["base"]
    # A list cannot show a choice that it does not offer; what was typed stands there as it was.
    assert all(kept[name] == [typed] for name, typed in changes.items() if kept[name])
    incident.refresh_from_db()
    assert (incident.version, incident.summary) == (1, "")


def test_everything_that_is_wrong_is_said_at_once(responder: Client) -> None:
    make_custom_field("Customers", field_type="numeric")
    incident = make_incident()
    wrong = {
        "name": "",
        "call_url": "nope",
        "custom_field[customers]": "about 300",
        "incident_timestamp[fixed]": "9999-01-01T00:00",
    }

    words = words_of(
        send(responder, incident, opened(responder, incident) | {k: [v] for k, v in wrong.items()})
    )

    assert "Nothing saved yet: 4 fields need another look" in words
    assert "Basics 2 errors Roles Custom fields 1 error Timestamps 1 error" in words


@pytest.mark.parametrize("base", ["", "{", "[]", "null", '{"name": 3}', "[" * 100_000])
def test_broken_base_is_no_error(responder: Client, incident: Incident, base: str) -> None:
    form = opened(responder, incident, name="Renamed") | {"base": [base], "version": ["x"]}

    assert send(responder, incident, form).status_code == 303

    incident.refresh_from_db()
    assert incident.name == "Renamed"


def test_changes_that_touch_nothing_of_others_are_kept(responder: Client, incident: Incident) -> None:
    form = opened(responder, incident, name="Mine")
    edit_incident(incident.pk, IncidentEdit(summary="Theirs"), Actor.of_user(make_user("Tomás Vidal")))

    assert send(responder, incident, form).status_code == 303

    incident.refresh_from_db()
    assert (incident.name, incident.summary) == ("Mine", "Theirs")


def in_conflict(responder: Client, incident: Incident) -> Any:
    """Change name and summary after somebody else renamed the incident and moved it on."""
    form = opened(responder, incident, name="Mine", summary="Mine too")
    tomas = Actor.of_user(make_user("Tomás Vidal"))
    edit_incident(incident.pk, IncidentEdit(name="Theirs"), tomas)
    move_incident(incident, "fixing", actor=tomas)
    return send(responder, incident, form)


def test_conflict_asks_for_what_both_changed(responder: Client, incident: Incident) -> None:
    response = in_conflict(responder, incident)

    words = words_of(response)
    assert response.status_code == 409
    assert "Conflict: Edit" in words
    assert "Not saved yet: 1 field changed while you were editing" in words
    assert "Your 1 other change touches nothing anybody else did and is kept." in words
    assert "Tomás Vidal," in words
    assert 'value="mine" checked' in response.content.decode()
    again = read_form(response, "edit-form").values
    assert (again["name"], again["summary"]) == (["Mine"], ["Mine too"])
    assert again["incident_status"] == ["fixing"]
    incident.refresh_from_db()
    assert (incident.name, incident.summary) == ("Theirs", "One line\nand another")


@pytest.mark.parametrize(("choice", "name"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_conflict_is_solved_by_a_choice(
    responder: Client, incident: Incident, choice: str, name: str
) -> None:
    form = read_form(in_conflict(responder, incident), "edit-form").filled(**{"keep[name]": choice})

    assert send(responder, incident, form).status_code == 303

    incident.refresh_from_db()
    assert (incident.name, incident.summary) == (name, "Mine too")
    assert incident.incident_status == status_of("fixing")


def test_conflict_in_rows_names_people_and_moments(responder: Client, incident: Incident, rosa: User) -> None:
    mei = make_user("Mei Tanaka")
    configuration = Configuration.current()
    scribe = configuration.incident_roles.by_slug["scribe"]
    form = opened(responder, incident, **{"incident_role[scribe]": rosa.email})
    edit_incident(incident.pk, IncidentEdit(roles={scribe.pk: mei.pk}), Actor.of_user(mei))

    words = words_of(send(responder, incident, form))

    assert "Scribe Mei Tanaka , theirs Mei Tanaka," in words
    assert "Rosa Lund , yours" in words


def test_person_who_left_keeps_the_role_until_it_is_given_away(responder: Client, incident: Incident) -> None:
    gone = make_user("Gone Girl")
    scribe = Configuration.current().incident_roles.by_slug["scribe"]
    edit_incident(incident.pk, IncidentEdit(roles={scribe.pk: gone.pk}), Actor.of_user(gone))
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert send(responder, incident, opened(responder, incident, name="Renamed")).status_code == 303

    assert incident.role_assignments.get(incident_role=scribe).assignee == gone


def test_reporter_cannot_be_changed_by_hand(responder: Client, incident: Incident, rosa: User) -> None:
    reporter = incident.role_assignments.get(incident_role__role_type="reporter").assignee
    form = opened(responder, incident, name="Renamed", **{"incident_role[reporter]": rosa.email})

    assert send(responder, incident, form).status_code == 303

    assert incident.role_assignments.get(incident_role__role_type="reporter").assignee == reporter


def test_who_may_not_edit(incident: Incident) -> None:
    hidden = make_incident("Breach", visibility="private")
    form = {"name": "Taken over"}

    assert (
        browser_of(make_user("Vera", role="viewer"))
        .post(f"{incident.get_absolute_url()}edit/", form)
        .status_code
        == 403
    )
    assert browser_of(make_user("Stan")).post(f"{hidden.get_absolute_url()}edit/", form).status_code == 404
    assert (
        Client().post(f"{incident.get_absolute_url()}edit/", form)["Location"].startswith("/accounts/login/")
    )
    assert set(Incident.objects.values_list("version", flat=True)) == {1}


@pytest.mark.usefixtures("committed_db")
def test_of_two_who_save_at_once_one_is_asked(rosa: User) -> None:
    incident = make_incident()
    browsers = [browser_of(rosa), browser_of(make_user("Tomás Vidal"))]
    forms = [opened(browser, incident, name=f"Name {place}") for place, browser in enumerate(browsers)]
    start = threading.Barrier(2)

    def save(place: int) -> int:
        try:
            start.wait(timeout=30)
            return int(send(browsers[place], incident, forms[place]).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(save, range(2)))

    assert sorted(answers) == [303, 409]
    incident.refresh_from_db()
    assert incident.name == f"Name {answers.index(303)}"
    assert incident.version == 2
