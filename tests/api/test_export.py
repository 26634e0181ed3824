"""The list as a JSON file: each incident exactly as the API answers it, and an array only if it is whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection

from incidents.services import exporting
from tests.make import make_actor, make_api_key, make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

EXPORT = "/incidents/export.json"


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def exported(client: Client, query: str = "") -> list[dict[str, Any]]:
    response: Any = client.get(f"{EXPORT}?{query}")
    found: list[dict[str, Any]] = json.loads(b"".join(response.streaming_content))
    return found


def test_incidents_are_those_of_the_api(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    service = make_custom_field("Service", field_type="text")
    for number in range(5):
        make_incident(f"Cache {number}", custom_fields={service.pk: (f"cache-{number}",)})
    token = make_api_key(roles=("viewer",)).token

    answered = reader.get("/v2/incidents", headers={"Authorization": f"Bearer {token}"}).json()

    assert exported(reader, "sort_by=created_at_newest_first") == answered["incidents"]


def test_one_incident_stands_on_each_line(reader: Client) -> None:
    make_incident("Cache 1")
    make_incident("Cache 2")

    response: Any = reader.get(EXPORT)
    first, *lines, last = b"".join(response.streaming_content).decode().splitlines()

    assert (first, last) == ("[", "]")
    assert [json.loads(line.rstrip(","))["name"] for line in lines] == ["Cache 2", "Cache 1"]


def test_nothing_is_an_empty_array(reader: Client) -> None:
    assert exported(reader) == []


def test_private_incidents_are_left_out(reader: Client) -> None:
    make_incident("Leaked key", actor=make_actor("Olga Owner"), visibility="private")

    assert exported(reader) == []


def test_an_array_that_broke_off_stays_open(reader: Client) -> None:
    make_incident()
    response: Any = reader.get(EXPORT)
    parts = iter(response.streaming_content)
    seen = next(parts)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_customfieldentry RENAME TO gone")

    with pytest.raises(DatabaseError):
        next(parts)
    assert seen == b"["


def test_a_key_does_not_open_it(client: Client) -> None:
    token = make_api_key(roles=("viewer",)).token

    response = client.get(EXPORT, headers={"Authorization": f"Bearer {token}"})

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={EXPORT}")
