"""Relationships on the incident page: added, told on both sides, removed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from incidents.models import IncidentRelationship
from tests.make import make_incident, make_relationship, make_user
from tests.web.test_merge import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("related", "Related to", "Related to"),
        ("caused_by", "Caused by", "Cause of"),
        ("reversed_caused_by", "Cause of", "Caused by"),
        ("parent", "Part of", "Consists of"),
        ("reversed_parent", "Consists of", "Part of"),
    ],
)
def test_a_relationship_is_told_on_both_sides(browser: Client, kind: str, here: str, there: str) -> None:
    incident, other = make_incident("Here"), make_incident("There")
    address = f"/incidents/{incident.reference}/relationships/"

    response = browser.post(address, {"kind": kind, "other_incident": f" {other.reference.lower()} "})

    assert response["Location"] == f"{incident.get_absolute_url()}#relationships"
    assert f"{here} {other.reference} There" in words_of(browser.get(incident.get_absolute_url()))
    assert f"{there} {incident.reference} Here" in words_of(browser.get(other.get_absolute_url()))


def test_it_is_removed_from_either_side(browser: Client) -> None:
    incident, other = make_incident("Here"), make_incident("There")
    tie = make_relationship(incident, other, "parent")

    removed = browser.post(f"/incidents/{other.reference}/relationships/{tie.pk.lower()}/remove/")

    assert removed.status_code == 303
    assert not IncidentRelationship.objects.exists()
    assert browser.post(f"/incidents/{other.reference}/relationships/{tie.pk}/remove/").status_code == 404


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("", "Name an incident, such as INC-12."),
        ("INC-999", "There is no such incident."),
        ("INC-1", "Choose another incident than this one."),
        ("nonsense", "There is no such incident."),
        ("\x00", "other_incident"),
        ("9" * 400, "other_incident"),
    ],
)
def test_what_is_wrong_is_told_by_the_field(browser: Client, named: str, told: str) -> None:
    incident = make_incident("Here")
    address = f"/incidents/{incident.reference}/relationships/"

    for headers in ({}, {"HX-Request": "true"}):
        response = browser.post(address, {"kind": "related", "other_incident": named}, headers=headers)
        assert response.status_code == 422
        html = response.content.decode()
        assert told in html
        control = next(tag for tag in re.findall(r"<input[^>]*>", html) if 'name="other_incident"' in tag)
        assert 'aria-invalid="true"' in control
    assert browser.post(address, {"kind": "twin", "other_incident": "INC-1"}).status_code == 422


def test_a_hidden_incident_is_as_one_that_is_missing(browser: Client) -> None:
    incident, hidden = make_incident("Here"), make_incident("Leak", visibility="private")
    tie = make_relationship(incident, hidden)
    address = f"/incidents/{incident.reference}/relationships/"

    answers = []
    for reference in (hidden.reference, "INC-999"):
        answer = browser.post(address, {"kind": "related", "other_incident": reference})
        answers.append(words_of(answer).replace(reference, "REF"))

    assert answers[0] == answers[1]
    assert "Leak" not in words_of(browser.get(incident.get_absolute_url()))
    assert browser.post(f"{address}{tie.pk}/remove/").status_code == 404
    assert IncidentRelationship.objects.exists()


def test_viewers_look_only(client: Client) -> None:
    incident, other = make_incident("Here"), make_incident("There")
    tie = make_relationship(incident, other)
    client.force_login(make_user(role="viewer"))
    address = f"/incidents/{incident.reference}/relationships/"

    page = client.get(incident.get_absolute_url())

    assert "Related to" in words_of(page)
    assert "Add a relationship" not in words_of(page)
    assert client.get(address).status_code == 200
    assert client.post(address, {"kind": "related", "other_incident": other.reference}).status_code == 403
    assert client.post(f"{address}{tie.pk}/remove/").status_code == 403
