"""Showing and editing incidents by API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Configuration, Incident, IncidentEvent
from tests.at_once import at_once
from tests.make import make_custom_field, make_incident, make_user, move_incident, status_of

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

    from tests.api.conftest import ApiClient, MakeApi, Reply

PATH = "/v2/incidents"


def edit(
    api: ApiClient, incident: Incident | str, headers: dict[str, str] | None = None, **changes: Any
) -> Reply:
    named = incident if isinstance(incident, str) else incident.pk
    body = {"incident": changes, "notify_incident_channel": False}
    return api.send("POST", f"{PATH}/{named}/actions/edit", body, headers=headers)


def test_shown_by_id_and_by_number(api: ApiClient) -> None:
    incident = make_incident()

    by_id = api.get(f"{PATH}/{incident.pk}")

    assert by_id.status == 200
    assert by_id.body["incident"]["reference"] == "INC-1"
    assert api.get(f"{PATH}/1").body == api.get(f"{PATH}/{incident.pk.lower()}").body == by_id.body


@pytest.mark.parametrize("named", ["999", "01FCNDV6P870EA6S7TK1DSYDG0", "nothing", "%F0%9F%94%A5", "9" * 40])
def test_what_is_not_there_is_missing(api: ApiClient, named: str) -> None:
    assert api.get(f"{PATH}/{named}").status == 404
    assert edit(api, named, name="New").status == 404


def test_hidden_and_missing_answer_the_same(make_api: MakeApi) -> None:
    hidden = make_incident(visibility="private")
    reader = make_api("viewer", "incident_editor")

    replies = [reader.get(f"{PATH}/{named}") for named in (hidden.pk, "1", "2")]
    replies += [edit(reader, named, name="New") for named in (hidden.pk, "1", "2")]

    for reply in replies:
        reply.body.pop("request_id")
    assert [reply.status for reply in replies] == [404] * 6
    assert len({str(reply.body) for reply in replies}) == 1
    assert Incident.objects.get().name != "New"


def test_only_what_is_sent_changes(api: ApiClient) -> None:
    incident = make_incident(severity="minor", summary="Before")

    reply = edit(
        api, incident, name="After", severity_id=Configuration.current().severities.by_slug["major"].pk
    )

    assert reply.status == 200
    changed = reply.body["incident"]
    assert (changed["name"], changed["severity"]["name"], changed["summary"]) == ("After", "Major", "Before")
    events = IncidentEvent.objects.filter(incident=incident, creator_api_key=api.api_key)
    assert sorted(event.kind for event in events) == ["name_changed", "severity_changed"]


def test_parts_are_changed_and_emptied(api: ApiClient) -> None:
    service = make_custom_field("Service", options=("Payouts",))
    payouts = Configuration.current().options[service.pk].by_slug["payouts"]
    role = Configuration.current().lead_role
    assert role is not None
    lead = make_user("Priya Raman")
    incident = make_incident()

    filled = edit(
        api,
        incident,
        custom_field_entries=[{"custom_field_id": service.pk, "values": [{"value_option_id": payouts.pk}]}],
        incident_role_assignments=[{"incident_role_id": role.pk, "assignee": {"id": lead.pk}}],
    ).body["incident"]
    emptied = edit(
        api,
        incident,
        custom_field_entries=[{"custom_field_id": service.pk, "values": []}],
        incident_role_assignments=[{"incident_role_id": role.pk, "assignee": {}}],
    ).body["incident"]

    assert filled["custom_field_entries"][0]["values"][0]["value_option"]["value"] == "Payouts"
    assert filled["incident_role_assignments"][0]["assignee"]["id"] == lead.pk
    assert emptied["custom_field_entries"][0]["values"] == []
    assert "assignee" not in emptied["incident_role_assignments"][0]


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("fixing", "monitoring", 200),
        ("fixing", "write-up", 200),
        ("fixing", "closed", 200),
        ("triage", "closed", 200),
        ("write-up", "closed", 200),
        ("fixing", "triage", 422),
        ("fixing", "declined", 422),
        ("fixing", "merged", 422),
        ("closed", "paused", 422),
    ],
)
def test_statuses_move_as_they_may(api: ApiClient, start: str, end: str, status: int) -> None:
    incident = make_incident(status="triage" if start == "triage" else "investigating")
    if start != "triage":
        move_incident(incident, start)

    reply = edit(api, incident, incident_status_id=status_of(end).pk)

    assert reply.status == status
    assert (
        reply.body.get("errors", [{"source": {"pointer": "/incident/incident_status_id"}}])[0]["source"][
            "pointer"
        ]
        == "/incident/incident_status_id"
    )


def test_what_else_the_browser_changes_can_be_changed(api: ApiClient) -> None:
    incident = make_incident()
    supplier = Configuration.current().incident_types.by_slug["supplier"]

    changed = edit(
        api,
        incident,
        incident_type_id=supplier.pk,
        mode="test",
        visibility="private",
        postmortem_document_url="https://docs.example.com/1",
        slack_channel_name_override="inc-1",
    ).body["incident"]

    assert (changed["incident_type"]["id"], changed["mode"], changed["visibility"]) == (
        supplier.pk,
        "test",
        "private",
    )
    assert changed["postmortem_document_url"] == "https://docs.example.com/1"


def test_an_edit_of_an_older_version_is_refused(api: ApiClient) -> None:
    incident = make_incident()
    tag = api.get(f"{PATH}/{incident.pk}").headers["ETag"]

    first = edit(api, incident, headers={"if-match": tag}, name="First")
    second = edit(api, incident, headers={"if-match": tag}, name="Second")

    assert first.status == 200
    assert first.headers["ETag"] != tag
    assert (second.status, second.body["type"]) == (412, "precondition_failed")
    assert edit(api, incident, headers={"if-match": '"nonsense"'}, name="Third").status == 412
    assert Incident.objects.get().name == "First"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/incident", "/notify_incident_channel"]),
        ({"incident": {}}, ["/notify_incident_channel"]),
        ({"incident": [], "notify_incident_channel": "yes"}, ["/incident", "/notify_incident_channel"]),
        ({"incident": {"name": ""}, "notify_incident_channel": True}, ["/incident/name"]),
        ({"incident": {"name": "\u0000"}, "notify_incident_channel": True}, ["/incident/name"]),
        ({"incident": {"severity_id": None}, "notify_incident_channel": True}, ["/incident/severity_id"]),
        (
            {"incident": {"severity_id": "nothing"}, "notify_incident_channel": True},
            ["/incident/severity_id"],
        ),
        (
            {
                "incident": {"custom_field_entries": [{"custom_field_id": "x", "values": []}]},
                "notify_incident_channel": True,
            },
            ["/incident/custom_field_entries/0/custom_field_id"],
        ),
        (
            {
                "incident": {
                    "incident_role_assignments": [
                        {"incident_role_id": "x", "assignee": {"email": "nobody@example.com"}}
                    ]
                },
                "notify_incident_channel": True,
            },
            ["/incident/incident_role_assignments/0/assignee"],
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(api: ApiClient, body: Any, pointers: list[str]) -> None:
    incident = make_incident()

    reply = api.post(f"{PATH}/{incident.pk}/actions/edit", body)

    assert reply.status == 422
    assert set(reply.pointers) == set(pointers)
    assert Incident.objects.get().version == incident.version


def test_showing_costs_the_same_for_every_incident(
    api: ApiClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    incident = make_incident()
    api.get(PATH)

    with django_assert_num_queries(7):
        api.get(f"{PATH}/{incident.pk}")


@pytest.mark.usefixtures("committed_db")
def test_of_many_edits_of_one_version_one_wins(api: ApiClient) -> None:
    incident = make_incident()

    replies = at_once(
        lambda number: edit(api, incident, headers={"if-match": '"1"'}, name=f"Name {number}"), writers=16
    )

    assert sorted(reply.status for reply in replies) == [200, *[412] * 15]
    assert IncidentEvent.objects.filter(kind="name_changed").count() == 1
