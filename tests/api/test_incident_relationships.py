"""Incident Relationships V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models import IncidentRelationshipsListResultV1

from incidents.models import IncidentRelationship
from tests.api.counting import queries_of
from tests.make import make_incident, make_relationship

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply

PATH = "/v1/incident_relationships"


def others(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [row["incident"]["id"] for row in reply.body["incident_relationships"]]


def test_each_side_is_shown_the_other(api: ApiClient) -> None:
    cause, effect = make_incident("Ledger is slow"), make_incident("Payouts fail")
    made = make_relationship(effect, cause, "caused_by")

    of_effect = api.get(f"{PATH}?incident_id={effect.pk.lower()}")
    of_cause = api.get(f"{PATH}?incident_id={cause.pk}")

    assert of_effect.body == {
        "incident_relationships": [
            {
                "id": made.pk,
                "incident": {"id": cause.pk, "external_id": cause.number, "name": "Ledger is slow"},
                "kind": "caused_by",
                "is_reversed": False,
            }
        ],
        "pagination_meta": {"page_size": 25},
    }
    assert others(of_cause) == [effect.pk]
    assert of_cause.body["incident_relationships"][0]["is_reversed"] is True
    read = IncidentRelationshipsListResultV1.from_dict(of_effect.body).incident_relationships[0]
    assert read.incident.external_id == cause.number


def test_a_tie_is_made_once_changed_and_removed(api: ApiClient) -> None:
    first, second = make_incident(), make_incident()
    body = {"incident_id": first.pk.lower(), "other_incident_id": second.pk.lower()}

    made, again = api.post(PATH, body), api.post(PATH, body)

    assert (made.status, again.status) == (201, 201)
    assert made.body == again.body
    assert made.body["incident_relationship"]["kind"] == "related"
    back = api.post(PATH, {"incident_id": second.pk, "other_incident_id": first.pk})
    assert back.body["incident_relationship"]["incident"]["id"] == first.pk
    assert back.body["incident_relationship"]["is_reversed"] is True
    changed = api.post(PATH, {**body, "kind": "parent"}).body["incident_relationship"]
    assert changed["kind"] == "parent"
    assert IncidentRelationship.objects.count() == 1
    assert api.delete(f"{PATH}/{changed['id'].lower()}").status == 204
    assert api.delete(f"{PATH}/{changed['id']}").status == 404
    assert others(api.get(f"{PATH}?incident_id={first.pk}")) == []


def test_pages_hold_every_tie_once(api: ApiClient) -> None:
    incident = make_incident()
    made = [make_relationship(make_incident(), incident).incident_id for _ in range(5)]

    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = api.get(f"{PATH}?incident_id={incident.pk}&page_size=2&after={after}")
        seen += others(page)
        after = page.body["pagination_meta"].get("after", "")

    assert seen == made
    assert after == ""


def test_hidden_ends_leave_no_trace(make_api: MakeApi) -> None:
    shown, hidden, other = make_incident(), make_incident(visibility="private"), make_incident()
    tie = make_relationship(shown, hidden)
    make_relationship(shown, other)
    key = make_api("viewer", "incident_editor")

    page = key.get(f"{PATH}?incident_id={shown.pk}&page_size=1")
    assert others(page) == [other.pk]
    assert page.body["pagination_meta"] == {"page_size": 1}
    lists = [key.get(f"{PATH}?incident_id={pk}").body for pk in (hidden.pk, "0" * 26)]
    assert lists[0] == lists[1]
    for pair in ((shown.pk, hidden.pk), (hidden.pk, shown.pk), (shown.pk, "0" * 26)):
        refused = key.post(PATH, {"incident_id": pair[0], "other_incident_id": pair[1]})
        assert (refused.status, refused.codes) == (404, ["not_found"])
    assert [key.delete(f"{PATH}/{pk}").status for pk in (tie.pk, "0" * 26, "x")] == [404] * 3
    assert len(others(make_api("viewer", "global_access").get(f"{PATH}?incident_id={shown.pk}"))) == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "twin"}, "/kind"),
        ({"kind": None}, "/kind"),
        ({"incident_id": "x"}, "/incident_id"),
        ({"other_incident_id": "INC-2"}, "/other_incident_id"),
        ({"other_incident_id": ""}, "/other_incident_id"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    body = {"incident_id": make_incident().pk, "other_incident_id": make_incident().pk, **change}

    reply = api.post(PATH, body)

    assert (reply.status, reply.pointers) == (422, [pointer])


def test_an_incident_is_not_tied_to_itself(api: ApiClient) -> None:
    pk = make_incident().pk

    reply = api.post(PATH, {"incident_id": pk, "other_incident_id": pk.lower()})

    assert (reply.status, reply.pointers) == (422, ["/other_incident_id"])


@pytest.mark.parametrize("query", ["", "?incident_id=", "?incident_id=x"])
def test_a_list_of_no_incident_is_refused(api: ApiClient, query: str) -> None:
    reply = api.get(PATH + query)

    assert (reply.status, reply.pointers) == (422, ["/incident_id"])


def test_who_may_do_what(make_api: MakeApi) -> None:
    first, second = make_incident(), make_incident()
    tie = make_relationship(first, second)
    reader = make_api("viewer")

    assert reader.post(PATH, {"incident_id": first.pk, "other_incident_id": second.pk}).status == 403
    assert reader.delete(f"{PATH}/{tie.pk}").status == 403
    assert make_api("incident_editor").delete(f"{PATH}/{tie.pk}").status == 204


def test_a_list_costs_the_same_whatever_it_holds(api: ApiClient) -> None:
    incident = make_incident()
    make_relationship(incident, make_incident())
    path = f"{PATH}?page_size=50&incident_id={incident.pk}"
    few = queries_of(api, path)
    for _ in range(29):
        make_relationship(make_incident(), incident)

    assert queries_of(api, path) == few
