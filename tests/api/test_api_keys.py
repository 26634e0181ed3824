"""API Keys V1."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone
from incident_io.models.api_keys_create_result_v1 import APIKeysCreateResultV1
from incident_io.models.api_keys_list_result_v1 import APIKeysListResultV1
from incident_io.models.api_keys_rotate_result_v1 import APIKeysRotateResultV1
from incident_io.models.api_keys_show_result_v1 import APIKeysShowResultV1

from incidents.models import ApiKey
from incidents.services.api_keys import ApiKeyDraft, Issued, issue_api_key, revoke_api_key
from tests.api.conftest import EVERY_ROLE, ApiClient
from tests.api.samples import MISSING_ID, UNKNOWN_IDS, count_queries, read_pages
from tests.make import make_actor, make_team

if TYPE_CHECKING:
    from tests.api.conftest import MakeApi

PATH = "/v1/api_keys"
ROBOT: dict[str, Any] = {
    "name": "Deploy robot",
    "role_names": ["viewer", "incident_creator"],
    "team_ids": [],
    "team_role_names": [],
}


@pytest.fixture
def keeper(make_api: MakeApi) -> ApiClient:
    """A key that has every role, and may manage other keys."""
    return make_api(*EVERY_ROLE, "api_keys_manage", name="keeper")


@pytest.fixture
def robot(keeper: ApiClient) -> Issued:
    """A key that a person made."""
    draft = ApiKeyDraft(name="Robot", roles=("viewer",), comments="Ask Ben.")
    return issue_api_key(draft, make_actor("Ada Admin", role="administrator"))


def status_with(token: str) -> int:
    """Return what a request with a token is answered with."""
    return ApiClient(ApiKey(), token).get("/v1/identity").status


def path_of(issued: Issued) -> str:
    return f"{PATH}/{issued.api_key.pk}"


def test_listed_with_the_newest_first(keeper: ApiClient, robot: Issued) -> None:
    keeper.post(PATH, ROBOT)

    reply = keeper.get(PATH)

    assert reply.status == 200
    first, second, third = reply.body["api_keys"]
    assert [first["name"], second["name"], third["name"]] == ["Deploy robot", "Robot", "keeper"]
    assert first["creator"] == {"api_key": {"id": keeper.api_key.pk, "name": "keeper"}}
    assert second["creator"]["user"]["name"] == "Ada Admin"
    assert third["creator"] == {}
    assert "comments" not in first
    assert second["comments"] == "Ask Ben."
    assert "last_used_at" in third
    assert reply.body["pagination_meta"] == {"page_size": 25}
    assert len(APIKeysListResultV1.from_dict(reply.body).api_keys) == 3


def test_no_answer_but_the_first_holds_anything_of_the_token(keeper: ApiClient) -> None:
    token = keeper.post(PATH, ROBOT).body["token"]

    listed = str(keeper.get(PATH).body)

    assert "token" not in listed.replace("token_last_issued_at", "")
    assert token[4:] not in listed
    assert str(ApiKey.objects.latest("id").token_hash) not in listed


def test_read_page_by_page(keeper: ApiClient) -> None:
    for number in range(4):
        keeper.post(PATH, {**ROBOT, "name": f"Robot {number}"})

    pages = read_pages(keeper, f"{PATH}?page_size=2", "api_keys")

    assert [[row["name"] for row in page] for page in pages] == [
        ["Robot 3", "Robot 2"],
        ["Robot 1", "Robot 0"],
        ["keeper"],
    ]


def test_more_keys_cost_no_more_queries(keeper: ApiClient, robot: Issued) -> None:
    few = count_queries(keeper, PATH)
    for number in range(9):
        keeper.post(PATH, {**ROBOT, "name": f"Robot {number}"})
        issue_api_key(ApiKeyDraft(name="Robot", roles=()), make_actor(role="administrator"))

    assert count_queries(keeper, PATH) == few


def test_created_with_a_token_that_works(keeper: ApiClient) -> None:
    created = keeper.post(PATH, {**ROBOT, "comments": "Asked for\nby Ben."})

    assert created.status == 201
    APIKeysCreateResultV1.from_dict(created.body)
    api_key = created.body["api_key"]
    assert (api_key["name"], api_key["comments"]) == ("Deploy robot", "Asked for\nby Ben.")
    assert [role["name"] for role in api_key["roles"]] == ["incident_creator", "viewer"]
    assert all(role["description"] for role in api_key["roles"])
    assert (api_key["similar_policy"], api_key["rate_limit"], api_key["team_ids"]) == ("warn", 1_200, [])
    assert "expires_at" not in api_key
    robot = ApiClient(ApiKey(), created.body["token"])
    assert [robot.get("/v2/users").status, robot.get(PATH).status] == [200, 403]
    assert created.headers["Cache-Control"] == "private, no-store"


def test_created_with_what_is_our_own(keeper: ApiClient) -> None:
    own = {"expires_at": "2090-01-01T02:00:00+02:00", "similar_policy": "refuse", "rate_limit": 30}

    created = keeper.post(PATH, {**ROBOT, **own})

    assert created.status == 201
    assert created.body["api_key"].items() >= {**own, "expires_at": "2090-01-01T00:00:00.000000Z"}.items()
    shown = keeper.get(f"{PATH}/{created.body['api_key']['id'].lower()}")
    assert shown.body["api_key"] == created.body["api_key"]


def test_created_for_teams(make_api: MakeApi) -> None:
    payments = make_team()
    keeper = make_api("api_keys_manage", team_ids=(payments.pk,), team_roles=("schedules_editor",))

    created = keeper.post(
        PATH,
        {
            "name": "Robot",
            "role_names": [],
            "team_ids": [payments.pk.lower()],
            "team_role_names": ["schedules_editor"],
        },
    )

    assert created.status == 201
    api_key = created.body["api_key"]
    assert (api_key["team_ids"], api_key["team_roles"][0]["name"]) == ([payments.pk], "schedules_editor")


def test_shown_as_its_client_reads_it(keeper: ApiClient, robot: Issued) -> None:
    reply = keeper.get(path_of(robot))

    assert (reply.status, reply.body["api_key"]["name"]) == (200, "Robot")
    APIKeysShowResultV1.from_dict(reply.body)


def test_updated_while_its_token_stays(keeper: ApiClient, robot: Issued) -> None:
    updated = keeper.put(path_of(robot), {**ROBOT, "role_names": ["incident_editor"], "comments": "Ask Ada."})

    assert updated.status == 200
    api_key = updated.body["api_key"]
    assert (api_key["name"], api_key["comments"]) == ("Deploy robot", "Ask Ada.")
    assert [role["name"] for role in api_key["roles"]] == ["incident_editor"]
    assert status_with(robot.token) == 200
    assert ApiClient(ApiKey(), robot.token).get("/v2/users").status == 403


def test_what_is_our_own_stays_where_it_is_left_out(keeper: ApiClient, robot: Issued) -> None:
    own = {"expires_at": "2090-01-01T00:00:00.000000Z", "similar_policy": "attach", "rate_limit": 7}
    keeper.put(path_of(robot), {**ROBOT, **own})

    kept = keeper.put(path_of(robot), ROBOT)
    freed = keeper.put(path_of(robot), {**ROBOT, "expires_at": None})

    assert kept.body["api_key"].items() >= own.items()
    assert "expires_at" not in freed.body["api_key"]


def test_an_expired_key_is_listed_renamed_and_given_more_time(keeper: ApiClient, robot: Issued) -> None:
    ended = timezone.now() - datetime.timedelta(days=1)
    ApiKey.objects.filter(pk=robot.api_key.pk).update(expires_at=ended)

    assert status_with(robot.token) == 401
    assert [row["name"] for row in keeper.get(PATH).body["api_keys"]] == ["Robot", "keeper"]
    assert keeper.put(path_of(robot), ROBOT).status == 200
    assert keeper.put(path_of(robot), {**ROBOT, "expires_at": "2090-01-01T00:00:00Z"}).status == 200
    assert status_with(robot.token) == 200


def test_deleted_at_once_and_for_good(keeper: ApiClient, robot: Issued) -> None:
    deleted = keeper.delete(path_of(robot))

    assert (deleted.status, deleted.body) == (204, None)
    assert status_with(robot.token) == 401
    assert [row["name"] for row in keeper.get(PATH).body["api_keys"]] == ["keeper"]
    rotated = keeper.post(f"{path_of(robot)}/actions/rotate")
    replies = [
        keeper.get(path_of(robot)),
        keeper.put(path_of(robot), ROBOT),
        keeper.delete(path_of(robot)),
        rotated,
    ]
    assert [reply.status for reply in replies] == [404] * 4
    assert ApiKey.objects.filter(pk=robot.api_key.pk).exists()


def test_rotated_with_half_an_hour_for_the_token_before(keeper: ApiClient, robot: Issued) -> None:
    rotated = keeper.post(f"{path_of(robot)}/actions/rotate")

    assert rotated.status == 201
    APIKeysRotateResultV1.from_dict(rotated.body)
    assert rotated.body["token"] != robot.token
    assert [status_with(robot.token), status_with(rotated.body["token"])] == [200, 200]
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=29)):
        assert status_with(robot.token) == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        assert [status_with(robot.token), status_with(rotated.body["token"])] == [401, 200]


def test_rotated_without_a_grace(keeper: ApiClient, robot: Issued) -> None:
    rotated = keeper.post(f"{path_of(robot)}/actions/rotate", {"grace_period_minutes": 0})

    assert rotated.status == 201
    assert [status_with(robot.token), status_with(rotated.body["token"])] == [401, 200]


def test_a_key_may_rotate_itself(keeper: ApiClient) -> None:
    rotated = keeper.post(f"{PATH}/{keeper.api_key.pk}/actions/rotate", {"grace_period_minutes": 60})

    assert rotated.status == 201
    assert status_with(rotated.body["token"]) == 200


def test_a_key_gets_no_token_that_may_do_more_than_itself(make_api: MakeApi, robot: Issued) -> None:
    weak = make_api("api_keys_manage")

    refused = weak.post(f"{path_of(robot)}/actions/rotate")

    assert (refused.status, refused.body["type"]) == (403, "resource_forbidden")
    assert status_with(robot.token) == 200
    assert ApiKey.objects.get(pk=robot.api_key.pk).token_hash == robot.api_key.token_hash


def test_a_key_cannot_change_or_delete_itself(keeper: ApiClient) -> None:
    own = f"{PATH}/{keeper.api_key.pk}"

    replies = [keeper.put(own, ROBOT), keeper.delete(own)]

    assert [(reply.status, reply.body["type"]) for reply in replies] == [(403, "resource_forbidden")] * 2
    assert keeper.get(own).body["api_key"]["name"] == "keeper"


@pytest.mark.parametrize("field", ["role_names", "team_role_names"])
def test_a_key_gives_no_role_that_it_lacks(make_api: MakeApi, robot: Issued, field: str) -> None:
    weak = make_api("api_keys_manage", "viewer")
    body = {**ROBOT, "role_names": ["viewer"], field: ["global_access"]}
    body["team_ids"] = [make_team().pk] * (field == "team_role_names")

    replies = [weak.post(PATH, body), weak.put(path_of(robot), body)]

    assert [(reply.status, reply.pointers) for reply in replies] == [(422, [f"/{field}"])] * 2


@pytest.mark.parametrize("field", ["role_names", "team_role_names"])
def test_no_key_makes_a_key_that_makes_keys(keeper: ApiClient, field: str) -> None:
    body = {**ROBOT, field: ["api_keys_manage"]}
    body["team_ids"] = [make_team().pk] * (field == "team_role_names")

    reply = keeper.post(PATH, body)

    assert (reply.status, reply.pointers) == (422, [f"/{field}"])


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": "x" * 201}, "/name"),
    ({"name": ""}, "/name"),
    ({"name": "\u200b"}, "/name"),
    ({"name": "Ro\x00bot"}, "/name"),
    ({"name": None}, "/name"),
    ({"name": 10**30}, "/name"),
    ({"comments": "x" * 5_001}, "/comments"),
    ({"comments": "\x00"}, "/comments"),
    ({"comments": None}, "/comments"),
    ({"role_names": ["captain"]}, "/role_names"),
    ({"role_names": "viewer"}, "/role_names"),
    ({"role_names": None}, "/role_names"),
    ({"role_names": [None]}, "/role_names/0"),
    ({"role_names": ["viewer", 10**30]}, "/role_names/1"),
    ({"role_names": ["x" * 101]}, "/role_names/0"),
    ({"role_names": ["viewer"] * 101}, "/role_names"),
    ({"team_ids": [MISSING_ID], "team_role_names": ["viewer"]}, "/team_ids"),
    ({"team_ids": ["\x00"], "team_role_names": ["viewer"]}, "/team_ids"),
    ({"team_ids": ["x" * 201]}, "/team_ids/0"),
    ({"team_ids": {}}, "/team_ids"),
    ({"team_ids": [MISSING_ID]}, "/team_role_names"),
    ({"team_role_names": ["viewer"]}, "/team_ids"),
    ({"team_role_names": [7]}, "/team_role_names/0"),
    ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    ({"expires_at": "9999-12-31T23:59:59-14:00"}, "/expires_at"),
    ({"expires_at": "0001-01-01T00:00:00+14:00"}, "/expires_at"),
    ({"expires_at": "2090-01-01T00:00:00"}, "/expires_at"),
    ({"expires_at": "tomorrow"}, "/expires_at"),
    ({"expires_at": 10**30}, "/expires_at"),
    ({"similar_policy": "ignore"}, "/similar_policy"),
    ({"similar_policy": None}, "/similar_policy"),
    ({"rate_limit": 0}, "/rate_limit"),
    ({"rate_limit": 10**30}, "/rate_limit"),
    ({"rate_limit": "many"}, "/rate_limit"),
    ({"rate_limit": None}, "/rate_limit"),
]


@pytest.mark.parametrize(("change", "pointer"), BAD)
def test_what_cannot_be_is_refused_where_it_stands(
    keeper: ApiClient, robot: Issued, change: dict[str, Any], pointer: str
) -> None:
    replies = [keeper.post(PATH, {**ROBOT, **change}), keeper.put(path_of(robot), {**ROBOT, **change})]

    assert [(reply.status, reply.pointers) for reply in replies] == [(422, [pointer])] * 2
    assert list(ApiKey.objects.values_list("name", flat=True)) == ["Robot", "keeper"]


@pytest.mark.parametrize("minutes", [-1, 61, 10**30, "30", None, 1.5])
def test_a_grace_that_cannot_be_is_refused(keeper: ApiClient, robot: Issued, minutes: Any) -> None:
    reply = keeper.post(f"{path_of(robot)}/actions/rotate", {"grace_period_minutes": minutes})

    assert (reply.status, reply.pointers) == (422, ["/grace_period_minutes"])
    assert status_with(robot.token) == 200


def test_everything_that_is_missing_is_named(keeper: ApiClient, robot: Issued) -> None:
    missing = ["/name", "/role_names", "/team_ids", "/team_role_names"]

    assert sorted(keeper.post(PATH).pointers) == sorted(keeper.put(path_of(robot)).pointers) == missing


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("page_size=0", "/page_size"), ("page_size=251", "/page_size"), ("after=nonsense", "/after")],
)
def test_what_cannot_be_asked_is_told(keeper: ApiClient, query: str, pointer: str) -> None:
    reply = keeper.get(f"{PATH}?{query}")

    assert (reply.status, reply.pointers) == (422, [pointer])


@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_keys_are_missing(keeper: ApiClient, named: str) -> None:
    at = f"{PATH}/{named}"

    replies = [keeper.get(at), keeper.put(at, ROBOT), keeper.delete(at), keeper.post(f"{at}/actions/rotate")]

    assert [reply.status for reply in replies] == [404] * 4


def test_a_key_that_may_not_manage_keys_sees_none(api: ApiClient, robot: Issued) -> None:
    at = path_of(robot)

    replies = [
        api.get(PATH),
        api.post(PATH, ROBOT),
        api.get(at),
        api.put(at, ROBOT),
        api.delete(at),
        api.post(f"{at}/actions/rotate"),
    ]

    assert [reply.status for reply in replies] == [403] * 6


def test_a_key_that_was_revoked_meanwhile_manages_no_more(keeper: ApiClient, robot: Issued) -> None:
    revoke_api_key(keeper.api_key, make_actor(role="administrator"))

    assert keeper.delete(path_of(robot)).status == 401
    assert status_with(robot.token) == 200
