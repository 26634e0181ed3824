"""Declaring in the browser, as it works without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Configuration, Incident, IncidentType
from incidents.services.configuration import save_noun
from tests.forms import read_form
from tests.make import make_actor, make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

NEW = "/incidents/new/"
SIMILAR = "/incidents/similar/"
CHECKOUT = "Checkout API returning 500s in eu-west-1"
SAME_AS_CHECKOUT = "checkout api 5xx eu-west-1"
ENOUGH = {"name": CHECKOUT, "severity": "major"}


def declared() -> Incident:
    return Incident.objects.get()


def test_a_name_and_a_severity_are_enough(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    response = client.post(NEW, ENOUGH)

    incident = declared()
    assert (response.status_code, response["Location"]) == (303, "/incidents/INC-1/")
    assert (incident.name, str(incident.severity), incident.status_category) == (CHECKOUT, "Major", "live")
    assert (incident.creator_user, incident.mode, incident.visibility) == (user, "standard", "public")
    assert incident.incident_type == Configuration.current().default_type


def test_the_next_page_says_that_it_is_declared(client: Client) -> None:
    client.force_login(make_user())

    client.post(NEW, ENOUGH)

    assert "INC-1 is declared." in client.get("/preferences/").text


def test_the_form_as_a_browser_sends_it_declares(client: Client) -> None:
    client.force_login(make_user())
    form = read_form(client.get(NEW), "declare-form")

    response = client.post(form.action, form.filled(name=CHECKOUT, severity="critical"))

    assert response.status_code == 303
    assert str(declared().severity) == "Critical"


def test_everything_that_can_be_said_is_stored(client: Client) -> None:
    client.force_login(make_user(time_zone="Europe/Zurich"))
    lead = make_user("Bob Lead")
    service = make_custom_field("Affected service", options=("Checkout", "Ledger"))
    regions = make_custom_field("Regions", options=("EU", "US", "APAC"), field_type="multi_select")
    number = make_custom_field("Customers hit", field_type="numeric")

    client.post(
        NEW,
        {
            **ENOUGH,
            "summary": "Since **noon**\nin Zurich",
            "status_category": "triage",
            "incident_type": "supplier",
            "custom_field[affected-service]": "ledger",
            "custom_field[regions]": ["eu", "us"],
            "custom_field[customers-hit]": "12.5",
            "incident_timestamp[impact-started]": "2026-07-01T12:00",
            "incident_role[lead]": lead.email,
            "visibility": "private",
            "mode": "retrospective",
        },
    )

    incident = declared()
    entries = incident.custom_field_entries.select_related("value_option").order_by(
        "custom_field", "position"
    )
    moment = incident.timestamp_values.get(incident_timestamp__slug="impact-started").value
    assert (incident.summary, incident.status_category) == ("Since **noon**\nin Zurich", "triage")
    assert (str(incident.incident_type), incident.visibility, incident.mode) == (
        "Supplier",
        "private",
        "retrospective",
    )
    assert {(entry.custom_field_id, entry.label) for entry in entries} == {
        (service.pk, "Ledger"),
        (regions.pk, "EU"),
        (regions.pk, "US"),
        (number.pk, "12.5"),
    }
    assert moment.isoformat() == "2026-07-01T10:00:00+00:00"
    assert incident.role_assignments.get(incident_role__role_type="lead").assignee == lead


def test_active_leaves_it_to_the_type_to_begin_in_triage(client: Client) -> None:
    client.force_login(make_user())
    supplier = IncidentType.objects.get(slug="supplier")
    supplier.create_in_triage = "always"
    save_noun(supplier, make_actor(role="administrator"))

    client.post(NEW, {**ENOUGH, "incident_type": "supplier", "status_category": "live"})

    assert declared().status_category == "triage"


def test_a_field_that_is_not_asked_before_is_not_on_the_form(client: Client) -> None:
    client.force_login(make_user())
    make_custom_field("Root cause", field_type="text", show_before_creation=False)

    assert "custom_field[root-cause]" not in read_form(client.get(NEW), "declare-form").values


@pytest.mark.parametrize("role", ["viewer", "responder", "administrator"])
def test_every_role_may_declare(client: Client, role: str) -> None:
    client.force_login(make_user(role=role))

    assert client.post(NEW, ENOUGH).status_code == 303


@pytest.mark.parametrize("address", [NEW, SIMILAR])
def test_anonymous_logs_in_first(client: Client, address: str) -> None:
    response = client.get(address, {"name": "x"})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=" + address)


def test_somebody_who_left_declares_nothing(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    user.is_active = False
    user.save(update_fields=["is_active"])

    response = client.post(NEW, ENOUGH)

    assert response["Location"].startswith("/accounts/login/")
    assert not Incident.objects.exists()


def test_the_form_sent_twice_makes_one(client: Client) -> None:
    client.force_login(make_user())
    sent = read_form(client.get(NEW), "declare-form").filled(**ENOUGH)

    first, second = client.post(NEW, sent), client.post(NEW, sent)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"] == f"/incidents/{declared().reference}/"


def test_a_form_used_again_with_other_words_says_so_and_gets_a_new_token(client: Client) -> None:
    client.force_login(make_user())
    sent = read_form(client.get(NEW), "declare-form").filled(**ENOUGH)
    client.post(NEW, sent)

    response = client.post(NEW, {**sent, "name": "Payroll export is empty"})

    form = read_form(response, "declare-form")
    assert response.status_code == 409
    assert "<title>Error: Declare an incident" in response.text
    assert 'href="/incidents/INC-1/">INC-1</a> with this form' in response.text
    assert form.values["name"] == ["Payroll export is empty"]
    assert form.values["idempotency_key"] != sent["idempotency_key"]
    assert client.post(NEW, form.values).status_code == 303
    assert Incident.objects.count() == 2


def test_a_token_that_was_used_by_somebody_else_is_not_theirs(client: Client) -> None:
    client.force_login(make_user())
    sent = {**ENOUGH, "idempotency_key": "seen over a shoulder"}
    client.post(NEW, sent)
    client.force_login(make_user("Mallory"))

    response = client.post(NEW, {**sent, "name": "Payroll export is empty"})

    assert response.status_code == 303
    assert Incident.objects.count() == 2


def test_a_token_of_an_incident_out_of_sight_does_not_name_it(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    sent = {**ENOUGH, "visibility": "private", "idempotency_key": "mine"}
    client.post(NEW, sent)
    declared().memberships.all().delete()
    client.get(NEW)  # reads the message

    response = client.post(NEW, {**sent, "name": "Payroll export is empty"})

    assert response.status_code == 409
    assert "INC-1" not in response.text


def test_an_address_fills_the_form_in(client: Client) -> None:
    lead = make_user("Bob Lead")
    client.force_login(make_user())
    service = make_custom_field("Affected service", options=("Checkout", "Ledger"))
    severity = Configuration.current().severities.by_slug["major"]

    response = client.get(
        NEW,
        {
            "name": "Ledger is late",
            "summary": "From the runbook",
            "severity": severity.pk,
            "incident_type": "supplier",
            "status_category": "triage",
            f"custom_field[{service.pk}]": "Ledger",
            "incident_role[lead]": lead.pk,
            "incident_timestamp[impact-started]": "2026-07-01T12:00Z",
            "visibility": "private",
            "mode": "test",
        },
    )

    values = read_form(response, "declare-form").values
    assert response.status_code == 200
    assert 'id="notes"' not in response.text
    expected = {
        "name": ["Ledger is late"],
        "summary": ["From the runbook"],
        "severity": ["major"],
        "incident_type": ["supplier"],
        "status_category": ["triage"],
        "custom_field[affected-service]": ["ledger"],
        "incident_role[lead]": [lead.email],
        "incident_timestamp[impact-started]": ["2026-07-01T12:00"],
        "visibility": ["private"],
        "mode": ["test"],
    }
    assert {name: values[name] for name in expected} == expected


def test_what_an_address_names_wrongly_is_left_out_with_a_note(client: Client) -> None:
    client.force_login(make_user())
    make_custom_field("Affected service", options=("Checkout",))

    response = client.get(
        NEW,
        {
            "name": CHECKOUT,
            "severity": "<b>nope",
            "custom_field[affected-service]": "Nothing",
            "custom_field[unknown]": "1",
            "visibility": "secret",
            "utm_source": "mail",
        },
    )

    values = read_form(response, "declare-form").values
    assert response.status_code == 200
    assert values["name"] == [CHECKOUT]
    assert "severity" not in values
    assert values["visibility"] == ["public"]
    for note in ("“&lt;b&gt;nope”", "Affected service: “Nothing”", "custom_field[unknown]: “1”", "“secret”"):
        assert note in response.text
    assert "utm_source" not in response.text.split("</nav>")[1]


@pytest.mark.parametrize("name", ["idempotency_key", "separate_from", "separate_reason"])
def test_an_address_cannot_answer_for_a_person(client: Client, name: str) -> None:
    client.force_login(make_user())

    values = read_form(client.get(NEW, {name: "forged"}), "declare-form").values

    assert "forged" not in str(values.get(name))


def test_an_address_with_a_known_name_shows_what_is_similar_at_once(client: Client) -> None:
    client.force_login(make_user())
    make_incident(CHECKOUT)

    response = client.get(NEW, {"name": SAME_AS_CHECKOUT})

    assert "This is the same, add my report to INC-1" in read_form(response, "declare-form").buttons


def test_enter_declares_and_never_reports(client: Client) -> None:
    client.force_login(make_user())
    make_incident(CHECKOUT)

    response = client.get(NEW, {"name": SAME_AS_CHECKOUT})

    # A browser presses the first button of a form when somebody types Enter in a box.
    assert next(iter(read_form(response, "declare-form").buttons.values())) == NEW
