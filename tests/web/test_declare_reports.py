"""Adding a report to an incident that exists, instead of declaring it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Incident, IncidentUpdate
from tests.forms import read_form
from tests.make import make_incident, make_user
from tests.web.test_declare import CHECKOUT, NEW, SAME_AS_CHECKOUT

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(client: Client) -> Incident:
    """Log somebody in, and let another one have declared before."""
    client.force_login(make_user())
    return make_incident(CHECKOUT)


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_a_report_joins_the_incident_that_exists(client: Client, known: Incident, role: str) -> None:
    client.force_login(make_user("Rosa Reporter", role=role))
    form = read_form(client.get(NEW, {"name": SAME_AS_CHECKOUT}), "declare-form")

    response = client.post(
        form.buttons["This is the same, add my report to INC-1"],
        form.filled(name=SAME_AS_CHECKOUT, summary="Seen from Berlin"),
    )

    update = IncidentUpdate.objects.get()
    assert (response.status_code, response["Location"]) == (303, "/incidents/INC-1/")
    assert (update.incident, update.is_report, str(update.creator)) == (known, True, "Rosa Reporter")
    assert update.message == f"{SAME_AS_CHECKOUT}\n\nSeen from Berlin"
    assert Incident.objects.count() == 1
    assert "Your report was added to INC-1." in client.get("/preferences/").text


@pytest.mark.parametrize("reference", ["INC-1", "inc-1", "1"])
def test_a_report_finds_the_incident_by_every_name(client: Client, known: Incident, reference: str) -> None:
    client.post(f"/incidents/{reference}/reports/", {"name": "Me too"})
    client.post(f"/incidents/{known.pk}/reports/", {"name": "Me three"})

    assert known.updates.count() == 2


@pytest.mark.parametrize(
    "reference", ["INC-2", "INC-999", "nothing", "01HZZZZZZZZZZZZZZZZZZZZZZZ", "INC-" + "9" * 30]
)
def test_a_report_to_what_is_hidden_or_missing_keeps_the_text(
    client: Client, known: Incident, reference: str
) -> None:
    hidden = make_incident("Payroll is wrong", visibility="private")

    response = client.post(f"/incidents/{reference}/reports/", {"name": "My words", "severity": "minor"})

    values = read_form(response, "declare-form").values
    assert response.status_code == 404
    assert "Nothing you wrote is lost." in response.text
    assert "Payroll" not in response.text
    assert (values["name"], values["severity"]) == (["My words"], ["minor"])
    assert response.context["form"].errors == {}
    assert not hidden.updates.exists()


def test_a_report_to_what_was_merged_is_offered_to_the_survivor(client: Client, known: Incident) -> None:
    gone = make_incident("Payments fail at checkout")
    Incident.objects.filter(pk=gone.pk).update(status_category="merged", merged_into_incident=known)

    response = client.post(f"/incidents/{gone.reference}/reports/", {"name": "My words"})

    form = read_form(response, "declare-form")
    assert response.status_code == 409
    assert form.buttons["Add my report to INC-1"] == "/incidents/INC-1/reports/"
    assert form.values["name"] == ["My words"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "nul\x00"])
def test_a_report_without_words_is_refused_with_the_text_kept(
    client: Client, known: Incident, name: str
) -> None:
    response = client.post("/incidents/INC-1/reports/", {"name": name, "summary": ""})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"name"}
    assert response.context["form"]["name"].value() == name
    assert not IncidentUpdate.objects.exists()


def test_a_report_needs_a_login(client: Client) -> None:
    make_incident(CHECKOUT)

    response = client.post("/incidents/INC-1/reports/", {"name": "Me too"})

    assert response["Location"].startswith("/accounts/login/")
    assert not IncidentUpdate.objects.exists()


def test_a_report_sent_twice_is_one(client: Client, known: Incident) -> None:
    report = {"name": "Me too", "summary": "in Berlin"}

    first = client.post("/incidents/INC-1/reports/", report)
    second = client.post("/incidents/INC-1/reports/", report)

    assert first.status_code == second.status_code == 303
    assert known.updates.count() == 1
    assert known.events.filter(kind="report_added").count() == 1


def test_the_same_words_of_two_people_are_two_reports(client: Client, known: Incident) -> None:
    client.post("/incidents/INC-1/reports/", {"name": "Me too"})
    client.force_login(make_user("Bob"))

    client.post("/incidents/INC-1/reports/", {"name": "Me too"})

    assert known.updates.count() == 2
