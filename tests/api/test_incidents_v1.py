"""Incidents V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models import IncidentsCreateResultV1, IncidentsListResultV1, IncidentsShowResultV1

from incidents.api.reading import totals
from incidents.models import Actor, Alert, Configuration, Incident, IncidentStatus
from incidents.services.configuration import save_noun
from tests.api.counting import queries_of
from tests.make import (
    make_actor,
    make_custom_field,
    make_incident,
    make_user,
    move_incident,
    status_of,
)

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply

PATH = "/v1/incidents"
WORDS = {
    "triage": "triage",
    "investigating": "investigating",
    "fixing": "fixing",
    "monitoring": "monitoring",
    "paused": "monitoring",
    "write-up": "closed",
    "closed": "closed",
    "declined": "declined",
    "canceled": "declined",
}


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [row["id"] for row in reply.body["incidents"]]


def payload(**changes: Any) -> dict[str, Any]:
    severity = Configuration.current().severities.by_slug["major"].pk
    return {
        "idempotency_key": "alert-7",
        "visibility": "public",
        "name": "Our database is sad",
        "severity_id": severity,
        **changes,
    }


def test_an_incident_in_the_older_shape(api: ApiClient) -> None:
    service = make_custom_field("Service", options=("Payouts",))
    payouts = Configuration.current().options[service.pk].by_slug["payouts"]
    rosa = make_user("Rosa Lund")
    incident = make_incident(
        "Our database is sad",
        actor=Actor.of_user(rosa),
        summary="Very",
        custom_fields={service.pk: (payouts.pk,)},
    )

    reply = api.get(f"{PATH}/{incident.pk.lower()}")

    assert reply.status == 200
    read = IncidentsShowResultV1.from_dict(reply.body).incident
    assert (read.reference, read.status, read.mode) == (incident.reference, "investigating", "real")
    assert isinstance(reply.body["incident"]["timestamps"], list)
    row = reply.body["incident"]
    assert row["creator"]["user"]["name"] == "Rosa Lund"
    assert row["severity"]["name"] == "Major"
    assert row["custom_field_entries"][0]["values"][0]["value_option"]["value"] == "Payouts"
    assert {one["role"]["name"] for one in row["incident_role_assignments"]} >= {"Reporter"}
    moments = {one["name"]: one.get("last_occurred_at") for one in row["timestamps"]}
    assert moments["last_activity"] == row["updated_at"]
    assert moments["Reported"] == row["created_at"]
    assert moments["Resolved"] is None
    assert api.get(f"{PATH}/{incident.number}").body == reply.body
    assert not {"incident_status", "last_activity_at", "team_ids"} & row.keys()


def test_a_creator_whom_the_older_shape_does_not_know_is_left_out(api: ApiClient) -> None:
    alert = Alert.objects.create(title="5xx")
    incident = make_incident(actor=Actor(alert=alert, can_declare=True))

    assert api.get(f"{PATH}/{incident.pk}").body["incident"]["creator"] == {}


@pytest.mark.parametrize(("slug", "word"), WORDS.items())
def test_each_status_has_its_word_and_is_found_by_it(api: ApiClient, slug: str, word: str) -> None:
    incident = make_incident(mode="retrospective", status=slug)
    other = make_incident(status="triage" if word != "triage" else "fixing")

    assert api.get(f"{PATH}/{incident.pk}").body["incident"]["status"] == word
    assert ids(api.get(f"{PATH}?status={word}")) == [incident.pk]
    assert ids(api.get(PATH)) == [other.pk, incident.pk]


def test_a_status_of_one_s_own_is_investigating(api: ApiClient) -> None:
    status = IncidentStatus(name="Rolling back", description="", category="live", rank=9)
    save_noun(status, make_actor(role="administrator"))
    incident = make_incident(status=status.slug)

    assert api.get(f"{PATH}/{incident.pk}").body["incident"]["status"] == "investigating"
    assert ids(api.get(f"{PATH}?status=investigating&status=fixing")) == [incident.pk]


def test_a_word_that_no_status_goes_by_finds_nothing(api: ApiClient) -> None:
    make_incident()
    IncidentStatus.objects.filter(slug="fixing").delete()
    save_noun(IncidentStatus.objects.get(slug="paused"), make_actor(role="administrator"))

    assert ids(api.get(f"{PATH}?status=fixing")) == []
    refused = api.post(PATH, payload(status="fixing"))
    assert (refused.status, refused.pointers) == (422, ["/status"])


def test_pages_hold_every_incident_once_newest_first(api: ApiClient) -> None:
    made = [make_incident(f"Incident {number}").pk for number in range(5)]
    make_incident(mode="test")

    first = api.get(f"{PATH}?page_size=3")
    rest = api.get(f"{PATH}?page_size=3&after={first.body['pagination_meta']['after']}")

    assert ids(first) + ids(rest) == made[::-1]
    assert first.body["pagination_meta"] == {"page_size": 3, "after": made[2], "total_record_count": 5}
    assert "after" not in rest.body["pagination_meta"]
    assert len(IncidentsListResultV1.from_dict(first.body).incidents) == 3
    assert ids(api.get(f"{PATH}?after={made[0]}")) == []
    counted = api.get(f"{PATH}?status=investigating").body["pagination_meta"]
    assert counted["total_record_count"] == 5


def test_a_long_list_is_not_counted_to_its_end(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "MOST_COUNTED", 2)
    for _ in range(3):
        make_incident()

    assert "total_record_count" not in api.get(f"{PATH}?status=investigating").body["pagination_meta"]
    assert api.get(PATH).body["pagination_meta"]["total_record_count"] == 3


def test_an_incident_is_declared_once(api: ApiClient) -> None:
    body = payload(status="fixing", mode="test", source_message_channel_id="C1", summary="Very")

    created, again = api.post(PATH, body), api.post(PATH, body)

    assert (created.status, again.status) == (200, 200)
    assert created.body == again.body
    read = IncidentsCreateResultV1.from_dict(created.body).incident
    assert (read.name, read.status, read.mode) == ("Our database is sad", "fixing", "test")
    assert Incident.objects.get().mode == "test"
    reused = api.post(PATH, {**body, "name": "Else"})
    assert (reused.status, reused.codes) == (422, ["idempotency_key_reused"])


def test_roles_and_fields_come_along(api: ApiClient) -> None:
    rosa, service = make_user("Rosa Lund"), make_custom_field("Service", options=("Payouts",))
    payouts = Configuration.current().options[service.pk].by_slug["payouts"]
    lead = Configuration.current().lead_role
    assert lead is not None

    reply = api.post(
        PATH,
        payload(
            custom_field_entries=[
                {"custom_field_id": service.pk, "values": [{"value_option_id": payouts.pk}]}
            ],
            incident_role_assignments=[{"incident_role_id": lead.pk, "assignee": {"email": rosa.email}}],
        ),
    )

    row = reply.body["incident"]
    assert row["custom_field_entries"][0]["values"][0]["value_option"]["id"] == payouts.pk
    held = [one["assignee"]["name"] for one in row["incident_role_assignments"] if "assignee" in one]
    assert held == ["Rosa Lund"]


def test_whoever_declares_a_private_incident_is_answered_with_it(make_api: MakeApi) -> None:
    key = make_api("viewer", "incident_creator")

    created = key.post(PATH, payload(visibility="private"))

    assert (created.status, created.body["incident"]["visibility"]) == (200, "private")
    hidden, missing = (key.get(f"{PATH}/{pk}") for pk in (created.body["incident"]["id"], "0" * 26))
    assert (hidden.status, missing.status) == (404, 404)
    assert hidden.body["errors"] == missing.body["errors"]
    assert ids(key.get(PATH)) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"status": "merged"}, "/status"),
        ({"status": "closed"}, "/status"),
        ({"mode": "tutorial"}, "/mode"),
        ({"severity_id": "0" * 26}, "/severity_id"),
        ({"name": "a\x00"}, "/name"),
        ({"visibility": "secret"}, "/visibility"),
        ({"idempotency_key": ""}, "/idempotency_key"),
        (
            {"custom_field_entries": [{"custom_field_id": "x", "values": []}]},
            "/custom_field_entries/0/custom_field_id",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post(PATH, payload(**change))

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert not Incident.objects.exists()


@pytest.mark.parametrize("query", ["status=open", "status=fixing&status=x", "after=x", "page_size=0"])
def test_a_query_that_cannot_be_is_refused(api: ApiClient, query: str) -> None:
    reply = api.get(f"{PATH}?{query}")

    assert (reply.status, reply.pointers) == (422, [f"/{query.partition('=')[0]}"])


def test_merged_incidents_are_told_as_declined(api: ApiClient) -> None:
    survivor, incident = make_incident(), make_incident()
    merged = status_of("merged")
    Incident.objects.filter(pk=incident.pk).update(
        incident_status=merged, status_category="merged", merged_into_incident=survivor
    )

    assert api.get(f"{PATH}/{incident.pk}").body["incident"]["status"] == "declined"


def test_who_may_do_what(make_api: MakeApi) -> None:
    incident = make_incident()

    assert make_api("viewer").get(f"{PATH}/{incident.pk}").status == 200
    assert make_api("viewer").post(PATH, payload()).status == 403
    assert make_api("incident_creator").get(PATH).status == 403


@pytest.mark.parametrize("query", ["?page_size=50", "?page_size=50&status=fixing"])
def test_a_list_costs_the_same_whatever_it_holds(api: ApiClient, query: str) -> None:
    move_incident(make_incident(), "fixing")
    few = queries_of(api, PATH + query)
    for number in range(29):
        move_incident(make_incident(f"Incident {number}", actor=make_actor()), "fixing")

    assert queries_of(api, PATH + query) == few
