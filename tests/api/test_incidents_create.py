"""Creating incidents by API, and what happens when a request is sent again."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Configuration, IdempotencyKey, Incident
from tests.at_once import at_once
from tests.make import make_custom_field, make_incident, make_team, make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v2/incidents"
NAME = "Checkout API returning 500s"


def wanted(**changes: Any) -> dict[str, Any]:
    severity = Configuration.current().severities.by_slug["major"]
    return {
        "idempotency_key": "deploy-1",
        "visibility": "public",
        "name": NAME,
        "severity_id": severity.pk,
        **changes,
    }


def test_what_the_contract_asks_for_is_enough(api: ApiClient) -> None:
    reply = api.post(PATH, wanted())

    assert reply.status == 200
    incident = reply.body["incident"]
    assert (incident["reference"], incident["name"], incident["mode"]) == ("INC-1", NAME, "standard")
    assert incident["incident_status"]["category"] == "live"
    assert incident["creator"] == {"api_key": {"id": api.api_key.pk, "name": "deploys"}}
    assert reply.headers["Tocsin-Outcome"] == "created"
    assert api.get(f"{PATH}/{incident['id']}").body == reply.body


def test_every_part_is_kept(api: ApiClient) -> None:
    configuration = Configuration.current()
    service = make_custom_field("Service", options=("Payouts", "Ledger"), field_type="multi_select")
    customers = make_custom_field("Customers hit", field_type="numeric")
    team = make_team()
    lead, reporter = make_user("Priya Raman"), make_user("Sam Whitlock", slack_user_id="U123")
    options = Configuration.current().options[service.pk].by_slug
    payouts, ledger = options["payouts"], options["ledger"]
    assert configuration.lead_role is not None
    assert configuration.reporter_role is not None
    impact = configuration.incident_timestamps.by_slug["impact-started"]

    reply = api.post(
        PATH,
        wanted(
            summary="A third of the requests fail.",
            mode="test",
            incident_status_id=configuration.incident_statuses.by_slug["fixing"].pk.lower(),
            incident_type_id=configuration.incident_types.by_slug["supplier"].pk,
            custom_field_entries=[
                {
                    "custom_field_id": service.pk,
                    "values": [{"value_option_id": payouts.pk}, {"value_option_id": ledger.pk}],
                },
                {"custom_field_id": customers.pk, "values": [{"value_numeric": "312"}]},
            ],
            incident_role_assignments=[
                {"incident_role_id": configuration.lead_role.pk, "assignee": {"email": lead.email.upper()}},
                {"incident_role_id": configuration.reporter_role.pk, "assignee": {"slack_user_id": "U123"}},
            ],
            incident_timestamp_values=[
                {"incident_timestamp_id": impact.pk, "value": "2026-03-01T12:00:00+01:00"}
            ],
            slack_channel_name_override="inc-checkout",
            call_url="https://meet.example.com/1",
            team_ids=[team.pk],
        ),
    )

    assert reply.status == 200, reply.body
    incident = reply.body["incident"]
    entries = {entry["custom_field"]["name"]: entry["values"] for entry in incident["custom_field_entries"]}
    assert [value["value_option"]["value"] for value in entries["Service"]] == ["Payouts", "Ledger"]
    assert entries["Customers hit"] == [{"value_numeric": "312"}]
    people = {
        assignment["role"]["role_type"]: assignment.get("assignee", {}).get("name")
        for assignment in incident["incident_role_assignments"]
        if assignment["role"]["role_type"] != "custom"
    }
    assert people == {"lead": lead.name, "reporter": reporter.name}
    moments = {
        value["incident_timestamp"]["name"]: value.get("value")
        for value in incident["incident_timestamp_values"]
    }
    assert moments["Impact started"] == {"value": "2026-03-01T11:00:00.000000Z"}
    assert (incident["mode"], incident["incident_status"]["name"]) == ("test", "Fixing")
    assert (incident["incident_type"]["name"], incident["summary"]) == (
        "Supplier",
        "A third of the requests fail.",
    )
    assert (incident["slack_channel_name"], incident["call_url"]) == (
        "inc-checkout",
        "https://meet.example.com/1",
    )
    assert incident["team_ids"] == [team.pk]


def test_a_name_may_be_left_out(api: ApiClient) -> None:
    body = wanted(summary="Payments fail\nsince noon")
    del body["name"]

    assert api.post(PATH, body).body["incident"]["name"] == "Payments fail"


def test_a_retrospective_incident_keeps_its_number_and_what_hung_on_it(api: ApiClient) -> None:
    past = {
        "external_id": 120,
        "postmortem_document_url": "https://docs.example.com/120",
        "slack_channel_id": "C0120",
    }

    made = api.post(PATH, wanted(mode="retrospective", retrospective_incident_options=past)).body["incident"]
    next_one = api.post(PATH, wanted(idempotency_key="deploy-2")).body["incident"]
    earlier = api.post(
        PATH,
        wanted(
            idempotency_key="deploy-3",
            mode="retrospective",
            retrospective_incident_options={"external_id": 7},
        ),
    )

    assert (made["reference"], made["slack_channel_id"]) == ("INC-120", "C0120")
    assert made["postmortem_document_url"] == "https://docs.example.com/120"
    assert next_one["reference"] == "INC-121"
    assert earlier.body["incident"]["reference"] == "INC-7"


@pytest.mark.parametrize(
    ("mode", "external_id"), [("retrospective", 1), ("retrospective", 2_000_000), ("standard", 50)]
)
def test_a_number_that_cannot_be_given_is_refused(api: ApiClient, mode: str, external_id: int) -> None:
    make_incident()

    reply = api.post(PATH, wanted(mode=mode, retrospective_incident_options={"external_id": external_id}))

    assert (reply.status, reply.pointers) == (422, ["/retrospective_incident_options/external_id"])
    assert Incident.objects.count() == 1


def test_sent_again_it_is_the_same_incident(api: ApiClient) -> None:
    first, again = api.post(PATH, wanted()), api.post(PATH, wanted())

    assert again.status == 200
    assert again.body == first.body
    assert again.headers["Tocsin-Outcome"] == "existing"
    assert Incident.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(api: ApiClient) -> None:
    api.post(PATH, wanted())

    reply = api.post(PATH, wanted(name="Something else"))

    assert (reply.status, reply.codes) == (422, ["idempotency_key_reused"])
    assert reply.pointers == ["/idempotency_key"]
    assert Incident.objects.count() == 1


def test_another_key_may_use_the_same_word(api: ApiClient, make_api: MakeApi) -> None:
    mine = api.post(PATH, wanted())

    other = make_api("incident_creator").post(PATH, wanted())

    assert other.status == 200
    assert other.body["incident"]["id"] != mine.body["incident"]["id"]


def test_a_refused_request_may_be_mended_under_the_same_key(api: ApiClient) -> None:
    assert api.post(PATH, wanted(severity_id="nothing")).status == 422

    assert api.post(PATH, wanted()).status == 200


def test_the_severity_is_required(api: ApiClient) -> None:
    body = wanted()
    del body["severity_id"]

    reply = api.post(PATH, body)

    assert reply.body["errors"][0]["code"] == "is_required"
    assert reply.body["errors"][0]["source"] == {"field": "severity_id", "pointer": "/severity_id"}


def test_a_private_one_is_answered_once_to_a_key_that_sees_none(make_api: MakeApi) -> None:
    creator = make_api("incident_creator", "viewer")

    made = creator.post(PATH, wanted(visibility="private"))

    assert made.body["incident"]["visibility"] == "private"
    assert creator.get(f"{PATH}/{made.body['incident']['id']}").status == 404
    assert creator.get(PATH).body["incidents"] == []
    assert creator.post(PATH, wanted(visibility="private")).body == made.body


def test_what_looks_like_it_is_named_in_a_header(api: ApiClient) -> None:
    before = make_incident("Checkout API returning 500s in eu-west-1")

    reply = api.post(PATH, wanted(name="checkout api 5xx eu-west-1"))

    assert reply.status == 200
    assert reply.headers["Link"] == (
        f'<http://127.0.0.1:8000/v2/incidents/{before.pk}>; rel="similar"; title="INC-1"'
    )


def test_a_key_that_refuses_makes_no_likely_duplicate(make_api: MakeApi) -> None:
    before = make_incident("Checkout API returning 500s in eu-west-1")
    careful = make_api("incident_creator", similar_policy="refuse")

    reply = careful.post(PATH, wanted(name="checkout api 5xx eu-west-1"))

    assert (reply.status, reply.body["type"], reply.codes) == (409, "conflict", ["likely_duplicate"])
    assert reply.body["errors"][0]["metadata"]["incident_id"] == before.pk
    assert 'rel="similar"' in reply.headers["Link"]
    assert Incident.objects.count() == 1
    assert careful.post(PATH, wanted(name="Payroll export is late")).status == 200


def test_a_key_that_attaches_adds_a_report_once(make_api: MakeApi) -> None:
    before = make_incident("Checkout API returning 500s in eu-west-1")
    attaching = make_api("incident_creator", similar_policy="attach")
    body = wanted(name="checkout api 5xx eu-west-1", summary="Seen from Berlin")

    first, again = attaching.post(PATH, body), attaching.post(PATH, body)

    assert (first.status, first.body["incident"]["id"]) == (200, before.pk)
    assert first.headers["Tocsin-Outcome"] == "attached"
    assert (again.status, again.body["incident"]["id"]) == (200, before.pk)
    assert [report.message for report in before.updates.all()] == [
        "checkout api 5xx eu-west-1\n\nSeen from Berlin"
    ]
    assert attaching.post(PATH, {**body, "summary": "other"}).status == 422


def test_hidden_incidents_neither_show_nor_hold_back(make_api: MakeApi) -> None:
    make_incident("Checkout API returning 500s in eu-west-1", visibility="private")
    careful = make_api("incident_creator", similar_policy="refuse")

    reply = careful.post(PATH, wanted(name="checkout api 5xx eu-west-1"))

    assert reply.status == 200
    assert "Link" not in reply.headers


TOO_LONG = "x" * 1_000_000


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"visibility": "secret"}, "/visibility"),
        ({"idempotency_key": ""}, "/idempotency_key"),
        ({"idempotency_key": "x" * 256}, "/idempotency_key"),
        ({"idempotency_key": "a\nb"}, "/idempotency_key"),
        ({"idempotency_key": "nul \u0000"}, "/idempotency_key"),
        ({"name": TOO_LONG[:900_000]}, "/name"),
        ({"name": "nul \u0000"}, "/name"),
        ({"name": "   "}, "/name"),
        ({"name": None}, "/name"),
        ({"name": 5}, "/name"),
        ({"summary": "nul \u0000"}, "/summary"),
        ({"severity_id": "01FCNDV6P870EA6S7TK1DSYDG0"}, "/severity_id"),
        ({"incident_type_id": "nothing"}, "/incident_type_id"),
        ({"incident_status_id": "nothing"}, "/incident_status_id"),
        ({"mode": "real"}, "/mode"),
        ({"call_url": "javascript:alert(1)"}, "/call_url"),
        ({"team_ids": ["nothing"]}, "/team_ids"),
        ({"custom_field_entries": [{"custom_field_id": "nothing", "values": []}]},
         "/custom_field_entries/0/custom_field_id"),
        ({"custom_field_entries": {}}, "/custom_field_entries"),
        ({"custom_field_entries": [7]}, "/custom_field_entries/0"),
        ({"incident_role_assignments": [{"incident_role_id": "nothing"}]}, "/incident_role_assignments"),
        ({"incident_timestamp_values": [{"incident_timestamp_id": "x", "value": "yesterday"}]},
         "/incident_timestamp_values/0/value"),
        ({"incident_timestamp_values": [{"incident_timestamp_id": "x"}]}, "/incident_timestamp_values"),
        ({"retrospective_incident_options": {"external_id": 10**30}},
         "/retrospective_incident_options/external_id"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, changes: dict[str, Any], pointer: str
) -> None:
    reply = api.post(PATH, wanted(**changes))

    assert (reply.status, reply.body["type"], reply.pointers) == (422, "validation_error", [pointer])
    assert Incident.objects.count() == 0


def test_a_value_that_a_field_does_not_take_is_refused_where_it_stands(api: ApiClient) -> None:
    service = make_custom_field("Service", options=("Payouts",))
    entry = {"custom_field_id": service.pk, "values": [{"value_option_id": "nothing"}]}

    reply = api.post(PATH, wanted(custom_field_entries=[entry]))

    assert (reply.status, reply.pointers) == (422, ["/custom_field_entries/0/values"])


def test_everything_that_is_wrong_is_told_at_once(api: ApiClient) -> None:
    reply = api.post(PATH, {"visibility": "secret", "name": 7})

    assert set(reply.pointers) == {"/idempotency_key", "/visibility", "/name"}


def test_a_moment_without_a_zone_is_in_utc(api: ApiClient) -> None:
    impact = Configuration.current().incident_timestamps.by_slug["impact-started"]
    values = [{"incident_timestamp_id": impact.pk, "value": "2026-03-01T12:00:00"}]

    api.post(PATH, wanted(incident_timestamp_values=values))

    stored = Incident.objects.get().timestamp_values.get(incident_timestamp=impact)
    assert stored.value == datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.usefixtures("committed_db")
def test_many_identical_requests_at_once_make_one_incident(make_api: MakeApi) -> None:
    creator = make_api("incident_creator")

    replies = at_once(lambda _: creator.post(PATH, wanted()))

    assert {reply.status for reply in replies} == {200}
    assert len({reply.body["incident"]["id"] for reply in replies}) == 1
    assert len({str(reply.body) for reply in replies}) == 1
    assert Incident.objects.count() == IdempotencyKey.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_of_many_that_refuse_duplicates_one_is_made(make_api: MakeApi) -> None:
    keys = [make_api("incident_creator", similar_policy="refuse") for _ in range(8)]

    replies = at_once(lambda number: keys[number].post(PATH, wanted()), writers=8)

    assert sorted(reply.status for reply in replies) == [200, *[409] * 7]
    assert Incident.objects.count() == 1
