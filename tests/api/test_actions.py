"""Actions V2 and V3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models import (
    ActionsCreateResultV3,
    ActionsListResultV2,
    ActionsListResultV3,
    ActionsShowResultV2,
)

from incidents.api import tasks
from incidents.models import Action, Incident
from incidents.models.ulid import moment_of_ulid
from tests.api.counting import queries_of
from tests.make import make_action, make_actor, make_incident, make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply

V2, V3 = "/v2/actions", "/v3/actions"
BOTH = pytest.mark.parametrize("path", [V2, V3])


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [row["id"] for row in reply.body["actions"]]


@BOTH
def test_an_action_is_created_shown_updated_and_deleted(api: ApiClient, path: str) -> None:
    incident, mei = make_incident(), make_user("Mei Tanaka")

    created = api.post(
        path,
        {
            "incident_id": incident.pk.lower(),
            "description": "Call the fire brigade",
            "assignee_id": mei.pk.lower(),
        },
    )

    assert created.status == 201
    action = ActionsCreateResultV3.from_dict(created.body).action
    assert (action.incident_id, action.description, action.status) == (
        incident.pk,
        "Call the fire brigade",
        "outstanding",
    )
    assert created.body["action"]["creator"] == {"api_key": {"id": api.api_key.pk, "name": "deploys"}}
    assert created.body["action"]["assignee"]["name"] == "Mei Tanaka"
    assert "completed_at" not in created.body["action"]
    one = f"{path}/{action.id}"
    assert api.get(one).body == api.get(one.replace(action.id, action.id.lower())).body == created.body

    updated = api.put(one, {"description": "Call them again", "status": "completed"})

    assert updated.status == 200
    done = ActionsShowResultV2.from_dict(updated.body).action
    assert (done.description, done.status) == ("Call them again", "completed")
    assert updated.body["action"]["completed_at"] == updated.body["action"]["updated_at"]
    assert updated.body["action"]["assignee"]["id"] == mei.pk
    deleted = api.delete(one)
    assert (deleted.status, deleted.body) == (204, None)
    assert [reply.status for reply in (api.get(one), api.delete(one))] == [404, 404]
    assert api.put(one, {"description": "Back", "status": "outstanding"}).status == 404
    assert ids(api.get(path)) == []


@pytest.mark.parametrize("nobody", [None, ""])
def test_null_takes_the_assignee_away(api: ApiClient, nobody: str | None) -> None:
    action = make_action(make_incident(), assignee_id=make_user().pk)

    reply = api.put(
        f"{V3}/{action.pk}", {"description": "Do", "status": "outstanding", "assignee_id": nobody}
    )

    assert reply.status == 200
    assert "assignee" not in reply.body["action"]


@BOTH
def test_lists_hold_the_oldest_first(api: ApiClient, path: str) -> None:
    incident, other = make_incident(), make_incident()
    made = [make_action(one).pk for one in (incident, other, incident)]

    assert ids(api.get(path)) == made
    assert ids(api.get(f"{path}?incident_id={incident.pk.lower()}")) == [made[0], made[2]]


def test_clients_read_both_lists(api: ApiClient) -> None:
    make_action(make_incident())

    assert len(ActionsListResultV2.from_dict(api.get(V2).body).actions) == 1
    assert "pagination_meta" not in api.get(V2).body
    page = ActionsListResultV3.from_dict(api.get(V3).body)
    assert (len(page.actions), page.pagination_meta.page_size) == (1, 25)


def test_the_list_without_pages_holds_the_newest(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST_LISTED", 2)
    incident = make_incident()
    made = [make_action(incident).pk for _ in range(3)]

    assert ids(api.get(V2)) == made[1:]


def test_pages_hold_every_action_once(api: ApiClient) -> None:
    incident = make_incident()
    made = [make_action(incident).pk for _ in range(7)]

    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = api.get(f"{V3}?page_size=3&after={after}")
        seen += ids(page)
        after = page.body["pagination_meta"].get("after", "")

    assert seen == made
    assert after == ""
    assert ids(api.get(f"{V3}?after={made[-1]}")) == []


@BOTH
def test_modes(api: ApiClient, path: str) -> None:
    modes = ("standard", "retrospective", "test", "tutorial")
    by_mode = {mode: make_action(make_incident(mode=mode)).pk for mode in modes}

    assert ids(api.get(path)) == [by_mode["standard"], by_mode["retrospective"]]
    for mode, pk in by_mode.items():
        assert ids(api.get(f"{path}?incident_mode={mode}")) == [pk]
    assert ids(api.get(f"{path}?incident_mode=stream")) == []


def test_times_narrow_the_pages(api: ApiClient) -> None:
    incident = make_incident()
    old, new = make_action(incident), make_action(incident)
    Action.objects.filter(pk=old.pk).update(updated_at="2026-01-05T10:00:00Z")
    born = moment_of_ulid(new.pk).isoformat().replace("+00:00", "Z")

    assert ids(api.get(f"{V3}?updated_at%5Bgte%5D=2026-02-01")) == [new.pk]
    assert ids(api.get(f"{V3}?updated_at[lte]=2026-01-05T10:00:00Z")) == [old.pk]
    assert ids(api.get(f"{V3}?updated_at[lte]=2026-01-05")) == []
    assert ids(api.get(f"{V3}?updated_at[date_range]=2026-01-01~2026-01-05")) == [old.pk]
    assert new.pk in ids(api.get(f"{V3}?created_at[gte]={born}"))
    assert ids(api.get(f"{V3}?created_at[gte]=2099-01-01")) == []
    assert ids(api.get(f"{V3}?created_at[lte]=2020-01-01")) == []
    assert ids(api.get(f"{V3}?created_at[date_range]=2020-01-01~2099-01-01")) == [old.pk, new.pk]


@BOTH
def test_a_hidden_incident_answers_as_one_that_is_missing(make_api: MakeApi, path: str) -> None:
    hidden = make_incident(visibility="private")
    action = make_action(hidden)
    key = make_api("viewer", "incident_editor")

    assert ids(key.get(path)) == []
    assert key.get(f"{path}?incident_id={hidden.pk}").body == key.get(f"{path}?incident_id={'0' * 26}").body
    body = {"description": "Do", "status": "completed"}
    for method in ("GET", "PUT", "DELETE"):
        replies = [key.send(method, f"{path}/{pk}", body) for pk in (action.pk, "0" * 26, "x")]
        assert [reply.status for reply in replies] == [404] * 3
        assert len({str(reply.body["errors"]) for reply in replies}) == 1
    replies = [key.post(path, {"description": "Do", "incident_id": pk}) for pk in (hidden.pk, "0" * 26)]
    assert [reply.status for reply in replies] == [404] * 2
    assert replies[0].body["errors"] == replies[1].body["errors"]
    assert ids(make_api("viewer", "global_access").get(path)) == [action.pk]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"description": " "}, "/description"),
        ({"description": "a\x00"}, "/description"),
        ({"description": None}, "/description"),
        ({"description": "x" * 20_001}, "/description"),
        ({"incident_id": "INC-1"}, "/incident_id"),
        ({"incident_id": 5}, "/incident_id"),
        ({"assignee_id": "0" * 26}, "/assignee_id"),
        ({"assignee_id": "somebody"}, "/assignee_id"),
        ({"assignee_id": 5}, "/assignee_id"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post(V3, {"incident_id": make_incident().pk, "description": "Do", **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert not Action.objects.exists()


@pytest.mark.parametrize("status", ["deleted", "done", None, 5])
def test_a_status_that_cannot_be_set_is_refused(api: ApiClient, status: Any) -> None:
    action = make_action(make_incident())

    reply = api.put(f"{V3}/{action.pk}", {"description": "Do", "status": status})

    assert (reply.status, reply.pointers) == (422, ["/status"])
    assert Action.objects.get().status == "outstanding"


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "incident_id=x",
        "page_size=0",
        "incident_mode=real",
        "created_at[gte]=yesterday",
        "updated_at[date_range]=2026-01-01",
        "updated_at[lte]=9999-99-99",
    ],
)
def test_a_query_that_cannot_be_is_refused(api: ApiClient, query: str) -> None:
    reply = api.get(f"{V3}?{query}")

    assert (reply.status, reply.pointers) == (422, [f"/{query.partition('=')[0]}"])


@BOTH
def test_who_may_do_what(make_api: MakeApi, path: str) -> None:
    action = make_action(make_incident())
    reader, writer = make_api("viewer"), make_api("incident_editor")

    assert reader.get(f"{path}/{action.pk}").status == 200
    assert reader.post(path, {"incident_id": action.incident_id, "description": "Do"}).status == 403
    assert reader.put(f"{path}/{action.pk}", {"description": "Do", "status": "completed"}).status == 403
    assert reader.delete(f"{path}/{action.pk}").status == 403
    assert writer.get(path).status == 403
    assert writer.delete(f"{path}/{action.pk}").status == 204


@BOTH
def test_a_list_costs_the_same_whatever_it_holds(api: ApiClient, path: str) -> None:
    incident: Incident = make_incident()
    make_action(incident, assignee_id=make_user().pk)
    few = queries_of(api, f"{path}?page_size=50")
    for number in range(29):
        make_action(incident, f"Step {number}", actor=make_actor(), assignee_id=make_user().pk)

    assert queries_of(api, f"{path}?page_size=50") == few
