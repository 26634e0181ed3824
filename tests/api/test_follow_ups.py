"""Follow-ups V2 and V3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models import (
    FollowUpsCreateFromLinkResultV3,
    FollowUpsCreateResultV2,
    FollowUpsListResultV2,
    FollowUpsListResultV3,
    FollowUpsUpdateResultV3,
)

from incidents.models import FollowUp, FollowUpPriority
from tests.api.counting import queries_of
from tests.make import make_actor, make_follow_up, make_incident, make_team, make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply

V2, V3 = "/v2/follow_ups", "/v3/follow_ups"
BOTH = pytest.mark.parametrize("path", [V2, V3])
ISSUE = {"provider": "linear", "url": "https://linear.app/acme/issue/PAY-12"}


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [row["id"] for row in reply.body["follow_ups"]]


@BOTH
def test_a_follow_up_is_created_with_everything_and_shown(api: ApiClient, path: str) -> None:
    incident, mei, team = make_incident(), make_user("Mei Tanaka"), make_team()
    high = FollowUpPriority.objects.get(name="High")

    created = api.post(
        path,
        {
            "incident_id": incident.pk,
            "title": "Alert on pool use",
            "description": "Over *80%*",
            "assignee_id": mei.pk.lower(),
            "assignee_team_id": team.pk.lower(),
            "follow_up_priority_option_id": high.pk.lower(),
            "labels": ["alerts", "pools"],
        },
    )

    assert created.status == 201
    follow_up = FollowUpsCreateResultV2.from_dict(created.body).follow_up
    assert (follow_up.title, follow_up.labels, follow_up.status) == (
        "Alert on pool use",
        ["alerts", "pools"],
        "outstanding",
    )
    row = created.body["follow_up"]
    assert row["assignee_team"] == {"id": team.pk, "name": "Payments"}
    assert row["priority"] == {
        "id": high.pk,
        "name": "High",
        "rank": 3,
        "description": "Within two weeks.",
    }
    assert api.get(f"{path}/{row['id'].lower()}").body == created.body


def test_the_least_that_can_be_sent(api: ApiClient) -> None:
    reply = api.post(V3, {"incident_id": make_incident().pk, "title": "Do"})

    assert reply.status == 201
    assert reply.body["follow_up"].keys() == {
        "id", "incident_id", "title", "status", "labels", "creator", "created_at", "updated_at",
    }  # fmt: skip


def test_an_update_leaves_what_it_does_not_name(api: ApiClient) -> None:
    team, mei = make_team(), make_user("Mei Tanaka")
    follow_up = make_follow_up(
        make_incident(), description="Why", assignee_id=mei.pk, assignee_team_id=team.pk, labels=("alerts",)
    )

    reply = api.put(f"{V3}/{follow_up.pk}", {"title": "Do", "status": "completed"})

    assert reply.status == 200
    row = FollowUpsUpdateResultV3.from_dict(reply.body).follow_up
    assert (row.title, row.status, row.description, row.labels) == ("Do", "completed", "Why", ["alerts"])
    assert reply.body["follow_up"]["completed_at"] == reply.body["follow_up"]["updated_at"]
    emptied = api.put(
        f"{V3}/{follow_up.pk}",
        {
            "title": "Do",
            "status": "not_doing",
            "assignee_id": None,
            "assignee_team_id": None,
            "description": "",
            "labels": [],
        },
    ).body["follow_up"]
    assert emptied["labels"] == []
    assert not {"assignee", "assignee_team", "description", "completed_at"} & emptied.keys()


@BOTH
def test_a_deleted_follow_up_is_gone(api: ApiClient, path: str) -> None:
    follow_up = make_follow_up(make_incident())
    one = f"{path}/{follow_up.pk}"

    assert api.delete(one).status == 204
    assert [api.get(one).status, api.delete(one).status] == [404, 404]
    assert api.post(f"{one}/actions/connect_external_issue", ISSUE).status == 404
    assert ids(api.get(path)) == []
    assert FollowUp.objects.get().status == "deleted"


@BOTH
def test_an_issue_is_connected_once(api: ApiClient, path: str) -> None:
    follow_up = make_follow_up(make_incident())
    address = f"{path}/{follow_up.pk}/actions/connect_external_issue"

    replies = [api.post(address, ISSUE) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 200]
    assert replies[0].body == replies[1].body
    assert replies[0].body["follow_up"]["external_issue_reference"] == {
        "provider": "linear",
        "issue_name": "PAY-12",
        "issue_permalink": ISSUE["url"],
    }
    other = api.post(address, {"provider": "github", "url": "https://github.com/acme/pay/issues/7"})
    assert (other.status, other.codes, other.pointers) == (422, ["already_connected"], ["/url"])


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"provider": "linear"}, ["/url"]),
        ({"provider": "linear", "url": ""}, ["/url"]),
        ({"provider": "linear", "url": "javascript:alert(1)"}, ["/url"]),
        ({"provider": "paper", "url": ISSUE["url"]}, ["/provider"]),
        ({"provider": None, "url": None}, ["/provider", "/url"]),
    ],
)
def test_what_is_no_issue_is_refused(api: ApiClient, body: dict[str, Any], pointers: list[str]) -> None:
    follow_up = make_follow_up(make_incident())

    reply = api.post(f"{V3}/{follow_up.pk}/actions/connect_external_issue", body)

    assert (reply.status, reply.pointers) == (422, pointers)


def test_a_follow_up_is_made_from_a_link(api: ApiClient) -> None:
    body = {"incident_id": make_incident().pk.lower(), "url": ISSUE["url"]}

    replies = [api.post(f"{V3}/actions/create_from_link", body) for _ in range(2)]

    assert [reply.status for reply in replies] == [201, 201]
    assert replies[0].body == replies[1].body
    assert FollowUpsCreateFromLinkResultV3.from_dict(replies[0].body).follow_up.title == "PAY-12"
    unknown = api.post(f"{V3}/actions/create_from_link", {**body, "url": "https://tracker.example/1"})
    assert (unknown.status, unknown.pointers) == (422, ["/url"])
    assert api.post(f"{V2}/actions/create_from_link", body).status == 404


@BOTH
def test_lists_are_narrowed_by_incident_mode_and_team(api: ApiClient, path: str) -> None:
    incident, team = make_incident(), make_team()
    first = make_follow_up(incident)
    second = make_follow_up(make_incident(), assignee_team_id=team.pk)
    practice = make_follow_up(make_incident(mode="test"))

    assert ids(api.get(path)) == [first.pk, second.pk]
    assert ids(api.get(f"{path}?incident_id={incident.pk.lower()}")) == [first.pk]
    assert ids(api.get(f"{path}?assignee_team_id={team.pk.lower()}")) == [second.pk]
    assert ids(api.get(f"{path}?incident_mode=test")) == [practice.pk]
    assert ids(api.get(f"{path}?incident_mode=stream")) == []


def test_clients_read_both_lists(api: ApiClient) -> None:
    make_follow_up(make_incident())

    assert len(FollowUpsListResultV2.from_dict(api.get(V2).body).follow_ups) == 1
    page = FollowUpsListResultV3.from_dict(api.get(f"{V3}?page_size=1").body)
    assert (len(page.follow_ups), page.pagination_meta.page_size) == (1, 1)


def test_pages_and_times(api: ApiClient) -> None:
    incident = make_incident()
    made = [make_follow_up(incident).pk for _ in range(3)]
    FollowUp.objects.filter(pk=made[0]).update(updated_at="2026-01-05T10:00:00Z")

    first = api.get(f"{V3}?page_size=2")
    assert ids(first) == made[:2]
    assert first.body["pagination_meta"] == {"page_size": 2, "after": made[1]}
    assert ids(api.get(f"{V3}?page_size=2&after={made[1]}")) == made[2:]
    assert ids(api.get(f"{V3}?updated_at[gte]=2026-01-06T00:00:00Z")) == made[1:]
    assert ids(api.get(f"{V3}?updated_at[date_range]=2026-01-05~2026-01-05")) == made[:1]


@BOTH
def test_a_hidden_incident_answers_as_one_that_is_missing(make_api: MakeApi, path: str) -> None:
    hidden = make_incident(visibility="private")
    follow_up = make_follow_up(hidden)
    key = make_api("viewer", "incident_editor")

    assert ids(key.get(path)) == []
    assert key.get(f"{path}?incident_id={hidden.pk}").body == key.get(f"{path}?incident_id={'0' * 26}").body
    body = {"title": "Do", "status": "completed", **ISSUE}
    for method, rest in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/actions/connect_external_issue"),
    ):
        replies = [key.send(method, f"{path}/{pk}{rest}", body) for pk in (follow_up.pk, "0" * 26, "x")]
        assert [reply.status for reply in replies] == [404] * 3
        assert len({str(reply.body["errors"]) for reply in replies}) == 1
    for address in (path, f"{V3}/actions/create_from_link"):
        replies = [
            key.post(address, {"title": "Do", "incident_id": pk, "url": ISSUE["url"]})
            for pk in (hidden.pk, "0" * 26)
        ]
        assert [reply.status for reply in replies] == [404] * 2
        assert replies[0].body["errors"] == replies[1].body["errors"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": None}, "/title"),
        ({"title": "x" * 501}, "/title"),
        ({"title": "a\x00"}, "/title"),
        ({"description": "a\x00"}, "/description"),
        ({"labels": "alerts"}, "/labels"),
        ({"labels": ["a\x00"]}, "/labels"),
        ({"labels": ["ok", 5]}, "/labels/1"),
        ({"labels": ["x"] * 21}, "/labels"),
        ({"incident_id": "x"}, "/incident_id"),
        ({"assignee_id": "0" * 26}, "/assignee_id"),
        ({"assignee_team_id": "x"}, "/assignee_team_id"),
        ({"follow_up_priority_option_id": "high"}, "/follow_up_priority_option_id"),
        ({"follow_up_category_id": "0" * 26}, "/follow_up_category_id"),
        ({"external_issue_reference_id": "0" * 26}, "/external_issue_reference_id"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post(V3, {"incident_id": make_incident().pk, "title": "Do", **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    "change", [{"status": "deleted"}, {"status": "done"}, {"follow_up_category_id": "0" * 26}]
)
def test_an_update_that_cannot_be_is_refused(api: ApiClient, change: dict[str, Any]) -> None:
    follow_up = make_follow_up(make_incident())

    reply = api.put(f"{V3}/{follow_up.pk}", {"title": "Do", "status": "completed", **change})

    assert (reply.status, reply.pointers) == (422, [f"/{next(iter(change))}"])
    assert FollowUp.objects.get().status == "outstanding"


@BOTH
def test_who_may_do_what(make_api: MakeApi, path: str) -> None:
    follow_up = make_follow_up(make_incident())
    one, reader = f"{path}/{follow_up.pk}", make_api("viewer")

    assert reader.get(one).status == 200
    assert reader.post(path, {"incident_id": follow_up.incident_id, "title": "Do"}).status == 403
    assert reader.put(one, {"title": "Do", "status": "completed"}).status == 403
    assert reader.post(f"{one}/actions/connect_external_issue", ISSUE).status == 403
    assert reader.delete(one).status == 403
    assert make_api("incident_editor").delete(one).status == 204


@BOTH
def test_a_list_costs_the_same_whatever_it_holds(api: ApiClient, path: str) -> None:
    incident, team = make_incident(), make_team()
    high = FollowUpPriority.objects.get(name="High").pk
    make_follow_up(incident, assignee_id=make_user().pk, assignee_team_id=team.pk, priority_id=high)
    few = queries_of(api, f"{path}?page_size=50")
    for _ in range(29):
        make_follow_up(
            incident,
            actor=make_actor(),
            assignee_id=make_user().pk,
            assignee_team_id=team.pk,
            priority_id=high,
        )

    assert queries_of(api, f"{path}?page_size=50") == few
