"""The duplicate check on submit: what is held back, and what lets it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection

from incidents.models import Incident, IncidentEvent
from tests.forms import read_form
from tests.make import make_actor, make_incident, make_user
from tests.web.test_declare import CHECKOUT, NEW, SAME_AS_CHECKOUT, SIMILAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def known(client: Client) -> Incident:
    """Log somebody in, and let another one have declared before."""
    client.force_login(make_user("Priya Raman"))
    return make_incident(CHECKOUT, actor=make_actor("Tomas Vidal"))


def submit(client: Client, name: str, **changes: Any) -> Any:
    """Send the form as a browser without JavaScript does."""
    form = read_form(client.get(NEW), "declare-form")
    return client.post(NEW, form.filled(name=name, severity="major", **changes))


def again(client: Client, response: Any, **changes: Any) -> Any:
    """Send the form that came back, with some changes."""
    return client.post(NEW, read_form(response, "declare-form").filled(**changes))


def tick_of(response: Any) -> Any:
    """Return what ticking the one box would send."""
    return response.context["panel"].separation.value


def test_what_is_related_stops_nobody(client: Client, known: Incident) -> None:
    response = submit(client, "Search is slow in eu-west-1")

    assert response.status_code == 303
    assert Incident.objects.count() == 2


def test_a_likely_match_asks_for_one_tick(client: Client, known: Incident) -> None:
    response = submit(client, SAME_AS_CHECKOUT, summary=" kept\r\nbyte for byte ")

    values = read_form(response, "declare-form").values
    assert response.status_code == 409
    assert "<title>Error: Declare an incident" in response.text
    assert 'role="alert"' in response.text
    assert "This is a different incident." in response.text
    assert (values["name"], values["summary"]) == ([SAME_AS_CHECKOUT], [" kept\r\nbyte for byte "])
    assert "separate_from" not in values
    assert Incident.objects.count() == 1


def test_with_the_tick_it_is_declared_and_both_tell_of_it(client: Client, known: Incident) -> None:
    response = submit(client, SAME_AS_CHECKOUT)

    done = again(client, response, separate_from=tick_of(response))

    made = Incident.objects.get(number=2)
    told = IncidentEvent.objects.filter(kind="declared_separately")
    assert done.status_code == 303
    assert {(event.incident_id, event.details["other_incident_id"]) for event in told} == {
        (known.pk, made.pk),
        (made.pk, known.pk),
    }


def test_a_tick_for_one_match_does_not_answer_for_another(client: Client, known: Incident) -> None:
    response = submit(client, SAME_AS_CHECKOUT)
    ticked = read_form(response, "declare-form").filled(separate_from=tick_of(response))
    make_incident("Checkout API 5xx errors in eu-west-1")

    response = client.post(NEW, ticked)

    assert response.status_code == 409
    assert response.context["held"].match.reference == "INC-2"
    assert "separate_from" not in read_form(response, "declare-form").values


def test_an_exact_match_is_held_back(client: Client, known: Incident) -> None:
    response = submit(client, CHECKOUT.lower(), summary="mine", visibility="private")

    form = read_form(response, "declare-form")
    assert response.status_code == 409
    assert "Not declared yet: this incident already exists" in response.text
    assert "Tomas Vidal" in response.text
    assert form.buttons["Add my report to INC-1"] == "/incidents/INC-1/reports/"
    assert (form.values["summary"], form.values["visibility"]) == (["mine"], ["private"])
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "..", "no", "42 7"])
def test_without_a_reason_an_exact_match_stays_held_back(
    client: Client, known: Incident, reason: str
) -> None:
    response = again(client, submit(client, CHECKOUT), separate_reason=reason)

    assert response.status_code == 409
    assert read_form(response, "declare-form").values["separate_reason"] == [reason]
    assert Incident.objects.count() == 1


def test_a_reason_that_is_too_short_is_explained_by_the_field(client: Client, known: Incident) -> None:
    response = again(client, submit(client, CHECKOUT), separate_reason="no")

    assert "Say in a few words what is different." in response.text


def test_with_a_reason_it_is_declared_and_both_tell_why(client: Client, known: Incident) -> None:
    response = submit(client, CHECKOUT)

    done = again(client, response, separate_reason="Other cluster, <b>other</b> cause")

    told = IncidentEvent.objects.filter(kind="declared_separately")
    assert done.status_code == 303
    assert {event.incident.number: event.details["reason"] for event in told} == {
        1: "Other cluster, <b>other</b> cause",
        2: "Other cluster, <b>other</b> cause",
    }


def test_a_tick_does_not_stand_for_a_reason(client: Client, known: Incident) -> None:
    response = submit(client, CHECKOUT, separate_from=known.pk)

    assert response.status_code == 409


@pytest.mark.parametrize(
    "forged", ["", "x", "01", "' OR 1=1", "01HZZZZZZZZZZZZZZZZZZZZZZZ", "\x00", "," * 5000]
)
def test_a_forged_tick_answers_nothing(client: Client, known: Incident, forged: str) -> None:
    assert submit(client, SAME_AS_CHECKOUT, separate_from=forged).status_code == 409


def test_a_private_incident_holds_no_stranger_back(client: Client) -> None:
    client.force_login(make_user("Stranger"))
    make_incident(CHECKOUT, visibility="private")

    response = submit(client, CHECKOUT)

    assert response.status_code == 303
    assert not IncidentEvent.objects.filter(kind="declared_separately").exists()


def test_a_private_incident_cannot_be_named_by_a_stranger(client: Client, known: Incident) -> None:
    hidden = make_incident("Payroll is wrong", visibility="private")

    submit(client, "Search is slow", separate_from=hidden.pk, separate_reason="a guess")

    assert not hidden.events.filter(kind="declared_separately").exists()


@pytest.mark.parametrize("mode", ["test", "tutorial"])
def test_practice_repeats_itself_without_a_question(client: Client, known: Incident, mode: str) -> None:
    assert submit(client, CHECKOUT, mode=mode).status_code == 303


def test_the_second_person_with_the_same_text_is_asked(client: Client) -> None:
    alice, bob = make_user("Alice"), make_user("Bob")
    client.force_login(bob)
    opened_before = read_form(client.get(NEW), "declare-form").filled(name=CHECKOUT, severity="major")
    client.force_login(alice)
    submit(client, CHECKOUT)
    client.force_login(bob)

    response = client.post(NEW, opened_before)

    assert response.status_code == 409
    assert "Alice" in response.text


def test_a_check_that_fails_keeps_nobody_from_declaring(client: Client, known: Incident) -> None:
    with connection.execute_wrapper(fail_reading_tokens):
        panel = client.post(SIMILAR, {"name": CHECKOUT}, headers=HTMX)
        response = submit(client, CHECKOUT)

    assert "The look for similar incidents failed." in panel.text
    assert response.status_code == 303
    assert Incident.objects.count() == 2


def fail_reading_tokens(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Fail as a database does that gave up on a long query."""
    if "incidents_incidenttoken" in sql and not sql.startswith(("DELETE", "INSERT")):
        raise OperationalError("canceling statement due to statement timeout")
    return execute(sql, params, many, context)
