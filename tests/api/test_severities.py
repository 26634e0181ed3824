"""Severities V1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Incident, Severity
from tests.make import make_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v1/severities"
APOCALYPSE = {"name": "Apocalypse", "description": "Everything is gone."}


def test_listed_from_the_least_to_the_most_severe(api: ApiClient) -> None:
    reply = api.get(PATH)

    assert reply.status == 200
    assert [row["name"] for row in reply.body["severities"]] == ["Minor", "Moderate", "Major", "Critical"]
    assert reply.body["severities"][0].keys() == {
        "id", "name", "description", "rank", "created_at", "updated_at",
    }  # fmt: skip


def test_created_as_the_worst_and_shown(api: ApiClient) -> None:
    created = api.post(PATH, APOCALYPSE)

    assert created.status == 201
    assert created.body["severity"]["rank"] == 5
    shown = api.get(f"{PATH}/{created.body['severity']['id']}")
    assert shown.body == created.body


def test_updated_with_its_incidents(api: ApiClient) -> None:
    incident = make_incident(severity="critical")

    reply = api.put(f"{PATH}/{incident.severity_id}", {**APOCALYPSE, "rank": 9})

    assert reply.status == 200
    assert (reply.body["severity"]["name"], reply.body["severity"]["rank"]) == ("Apocalypse", 9)
    assert Incident.objects.get(pk=incident.pk).severity_rank == 9


def test_deleted_unless_in_use(api: ApiClient) -> None:
    incident = make_incident(severity="critical")
    unused = Severity.objects.get(slug="minor").pk

    assert api.delete(f"{PATH}/{unused}").status == 202
    assert api.get(f"{PATH}/{unused}").status == 404
    refused = api.delete(f"{PATH}/{incident.severity_id}")
    assert (refused.status, refused.body["type"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**APOCALYPSE, "name": "x" * 51}, "/name"),
        ({**APOCALYPSE, "name": "\u0000x"}, "/name"),
        ({**APOCALYPSE, "name": "  "}, "/name"),
        ({**APOCALYPSE, "name": "Major"}, "/name"),
        ({**APOCALYPSE, "rank": 10**30}, "/rank"),
        ({**APOCALYPSE, "rank": -1}, "/rank"),
        ({**APOCALYPSE, "rank": "high"}, "/rank"),
        ({"name": "Apocalypse"}, "/description"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, body: dict[str, object], pointer: str
) -> None:
    reply = api.post(PATH, body)

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert Severity.objects.count() == 4


def test_a_key_that_only_reads_changes_nothing(make_api: MakeApi) -> None:
    reader = make_api("viewer")

    assert reader.get(PATH).status == 200
    assert reader.post(PATH, APOCALYPSE).status == 403
    assert make_api("manage_settings").get(PATH).status == 403
