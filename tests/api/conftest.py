"""A client of the API: a key with roles, and answers as plain data."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Protocol

import pytest
from django.test import Client

from incidents.models import ApiKey
from incidents.services import api_key_usage
from incidents.services.api_keys import ApiKeyDraft, issue_api_key

EVERY_ROLE = (
    "viewer",
    "incident_creator",
    "incident_editor",
    "incident_memberships_editor",
    "manage_settings",
    "global_access",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def pointers(self) -> list[str]:
        """Where the problems of a refusal lie."""
        return [error.get("source", {}).get("pointer", "") for error in self.body["errors"]]

    @property
    def codes(self) -> list[str]:
        """What the problems of a refusal are."""
        return [error["code"] for error in self.body["errors"]]


class ApiClient:
    """Asks as an API key."""

    def __init__(self, api_key: ApiKey, token: str) -> None:
        self.api_key = api_key
        self.token = token
        self._client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        return self.send("POST", path, body, headers=headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Reply:
        return self.send("PUT", path, body, headers=headers)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Reply:
        """Send a body: bytes and text as they are, anything else as JSON."""
        data = body if isinstance(body, bytes | str) else json.dumps(body if body is not None else {})
        response = self._client.generic(
            method,
            path,
            data if method in {"POST", "PUT", "PATCH"} else "",
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in (headers or {}).items()},
        )
        content = response.content
        assert "json" in response.headers["Content-Type"]
        assert b'":null' not in content
        return Reply(response.status_code, json.loads(content) if content else None, response.headers)


class MakeApi(Protocol):
    """Makes a client whose key has these roles."""

    def __call__(self, *roles: str, **draft: Any) -> ApiClient: ...


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Forget what keys of other tests asked for in this minute."""
    api_key_usage._counted.clear()


@pytest.fixture
def make_api(db: None) -> MakeApi:
    def make(*roles: str, **draft: Any) -> ApiClient:
        issued = issue_api_key(ApiKeyDraft(name=draft.pop("name", "deploys"), roles=roles, **draft), None)
        return ApiClient(issued.api_key, issued.token)

    return make


@pytest.fixture
def api(make_api: MakeApi) -> ApiClient:
    """A client that may do everything but make keys."""
    return make_api(*EVERY_ROLE)
