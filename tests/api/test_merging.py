"""Merging by the API: Tocsin's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Incident
from tests.api.samples import MISSING_ID
from tests.make import make_action, make_incident, merge, move_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply


def path(incident: Incident, action: str) -> str:
    return f"/v2/incidents/{incident.pk}/actions/{action}"


def sources(*incidents: Incident) -> dict[str, list[str]]:
    return {"source_incident_ids": [incident.pk.lower() for incident in incidents]}


def status_of(api: ApiClient, incident: Incident) -> str:
    reply = api.get(f"/v2/incidents/{incident.pk}")
    return str(reply.body["incident"]["incident_status"]["category"])


def test_merged_incidents_are_answered_as_merged_and_their_updates_say_where(api: ApiClient) -> None:
    survivor, source = make_incident("S"), make_incident("A")

    reply = api.post(path(survivor, "merge"), {**sources(source), "note": "One gateway"})

    assert reply.status == 200
    assert reply.body["incident"]["id"] == survivor.pk
    assert reply.headers["ETag"] == '"2"'
    assert status_of(api, source) == "merged"
    (update,) = api.get(f"/v2/incident_updates?incident_id={source.pk}").body["incident_updates"]
    assert (update["message"], update["merged_into_incident_id"]) == ("One gateway", survivor.pk)
    assert update["new_incident_status"]["category"] == "merged"


def test_a_merge_is_undone_or_split_off(api: ApiClient) -> None:
    survivor, first, second = make_incident("S"), make_incident("A"), make_incident("B")
    api.post(path(survivor, "merge"), sources(first, second))

    undone = api.post(path(first, "unmerge"))
    assert (undone.status, undone.body["incident"]["id"]) == (200, first.pk)
    assert status_of(api, second) == "live"

    move_incident(first, "closed")
    api.post(path(survivor, "merge"), sources(first, second))
    make_action(survivor)
    refused = api.post(path(first, "unmerge"))
    assert (refused.status, refused.codes) == (409, ["merge_settled"])
    split = api.post(path(first, "split_off"))
    assert split.body["incident"]["incident_status"]["category"] == "closed"
    assert status_of(api, second) == "merged"
    assert api.post(path(first, "split_off")).status == 422
    assert api.post(path(first, "unmerge")).status == 409


def test_what_cannot_be_merged_is_refused_by_the_field(api: ApiClient) -> None:
    survivor, source, other = make_incident("S"), make_incident("A"), make_incident("B")
    merge(other, source)

    def refused(body: object) -> Reply:
        reply = api.post(path(survivor, "merge"), body)
        assert reply.status == 422
        return reply

    assert refused(sources(source)).pointers == ["/source_incident_ids"]
    assert refused(sources(survivor)).pointers == ["/source_incident_ids"]
    assert refused({"source_incident_ids": [MISSING_ID]}).pointers == ["/source_incident_ids"]
    assert refused({"source_incident_ids": ["x"]}).pointers == ["/source_incident_ids/0"]
    assert refused({"source_incident_ids": [""]}).pointers == ["/source_incident_ids/0"]
    refused({"source_incident_ids": []})
    refused({"source_incident_ids": [MISSING_ID] * 51})
    refused({**sources(other), "note": "x" * 501})
    refused({})
    assert api.post(f"/v2/incidents/{MISSING_ID}/actions/merge", sources(source)).status == 404


def test_a_survivor_that_changed_is_not_merged_into(api: ApiClient) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    move_incident(survivor, "fixing")

    reply = api.post(path(survivor, "merge"), sources(source), If_Match='"1"')

    assert reply.status == 412
    assert status_of(api, source) == "live"


def test_a_hidden_incident_is_as_one_that_is_missing(make_api: MakeApi) -> None:
    api = make_api("viewer", "incident_editor")
    public, hidden = make_incident("S"), make_incident("Leak", visibility="private")

    answers = [
        api.post(path(public, "merge"), {"source_incident_ids": [pk]}).body["errors"]
        for pk in (hidden.pk, MISSING_ID)
    ]
    assert answers[0] == answers[1]
    for action in ("merge", "unmerge", "split_off"):
        assert api.post(path(hidden, action), sources(public)).status == 404
    merge(hidden, public)
    for action in ("unmerge", "split_off"):
        assert api.post(path(public, action)).status == 404


@pytest.mark.parametrize("action", ["merge", "unmerge", "split_off"])
def test_a_key_that_may_not_edit_is_refused(make_api: MakeApi, action: str) -> None:
    survivor, source = make_incident("S"), make_incident("A")

    assert make_api("viewer").post(path(survivor, action), sources(source)).status == 403
