"""Incident Statuses V1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models.incident_statuses_list_result_v1 import IncidentStatusesListResultV1
from incident_io.models.incident_statuses_show_result_v1 import IncidentStatusesShowResultV1

from incidents.models import Configuration, IncidentStatus
from incidents.services.configuration import save_noun
from tests.api.samples import UNKNOWN_IDS
from tests.make import make_actor, make_incident, status_of

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v1/incident_statuses"
CONTAINED = {"name": "Contained", "description": "It spreads no further.", "category": "live"}


def test_listed_in_the_order_in_which_incidents_pass_them(api: ApiClient) -> None:
    reply = api.get(PATH)

    assert reply.status == 200
    rows = reply.body["incident_statuses"]
    assert [row["category"] for row in rows] == [
        "triage", "live", "live", "live", "paused", "learning", "learning", "closed", "declined", "canceled", "merged",
    ]  # fmt: skip
    assert len(IncidentStatusesListResultV1.from_dict(reply.body).incident_statuses) == 11


def test_created_as_the_last_of_its_category_and_shown(api: ApiClient) -> None:
    created = api.post(PATH, CONTAINED)

    assert created.status == 201
    IncidentStatusesShowResultV1.from_dict(created.body)
    status = created.body["incident_status"]
    assert status.items() >= CONTAINED.items()
    assert status["rank"] == status_of("monitoring").rank + 1
    assert api.get(f"{PATH}/{status['id'].lower()}").body == created.body
    listed = [row.slug for row in Configuration.current().incident_statuses if row.category == "live"]
    assert listed == ["investigating", "fixing", "monitoring", "contained"]


def test_created_at_a_rank(api: ApiClient) -> None:
    created = api.post(PATH, {**CONTAINED, "rank": 1})

    assert created.body["incident_status"]["rank"] == 1
    assert Configuration.current().first_status("live") == status_of("contained")


def test_created_behind_the_largest_rank(api: ApiClient) -> None:
    api.post(PATH, {**CONTAINED, "rank": 32_767})

    created = api.post(PATH, {**CONTAINED, "name": "Watched"})

    assert (created.status, created.body["incident_status"]["rank"]) == (201, 32_767)
    assert [row.slug for row in Configuration.current().incident_statuses if row.category == "live"][
        -1
    ] == "watched"


def test_updated_without_its_category(api: ApiClient) -> None:
    status = status_of("fixing")

    reply = api.put(
        f"{PATH}/{status.pk}", {"name": "Mending", "description": "", "category": "closed", "rank": 7}
    )

    assert reply.status == 200
    assert reply.body["incident_status"].items() >= {
        "name": "Mending", "description": "", "category": "live", "rank": 7,
    }.items()  # fmt: skip
    assert status_of("fixing").name == "Mending"


def test_updated_without_a_rank_it_stays_in_its_place(api: ApiClient) -> None:
    status = status_of("fixing")

    reply = api.put(f"{PATH}/{status.pk}", {"name": "Fixing", "description": "Under way."})

    assert (reply.status, reply.body["incident_status"]["rank"]) == (200, status.rank)


def test_deleted_while_nothing_uses_it(api: ApiClient) -> None:
    status = status_of("fixing")

    deleted = api.delete(f"{PATH}/{status.pk}")

    assert (deleted.status, deleted.body) == (202, None)
    assert api.get(f"{PATH}/{status.pk}").status == 404
    assert api.delete(f"{PATH}/{status.pk}").status == 404


def test_a_status_that_an_incident_has_stays(api: ApiClient) -> None:
    make_incident(status="fixing")

    refused = api.delete(f"{PATH}/{status_of('fixing').pk}")

    assert (refused.status, refused.body["type"], refused.codes) == (409, "conflict", ["in_use"])
    assert refused.body["errors"][0]["message"].startswith("“Fixing” is in use by incidents.")
    assert "fixing" in Configuration.current().incident_statuses.by_slug


def test_the_last_status_of_a_category_that_is_needed_stays(api: ApiClient) -> None:
    refused = api.delete(f"{PATH}/{status_of('triage').pk}")

    assert (refused.status, refused.codes) == (409, ["in_use"])
    assert "the last status of the category Triage" in refused.body["errors"][0]["message"]
    assert api.delete(f"{PATH}/{status_of('paused').pk}").status == 202


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": "x" * 51}, "/name"),
    ({"name": "\x00Contained"}, "/name"),
    ({"name": " \u200b"}, "/name"),
    ({"name": ""}, "/name"),
    ({"name": None}, "/name"),
    ({"name": 7}, "/name"),
    ({"name": "Fixing"}, "/name"),
    ({"description": "x" * 1_001}, "/description"),
    ({"description": "a\x00b"}, "/description"),
    ({"description": ["It"]}, "/description"),
    ({"rank": 10**30}, "/rank"),
    ({"rank": 32_768}, "/rank"),
    ({"rank": -1}, "/rank"),
    ({"rank": "first"}, "/rank"),
    ({"rank": None}, "/rank"),
    ({"rank": 3}, "/rank"),
]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [*BAD, ({"category": "triage"}, "/category"), ({"category": 10**30}, "/category")],
)
def test_what_cannot_be_created_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    reply = api.post(PATH, {**CONTAINED, **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert IncidentStatus.objects.count() == 11


@pytest.mark.parametrize(("change", "pointer"), BAD)
def test_what_cannot_be_stored_is_refused_where_it_stands(
    api: ApiClient, change: dict[str, Any], pointer: str
) -> None:
    status = status_of("monitoring")

    reply = api.put(f"{PATH}/{status.pk}", {"name": "Watching", "description": "", **change})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert status_of("monitoring").name == "Monitoring"


def test_everything_that_is_missing_is_named(api: ApiClient) -> None:
    assert sorted(api.post(PATH).pointers) == ["/category", "/description", "/name"]
    assert sorted(api.put(f"{PATH}/{status_of('fixing').pk}").pointers) == ["/description", "/name"]


@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_statuses_are_missing(api: ApiClient, named: str) -> None:
    path = f"{PATH}/{named}"

    replies = [api.get(path), api.put(path, {"name": "Watching", "description": ""}), api.delete(path)]

    assert [reply.status for reply in replies] == [404] * 3


def test_a_key_that_only_reads_changes_nothing(make_api: MakeApi) -> None:
    reader, path = make_api("viewer"), f"{PATH}/{status_of('fixing').pk}"

    assert [reader.get(PATH).status, reader.get(path).status] == [200, 200]
    refused = [reader.post(PATH, CONTAINED), reader.put(path, CONTAINED), reader.delete(path)]
    assert [reply.status for reply in refused] == [403] * 3
    assert make_api("manage_settings").get(PATH).status == 403


def test_what_the_admin_changes_is_seen_at_once(api: ApiClient) -> None:
    status = status_of("fixing")
    status.name = "Mending"

    save_noun(status, make_actor(role="administrator"))

    assert api.get(f"{PATH}/{status.pk}").body["incident_status"]["name"] == "Mending"
