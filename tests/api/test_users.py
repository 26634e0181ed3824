"""Users V2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from incident_io.models.users_list_result_v2 import UsersListResultV2
from incident_io.models.users_show_result_v2 import UsersShowResultV2

from incidents.models import User
from incidents.models.ulid import is_ulid
from tests.api.samples import MISSING_ID, UNKNOWN_IDS, count_queries, read_pages
from tests.make import make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v2/users"


def named(api: ApiClient, query: str = "") -> list[str]:
    """Return the names that a list answers."""
    reply = api.get(f"{PATH}?{query}")
    assert reply.status == 200
    return [row["name"] for row in reply.body["users"]]


def test_listed_in_the_order_in_which_they_were_added(api: ApiClient) -> None:
    make_user("Zoe Quist")
    alice = make_user("Alice Moreau", email="alice@example.com", slack_user_id="U02AYNF2XJM")

    reply = api.get(PATH)

    assert reply.status == 200
    assert [row["name"] for row in reply.body["users"]] == ["Zoe Quist", "Alice Moreau"]
    assert "slack_user_id" not in reply.body["users"][0]
    role = {
        key: value for key, value in reply.body["users"][1].pop("base_role").items() if key != "description"
    }
    assert reply.body["users"][1] == {
        "id": alice.pk,
        "name": "Alice Moreau",
        "role": "responder",
        "custom_roles": [],
        "is_active": True,
        "seats": {"on_call": "none", "response": "full_access"},
        "email": "alice@example.com",
        "slack_user_id": "U02AYNF2XJM",
    }
    assert (role["name"], role["slug"]) == ("Responder", "responder")
    assert reply.body["pagination_meta"] == {"page_size": 25}


@pytest.mark.parametrize(
    ("role", "response"),
    [("viewer", "viewer_only"), ("responder", "full_access"), ("administrator", "full_access")],
)
def test_what_a_person_may_do_follows_from_their_role(api: ApiClient, role: str, response: str) -> None:
    reply = api.get(f"{PATH}/{make_user(role=role).pk.lower()}")

    assert reply.status == 200
    UsersShowResultV2.from_dict(reply.body)
    user = reply.body["user"]
    assert (user["role"], user["base_role"]["slug"], user["seats"]["response"]) == (role, role, response)


def test_each_role_has_an_id_of_its_own(api: ApiClient) -> None:
    for role in ("viewer", "responder", "administrator"):
        make_user(role=role)

    listed = UsersListResultV2.from_dict(api.get(PATH).body).users

    ids = {user.base_role.id for user in listed}
    assert len(ids) == 3
    assert all(map(is_ulid, ids))


def test_found_by_what_others_know_of_them(api: ApiClient) -> None:
    make_user("Alice Moreau", email="alice@example.com", slack_user_id="U02AYNF2XJM")
    make_user("Ben Ode", email="ben@example.com")

    assert named(api, "email=Alice@Example.com") == ["Alice Moreau"]
    assert named(api, "slack_user_id=U02AYNF2XJM") == ["Alice Moreau"]
    assert named(api, "email=alice@example.com&slack_user_id=U999") == []
    assert named(api, "email=alice") == []
    assert named(api, "email=&slack_user_id=") == ["Alice Moreau", "Ben Ode"]


def test_closed_accounts_are_listed_where_they_are_asked_for(api: ApiClient) -> None:
    gone = make_user("Gone Long", is_active=False)
    make_user("Ben Ode")

    assert named(api) == named(api, "include_inactive=false") == ["Ben Ode"]
    assert named(api, "include_inactive=true") == ["Gone Long", "Ben Ode"]
    assert api.get(f"{PATH}/{gone.pk}").body["user"]["is_active"] is False


def test_read_page_by_page(api: ApiClient) -> None:
    for number in range(5):
        make_user(f"Person {number}")

    pages = read_pages(api, f"{PATH}?page_size=2", "users")

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row["name"] for page in pages for row in page] == [f"Person {number}" for number in range(5)]


def test_after_the_last_person_there_is_nobody(api: ApiClient) -> None:
    last = make_user()

    assert named(api, f"after={last.pk.lower()}") == []


def test_ten_thousand_may_be_asked_for_and_more_than_a_usual_page_be_had(api: ApiClient) -> None:
    User.objects.bulk_create(User(email=f"{number}@example.com", name="A") for number in range(300))

    reply = api.get(f"{PATH}?page_size=10000")

    assert len(reply.body["users"]) == 300
    # What the contract tells of a page at most, although it lets clients ask for more.
    assert reply.body["pagination_meta"] == {"page_size": 250}


def test_more_people_cost_no_more_queries(api: ApiClient) -> None:
    path = f"{PATH}?page_size=10000"
    make_user()
    few = count_queries(api, path)
    for number in range(30):
        make_user(f"Person {number}")

    assert count_queries(api, path) == few
    assert len(named(api, "page_size=10000")) == 31


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("page_size=0", "/page_size"),
        ("page_size=10001", "/page_size"),
        ("page_size=" + "9" * 30, "/page_size"),
        ("page_size=many", "/page_size"),
        ("after=nonsense", "/after"),
        ("after=" + "0" * 201, "/after"),
        ("email=" + "x" * 255, "/email"),
        ("slack_user_id=" + "x" * 51, "/slack_user_id"),
        ("include_inactive=perhaps", "/include_inactive"),
    ],
)
def test_what_cannot_be_asked_is_told(api: ApiClient, query: str, pointer: str) -> None:
    reply = api.get(f"{PATH}?{query}")

    assert (reply.status, reply.pointers) == (422, [pointer])


def test_an_address_with_nul_is_refused(api: ApiClient) -> None:
    assert api.get(f"{PATH}?email=a%00b").status == 400


@pytest.mark.parametrize("name", UNKNOWN_IDS)
def test_unknown_people_are_missing(api: ApiClient, name: str) -> None:
    assert api.get(f"{PATH}/{name}").status == 404


def test_a_key_that_may_not_view_sees_nobody(make_api: MakeApi) -> None:
    key = make_api("manage_settings")

    assert [key.get(PATH).status, key.get(f"{PATH}/{MISSING_ID}").status] == [403, 403]
