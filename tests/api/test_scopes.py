"""Every route of the table, for keys that may not ask: whoever adds a route gets these tests with it."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from incidents.api.routes import Route
from incidents.api.table import TABLE
from incidents.models import ApiKey
from incidents.models.api_key_roles import ROLES, Scope
from incidents.services.api_keys import revoke_api_key
from tests.api.conftest import ApiClient
from tests.api.samples import MISSING_ID
from tests.make import make_actor

if TYPE_CHECKING:
    from tests.api.conftest import MakeApi, Reply

pytestmark = pytest.mark.django_db

# The API asks for no scope here, or Tocsin has nothing to hide: any usable key is answered.
OPEN_TO_ANY_KEY = {
    "GET /v1/identity",
    "GET /v2/escalations",
    "GET /v2/incident_timestamps",
    "GET /v2/incident_timestamps/{id}",
    "GET /v2/schedules",
    "GET /v2/workflows",
}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
PATHS = sorted({route.path for route in TABLE.routes})


def told(route: Route) -> str:
    return f"{route.method} {route.path}"


every_route = pytest.mark.parametrize("route", TABLE.routes, ids=told)


def ask(api: ApiClient, method: str, path: str) -> Reply:
    return api.send(method, filled(path), {})


def filled(path: str) -> str:
    """Return a path with the id of nothing in place of each name in it."""
    return re.sub(r"{\w+}", MISSING_ID, path)


def methods_of(path: str) -> set[str]:
    return {route.method for route in TABLE.routes if route.path == path}


@pytest.fixture
def revoked(make_api: MakeApi) -> ApiClient:
    api = make_api(*ROLES)
    revoke_api_key(api.api_key, make_actor(role="administrator"))
    return api


@pytest.fixture
def expired(make_api: MakeApi) -> ApiClient:
    api = make_api(*ROLES)
    ended = timezone.now() - datetime.timedelta(seconds=1)
    ApiKey.objects.filter(pk=api.api_key.pk).update(expires_at=ended)
    return api


def test_there_are_routes_and_each_is_there_once() -> None:
    names = [told(route) for route in TABLE.routes]

    assert len(names) > 50
    assert len(names) == len(set(names)) == len({route.name for route in TABLE.routes})


@every_route
def test_without_a_key_nothing_is_answered(route: Route) -> None:
    response = Client().generic(route.method, filled(route.path), "{}", content_type="application/json")

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    body = response.json()
    assert (body["type"], body["status"]) == ("authentication_error", 401)
    assert [error["code"] for error in body["errors"]] == ["missing_authorization_material"]


@every_route
def test_with_a_key_of_no_role_everything_with_a_scope_is_forbidden(make_api: MakeApi, route: Route) -> None:
    reply = ask(make_api(), route.method, route.path)

    is_forbidden = (reply.status, (reply.body or {}).get("type")) == (403, "resource_forbidden")
    assert is_forbidden is (told(route) not in OPEN_TO_ANY_KEY)


@every_route
def test_every_role_that_holds_the_scope_gets_past_it_and_no_other_does(
    make_api: MakeApi, route: Route
) -> None:
    holding = {role for role, (_, scopes) in ROLES.items() if route.scope in {*scopes, None}}

    forbidden = {role for role in ROLES if ask(make_api(role), route.method, route.path).status == 403}

    assert holding
    assert forbidden == ROLES.keys() - holding


@every_route
def test_a_key_that_is_revoked_expired_or_unknown_opens_nothing(
    route: Route, revoked: ApiClient, expired: ApiClient
) -> None:
    unknown = ApiClient(ApiKey(), "toc_" + "x" * 32)

    replies = [ask(api, route.method, route.path) for api in (revoked, expired, unknown)]

    assert [(reply.status, reply.codes) for reply in replies] == [
        (401, ["invalid_authorization_material"])
    ] * 3


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_a_path_does_not_take_is_told_which_it_takes(make_api: MakeApi, path: str) -> None:
    api, taken = make_api(), methods_of(path)

    replies = [ask(api, method, path) for method in sorted(METHODS - taken)]

    assert {reply.status for reply in replies} == {405}
    assert {reply.body["type"] for reply in replies} == {"method_not_allowed"}
    for reply in replies:
        assert taken <= set(reply.headers["Allow"].split(", ")) <= {*taken, "HEAD", "OPTIONS"}


def test_every_route_has_a_scope_or_is_meant_for_any_key() -> None:
    assert {told(route) for route in TABLE.routes if not isinstance(route.scope, Scope)} == OPEN_TO_ANY_KEY
