"""What every route has in common: keys, limits, methods, bodies that are none, and the envelope of errors."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone

from incidents.models import ApiKey, Incident
from incidents.services.api_keys import rotate_api_key
from tests.api.conftest import ApiClient
from tests.make import make_actor

if TYPE_CHECKING:
    from tests.api.conftest import MakeApi

PATH = "/v2/incidents"
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


def test_without_a_key_nothing_is_told(client: Client) -> None:
    response = client.get(PATH)

    body = response.json()
    assert (response.status_code, body["type"], body["status"]) == (401, "authentication_error", 401)
    assert body["errors"][0]["code"] == "missing_authorization_material"
    assert body["request_id"] == response.headers["X-Request-Id"]
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Basic abc",
        "Bearer toc_unknown",
        "Bearer a b",
        f"Bearer {'x' * 5000}",
        "Bearer é",
    ],
)
def test_a_key_that_opens_nothing_is_refused(client: Client, header: str, db: None) -> None:
    assert client.get(PATH, headers={"authorization": header}).status_code == 401


def test_the_session_of_a_person_is_no_key(admin_client: Client) -> None:
    assert admin_client.get(PATH).status_code == 401


def test_a_revoked_key_is_refused_from_its_next_request_on(api: ApiClient) -> None:
    assert api.get(PATH).status == 200
    ApiKey.objects.update(revoked_at=timezone.now())

    assert api.get(PATH).status == 401


def test_an_expired_key_is_refused(api: ApiClient) -> None:
    ApiKey.objects.update(expires_at=timezone.now())

    assert api.get(PATH).status == 401


def test_both_tokens_work_while_a_rotation_has_grace(api: ApiClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        issued = rotate_api_key(
            api.api_key, make_actor(role="administrator"), grace=datetime.timedelta(minutes=30)
        )
        rotated = ApiClient(issued.api_key, issued.token)
        during = (api.get(PATH).status, rotated.get(PATH).status)
        clock.shift(datetime.timedelta(minutes=31))

        assert during == (200, 200)
        assert (api.get(PATH).status, rotated.get(PATH).status) == (401, 200)


def test_use_is_noted(api: ApiClient) -> None:
    with time_machine.travel(NOON, tick=False):
        api.get(PATH)

    assert ApiKey.objects.get().last_used_at == NOON


def test_too_many_requests_in_a_minute_are_refused_with_when_to_come_back(make_api: MakeApi) -> None:
    with time_machine.travel(NOON + datetime.timedelta(seconds=15), tick=False) as clock:
        busy = make_api("viewer", rate_limit=3)
        statuses = [busy.get(PATH).status for _ in range(3)]
        refused = busy.get(PATH)
        clock.shift(datetime.timedelta(seconds=45))
        later = busy.get(PATH)

    assert statuses == [200, 200, 200]
    assert (refused.status, refused.body["type"]) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) in {45, 46}
    assert refused.body["rate_limit"] == {
        "name": "deploys",
        "limit": 3,
        "remaining": 0,
        "retry_after": "2026-03-01T12:01:00.000000Z",
    }
    assert later.status == 200
    assert later.headers["RateLimit-Remaining"] == "2"


def test_head_and_options_are_answered(api: ApiClient) -> None:
    head = api._client.head(PATH)
    options = api._client.options(PATH)

    assert (head.status_code, head.content) == (200, b"")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_methods_that_a_path_does_not_take_are_named(api: ApiClient, method: str) -> None:
    reply = api.send(method, PATH)

    assert (reply.status, reply.body["type"]) == (405, "method_not_allowed")
    assert reply.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v2/nothing", "/v2/incidents/", "/v3/incidents", "/v2//incidents"]
)
def test_paths_that_are_none_are_missing_and_lead_nowhere(api: ApiClient, path: str) -> None:
    reply = api.get(path)

    assert (reply.status, reply.body["type"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": "\xed\xa0\x80"}',
        b'{"name": "\\ud800"}',
        b"NaN",
        b"{'a': 1}",
        b"[" * 1_000 + b"]" * 1_000,
        b'{"a":' * 100_000,
        b'{"external_id": ' + b"9" * 5_000 + b"}",
    ],
)
def test_bodies_that_are_no_json_are_refused(api: ApiClient, body: bytes) -> None:
    reply = api.send("POST", PATH, body)

    assert (reply.status, reply.body["type"]) == (400, "invalid_request_error")
    assert Incident.objects.count() == 0


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"5", b"null", b"true"])
def test_bodies_that_are_no_object_are_refused(api: ApiClient, body: bytes) -> None:
    reply = api.send("POST", PATH, body)

    assert (reply.status, reply.pointers) == (422, ["/"])


def test_large_bodies_are_refused_before_they_are_read(api: ApiClient) -> None:
    reply = api.send("POST", PATH, json.dumps({"name": "x" * 1024 * 1024}))

    assert (reply.status, reply.body["type"]) == (413, "payload_too_large")


def test_bodies_that_are_not_called_json_are_refused(api: ApiClient) -> None:
    response = api._client.post(PATH, "name=x", content_type="application/x-www-form-urlencoded")

    assert response.status_code == 415
    assert response.json()["type"] == "invalid_request_error"


def test_an_address_that_no_database_takes_is_refused(api: ApiClient) -> None:
    reply = api.get(f"{PATH}?severity[gte]=%00")

    assert (reply.status, reply.body["type"]) == (400, "invalid_request_error")


@override_settings(SECURE_SSL_REDIRECT=True)
def test_plain_http_is_refused_and_not_led_elsewhere(api: ApiClient) -> None:
    reply = api.get(PATH)

    assert (reply.status, reply.codes) == (400, ["https_required"])


def test_a_database_that_is_away_is_told_as_such(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the connection was lost")

    monkeypatch.setattr("incidents.api.dispatch.authenticate", away)
    api._client.raise_request_exception = False

    reply = api.get(PATH)

    assert (reply.status, reply.body["type"], reply.headers["Retry-After"]) == (503, "api_error", "10")


def test_our_own_mistakes_are_told_without_details(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("incidents.api.dispatch.authenticate", broken)
    api._client.raise_request_exception = False

    reply = api.get(PATH)

    assert (reply.status, reply.body["type"]) == (500, "api_error")
    assert "secret" not in str(reply.body)
