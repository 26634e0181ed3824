"""Incident Updates V2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models import IncidentUpdatesCreateResultV2, IncidentUpdatesListResultV2

from incidents.models import Actor, Incident, IncidentUpdate
from incidents.services.drafts import IncidentDraft, UpdateDraft
from incidents.services.updates import add_report, share_update
from tests.api.counting import queries_of
from tests.make import make_actor, make_incident, make_user, status_of

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v2/incident_updates"


def share(incident: Incident, message: str = "Rolled back", actor: Actor | None = None) -> IncidentUpdate:
    return share_update(
        incident.pk, UpdateDraft(message=message), actor or make_actor("Rosa Lund", role="administrator")
    )


def payload(incident: Incident, **changes: Any) -> dict[str, Any]:
    return {"idempotency_key": "deploy-7", "incident_id": incident.pk, "message": "Rolled back", **changes}


def test_updates_come_newest_first_with_everything_clients_need(api: ApiClient) -> None:
    incident = make_incident()
    share(incident, "First")
    add_report(incident.pk, IncidentDraft(name="Same here"), make_actor("Vera", role="viewer"))

    reply = api.get(PATH)

    assert reply.status == 200
    assert [row["message"] for row in reply.body["incident_updates"]] == ["Same here", "First"]
    first = IncidentUpdatesListResultV2.from_dict(reply.body).incident_updates[1]
    assert (first.incident_id, first.new_incident_status.name) == (incident.pk, "Investigating")
    assert reply.body["incident_updates"][1]["updater"]["user"]["name"] == "Rosa Lund"
    assert "new_severity" not in reply.body["incident_updates"][1]
    assert reply.body["pagination_meta"] == {"page_size": 25}


def test_pages_hold_every_update_once(api: ApiClient) -> None:
    incident = make_incident()
    made = [share(incident, f"Update {number}").pk for number in range(7)]

    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = api.get(f"{PATH}?page_size=3&after={after.lower()}").body
        seen += [row["id"] for row in page["incident_updates"]]
        after = page["pagination_meta"].get("after", "")

    assert seen == made[::-1]
    assert after == ""
    assert api.get(f"{PATH}?after={made[0]}").body["incident_updates"] == []


def test_updates_of_one_incident(api: ApiClient) -> None:
    incident, other = make_incident(), make_incident()
    share(incident)
    share(other)

    reply = api.get(f"{PATH}?incident_id={incident.pk.lower()}")

    assert [row["incident_id"] for row in reply.body["incident_updates"]] == [incident.pk]


def test_updates_of_hidden_incidents_are_as_if_there_were_none(make_api: MakeApi) -> None:
    hidden, shown = make_incident(visibility="private"), make_incident()
    share(hidden)
    share(shown)
    reader = make_api("viewer")

    everything = reader.get(PATH).body
    of_hidden, of_nothing = (reader.get(f"{PATH}?incident_id={pk}").body for pk in (hidden.pk, "0" * 26))

    assert [row["incident_id"] for row in everything["incident_updates"]] == [shown.pk]
    assert of_hidden == of_nothing
    assert of_hidden["incident_updates"] == []
    assert len(make_api("viewer", "global_access").get(PATH).body["incident_updates"]) == 2


def test_a_merge_into_a_hidden_incident_is_not_told(make_api: MakeApi) -> None:
    hidden, incident = make_incident(visibility="private"), make_incident()
    update = share(incident)
    IncidentUpdate.objects.filter(pk=update.pk).update(merged_into_incident=hidden)

    unseen = make_api("viewer").get(PATH).body["incident_updates"][0]
    seen = make_api("viewer", "global_access").get(PATH).body["incident_updates"][0]

    assert "merged_into_incident_id" not in unseen
    assert seen["merged_into_incident_id"] == hidden.pk


def test_an_update_carries_status_and_severity(api: ApiClient) -> None:
    incident = make_incident(severity="major")
    severities = api.get("/v1/severities").body["severities"]
    critical = next(row["id"] for row in severities if row["name"] == "Critical")
    body = payload(
        incident, to_incident_status_id=status_of("fixing").pk.lower(), to_severity_id=critical.lower()
    )

    reply = api.post(PATH, body)

    assert reply.status == 201
    update = IncidentUpdatesCreateResultV2.from_dict(reply.body).incident_update
    assert (update.new_incident_status.name, update.message) == ("Fixing", "Rolled back")
    assert reply.body["incident_update"]["new_severity"]["id"] == critical
    assert reply.body["incident_update"]["updater"] == {"api_key": {"id": api.api_key.pk, "name": "deploys"}}
    incident.refresh_from_db()
    assert (incident.incident_status.slug, incident.severity_id) == ("fixing", critical)


def test_the_same_request_again_is_answered_with_the_first_update(api: ApiClient) -> None:
    incident = make_incident()
    body = payload(incident, message="", to_incident_status_id=status_of("fixing").pk)

    first, again = api.post(PATH, body), api.post(PATH, body)

    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    refused = api.post(PATH, {**body, "message": "Else"})
    assert (refused.status, refused.codes, refused.pointers) == (
        422,
        ["idempotency_key_reused"],
        ["/idempotency_key"],
    )
    assert IncidentUpdate.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"message": ""}, "/message"),
        ({"message": "a\x00b"}, "/message"),
        ({"message": "x" * 20_001}, "/message"),
        ({"message": None}, "/message"),
        ({"idempotency_key": ""}, "/idempotency_key"),
        ({"idempotency_key": "a\x00b"}, "/idempotency_key"),
        ({"idempotency_key": 7}, "/idempotency_key"),
        ({"incident_id": "INC-1"}, "/incident_id"),
        ({"incident_id": ""}, "/incident_id"),
        ({"to_incident_status_id": "fixing"}, "/to_incident_status_id"),
        ({"to_incident_status_id": "0" * 26}, "/to_incident_status_id"),
        ({"to_severity_id": "0" * 26}, "/to_severity_id"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post(PATH, payload(make_incident(), **change))

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert not IncidentUpdate.objects.exists()


def test_a_move_that_may_not_be_is_refused_with_its_reason(api: ApiClient) -> None:
    reply = api.post(PATH, payload(make_incident(), to_incident_status_id=status_of("merged").pk))

    assert (reply.status, reply.codes, reply.pointers) == (422, ["not_allowed"], ["/to_incident_status_id"])


def test_who_may_share(make_api: MakeApi) -> None:
    hidden = make_incident(visibility="private")

    assert make_api("viewer").post(PATH, payload(hidden)).status == 403
    editor = make_api("incident_editor")
    refused, missing = (
        editor.post(PATH, payload(hidden, incident_id=pk)).body["errors"] for pk in (hidden.pk, "0" * 26)
    )
    assert refused == missing
    assert make_api("incident_editor").get(PATH).status == 403


@pytest.mark.parametrize("query", ["after=x", "incident_id=x", "page_size=0", "page_size=251"])
def test_a_query_that_cannot_be_is_refused(api: ApiClient, query: str) -> None:
    reply = api.get(f"{PATH}?{query}")

    assert (reply.status, reply.pointers) == (422, [f"/{query.partition('=')[0]}"])


def test_a_page_costs_the_same_whatever_it_holds(api: ApiClient) -> None:
    incident = make_incident()
    share(incident)
    few = queries_of(api, f"{PATH}?page_size=50")
    for number in range(29):
        share(incident, f"Update {number}", Actor.of_user(make_user(role="administrator")))

    assert queries_of(api, f"{PATH}?page_size=50") == few
