"""Saying on an incident's page what another one is to it, and what is suggested from then on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, SimilarityVerdict
from tests.make import make_actor, make_incident, make_user

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
NAME = "Checkout API returns 500s for EU merchants"


@pytest.fixture
def pair() -> tuple[Incident, Incident]:
    return make_incident(NAME), make_incident("Checkout API 500s, EU merchants")


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def judge(client: Client, incident: Incident, other: str, verdict: str, **headers: str) -> Any:
    address = f"{incident.get_absolute_url()}verdicts/"
    return client.post(address, {"other": other, "verdict": verdict}, headers=headers)


def related(client: Client, incident: Incident) -> str:
    return client.get(f"{incident.get_absolute_url()}related/", headers=HTMX).content.decode()


def test_a_suggestion_is_asked_about(responder: Client, pair: tuple[Incident, Incident]) -> None:
    page = related(responder, pair[1])

    assert pair[0].reference in page
    for words in ("Same incident", "Related", "Not related", "Not sure"):
        assert f">{words}</button>" in page


def test_viewers_are_not_asked(client: Client, pair: tuple[Incident, Incident]) -> None:
    client.force_login(make_user(role="viewer"))

    page = related(client, pair[1])

    assert pair[0].reference in page
    assert "<form" not in page


def test_the_same_leads_to_merging(responder: Client, pair: tuple[Incident, Incident]) -> None:
    response = judge(responder, pair[1], pair[0].reference, "same")

    assert response.status_code == 303
    assert response["Location"] == f"/incidents/merge/?id={pair[1].reference}&id={pair[0].reference}"
    assert SimilarityVerdict.objects.get().verdict == "same"


def test_the_same_is_shown_as_such_on_both(responder: Client, pair: tuple[Incident, Incident]) -> None:
    judge(responder, pair[1], pair[0].reference, "same")

    for incident, other in (pair, pair[::-1]):
        page = related(responder, incident)
        assert "The same incident" in page
        assert f"merge/?id={incident.reference}&amp;id={other.reference}" in page


def test_what_is_not_related_is_not_suggested_again(
    responder: Client, pair: tuple[Incident, Incident]
) -> None:
    response = judge(responder, pair[1], pair[0].reference, "different", **HTMX)

    assert f"{pair[0].reference}: not related" in response.content.decode()
    for incident in pair:
        page = related(responder, incident)
        assert "None that is open or recent." in page
        assert "Looked at before (1)" in page


def test_related_ones_stay_in_sight(responder: Client, pair: tuple[Incident, Incident]) -> None:
    judge(responder, pair[1], pair[0].reference, "related")

    page = related(responder, pair[0])
    assert pair[1].reference in page
    assert "Looked at before" not in page


def test_without_javascript_the_page_of_related_ones_follows(
    responder: Client, pair: tuple[Incident, Incident]
) -> None:
    response = judge(responder, pair[1], pair[0].reference, "unsure")

    assert response.status_code == 303
    assert response["Location"] == f"{pair[1].get_absolute_url()}related/"


@pytest.mark.parametrize(
    ("other", "verdict"),
    [("", "same"), ("INC-999", "same"), ("INC-1\x00", "same"), ("INC-1", "twin"), ("INC-2", "same")],
)
def test_what_makes_no_sense_is_explained(
    responder: Client, pair: tuple[Incident, Incident], other: str, verdict: str
) -> None:
    response = judge(responder, pair[1], other, verdict)

    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert not SimilarityVerdict.objects.exists()


def test_a_hidden_incident_answers_as_one_that_is_missing(
    responder: Client, pair: tuple[Incident, Incident]
) -> None:
    hidden = make_incident(NAME, visibility="private", actor=make_actor("Olga Owner"))

    answers = [judge(responder, pair[0], other, "same") for other in (hidden.reference, "INC-999")]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_a_verdict_on_a_hidden_incident_is_not_told(pair: tuple[Incident, Incident]) -> None:
    owner = make_user("Olga Owner")
    hidden = make_incident("Leaked key", visibility="private", actor=make_actor("Olga Owner"))
    client = Client()
    client.force_login(make_user(role="administrator"))
    judge(client, pair[0], hidden.reference, "different")
    client.force_login(owner)

    page = related(client, pair[0])
    timeline = client.get(pair[0].get_absolute_url()).content.decode()

    assert "Leaked key" not in page + timeline
    assert "Looked at before" not in page
    assert "says that" not in timeline


def test_the_timeline_of_both_tells_of_it(responder: Client, pair: tuple[Incident, Incident]) -> None:
    judge(responder, pair[1], pair[0].reference, "different")

    for incident, other in (pair, pair[::-1]):
        page = responder.get(incident.get_absolute_url()).content.decode()
        assert "is not related to this incident" in page
        assert other.reference in page


def test_what_was_merged_is_not_asked_about(responder: Client, pair: tuple[Incident, Incident]) -> None:
    Incident.objects.filter(pk=pair[1].pk).update(merged_into_incident=pair[0], status_category="merged")

    assert "<form" not in related(responder, pair[1])
    assert judge(responder, pair[1], pair[0].reference, "different").status_code == 422
