"""Incident Roles V2 and V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models.incident_roles_list_result_v1 import IncidentRolesListResultV1
from incident_io.models.incident_roles_list_result_v2 import IncidentRolesListResultV2
from incident_io.models.incident_roles_show_result_v1 import IncidentRolesShowResultV1
from incident_io.models.incident_roles_show_result_v2 import IncidentRolesShowResultV2

from incidents.models import Configuration, IncidentRole
from tests.api.samples import UNKNOWN_IDS
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

V1, V2 = "/v1/incident_roles", "/v2/incident_roles"
VERSIONS = (V1, V2)
LEGAL = {
    "name": "Legal",
    "description": "Reads along.",
    "instructions": "Say little.\nWrite less.",
    "shortform": "legal",
}
SENT: dict[str, dict[str, Any]] = {V1: {**LEGAL, "required": True}, V2: LEGAL}


def role(slug: str) -> IncidentRole:
    return Configuration.current().incident_roles.by_slug[slug]


@pytest.mark.parametrize("path", VERSIONS)
def test_listed_in_order(api: ApiClient, path: str) -> None:
    reply = api.get(path)

    assert reply.status == 200
    assert [(row["name"], row["role_type"]) for row in reply.body["incident_roles"]] == [
        ("Incident lead", "lead"),
        ("Reporter", "reporter"),
        ("Communications lead", "custom"),
        ("Scribe", "custom"),
    ]


def test_each_version_is_what_its_client_reads(api: ApiClient) -> None:
    first = IncidentRolesListResultV1.from_dict(api.get(V1).body)
    second = IncidentRolesListResultV2.from_dict(api.get(V2).body)

    assert {one.required for one in first.incident_roles} == {False}
    assert [one.additional_properties for one in second.incident_roles] == [{}] * 4


def test_created_last_and_shown(api: ApiClient) -> None:
    created = api.post(V2, LEGAL)

    assert created.status == 201
    assert created.body["incident_role"].items() >= {**LEGAL, "role_type": "custom"}.items()
    IncidentRolesShowResultV2.from_dict(created.body)
    assert api.get(f"{V2}/{created.body['incident_role']['id'].lower()}").body == created.body
    assert Configuration.current().incident_roles.rows[-1].slug == "legal"
    assert role("legal").required is False


def test_created_by_the_older_version_with_whether_somebody_must_have_it(api: ApiClient) -> None:
    created = api.post(V1, SENT[V1])

    assert (created.status, created.body["incident_role"]["required"]) == (201, True)
    IncidentRolesShowResultV1.from_dict(created.body)
    assert api.get(f"{V1}/{created.body['incident_role']['id']}").body == created.body


def test_the_newer_version_leaves_alone_what_only_the_older_one_knows(api: ApiClient) -> None:
    pk = api.post(V1, SENT[V1]).body["incident_role"]["id"]

    updated = api.put(f"{V2}/{pk}", {**LEGAL, "name": "Counsel"})

    assert (updated.status, updated.body["incident_role"]["name"]) == (200, "Counsel")
    assert api.get(f"{V1}/{pk}").body["incident_role"]["required"] is True


def test_the_older_version_changes_it_only_where_it_is_sent(api: ApiClient) -> None:
    pk = api.post(V1, SENT[V1]).body["incident_role"]["id"]

    kept = api.put(f"{V1}/{pk}", LEGAL)
    changed = api.put(f"{V1}/{pk}", {**LEGAL, "required": False})

    assert [kept.body["incident_role"]["required"], changed.body["incident_role"]["required"]] == [
        True,
        False,
    ]


@pytest.mark.parametrize("path", VERSIONS)
def test_the_lead_is_renamed_and_stays_the_lead(api: ApiClient, path: str) -> None:
    reply = api.put(f"{path}/{role('incident-lead').pk}", {**LEGAL, "name": "Captain", "role_type": "custom"})

    assert reply.status == 200
    assert (reply.body["incident_role"]["name"], reply.body["incident_role"]["role_type"]) == (
        "Captain",
        "lead",
    )


@pytest.mark.parametrize("path", VERSIONS)
def test_deleted_unless_somebody_has_it(api: ApiClient, path: str) -> None:
    make_incident(roles={role("scribe").pk: make_user("Ben").pk})
    unused = role("communications-lead").pk

    deleted = api.delete(f"{path}/{unused}")

    assert (deleted.status, deleted.body) == (204, None)
    assert api.get(f"{path}/{unused}").status == 404
    refused = api.delete(f"{path}/{role('scribe').pk}")
    assert (refused.status, refused.body["type"]) == (409, "conflict")
    assert refused.body["errors"][0]["message"].startswith("“Scribe” is in use by incidents.")


@pytest.mark.parametrize("path", VERSIONS)
@pytest.mark.parametrize("slug", ["incident-lead", "reporter"])
def test_lead_and_reporter_stay(api: ApiClient, path: str, slug: str) -> None:
    refused = api.delete(f"{path}/{role(slug).pk}")

    assert (refused.status, refused.codes) == (409, ["in_use"])
    assert slug in Configuration.current().incident_roles.by_slug


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": "x" * 51}, "/name"),
    ({"name": "Le\x00gal"}, "/name"),
    ({"name": ""}, "/name"),
    ({"name": "\u200b"}, "/name"),
    ({"name": 10**30}, "/name"),
    ({"name": "Scribe"}, "/name"),
    ({"description": ""}, "/description"),
    ({"description": " \n "}, "/description"),
    ({"description": "x" * 1_001}, "/description"),
    ({"description": None}, "/description"),
    ({"instructions": "x" * 5_001}, "/instructions"),
    ({"instructions": "\x00"}, "/instructions"),
    ({"instructions": {}}, "/instructions"),
    ({"shortform": "x" * 21}, "/shortform"),
    ({"shortform": "a\x00"}, "/shortform"),
    ({"shortform": False}, "/shortform"),
]
BAD_V1: list[tuple[dict[str, Any], str]] = [
    ({"required": None}, "/required"),
    ({"required": "yes"}, "/required"),
    ({"required": 10**30}, "/required"),
]


@pytest.mark.parametrize(
    ("path", "change", "pointer"),
    [*((path, *bad) for path in VERSIONS for bad in BAD), *((V1, *bad) for bad in BAD_V1)],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, path: str, change: dict[str, Any], pointer: str
) -> None:
    body = {**SENT[path], **change}

    replies = [api.post(path, body), api.put(f"{path}/{role('reporter').pk}", body)]

    assert [(reply.status, reply.pointers) for reply in replies] == [(422, [pointer])] * 2
    assert [one.name for one in IncidentRole.objects.all()][1:] == [
        "Reporter",
        "Communications lead",
        "Scribe",
    ]


def test_everything_that_is_missing_is_named(api: ApiClient) -> None:
    missing = ["/description", "/instructions", "/name", "/shortform"]

    assert sorted(api.post(V2).pointers) == missing
    assert sorted(api.post(V1).pointers) == sorted([*missing, "/required"])


@pytest.mark.parametrize("path", VERSIONS)
@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_roles_are_missing(api: ApiClient, path: str, named: str) -> None:
    at = f"{path}/{named}"

    assert [api.get(at).status, api.put(at, SENT[path]).status, api.delete(at).status] == [404] * 3


@pytest.mark.parametrize("path", VERSIONS)
def test_a_key_that_only_reads_changes_nothing(make_api: MakeApi, path: str) -> None:
    reader, at = make_api("viewer"), f"{path}/{role('scribe').pk}"

    assert [reader.get(path).status, reader.get(at).status] == [200, 200]
    refused = [reader.post(path, SENT[path]), reader.put(at, SENT[path]), reader.delete(at)]
    assert [reply.status for reply in refused] == [403] * 3
    assert make_api("manage_settings").get(path).status == 403
