"""Incident Types V1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from incident_io.models.incident_types_list_result_v1 import IncidentTypesListResultV1
from incident_io.models.incident_types_show_result_v1 import IncidentTypesShowResultV1

from incidents.models import IncidentType, Team
from incidents.services.configuration import delete_noun, save_noun, touch_configuration
from tests.api.samples import UNKNOWN_IDS, count_queries
from tests.make import make_actor, make_team

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v1/incident_types"


def own(incident_type: IncidentType, *teams: Team) -> None:
    """Give a type its teams, as the admin does."""
    incident_type.owning_teams.set(teams)
    touch_configuration()


def test_listed_with_the_default_first(api: ApiClient) -> None:
    reply = api.get(PATH)

    assert reply.status == 200
    rows = reply.body["incident_types"]
    assert [(row["name"], row["is_default"], row["private_incidents_only"]) for row in rows] == [
        ("Production", True, False),
        ("Security", False, True),
        ("Supplier", False, False),
    ]
    assert {row["create_in_triage"] for row in rows} == {"optional"}
    assert len(IncidentTypesListResultV1.from_dict(reply.body).incident_types) == 3


def test_shown_with_its_teams(api: ApiClient) -> None:
    security, payments = IncidentType.objects.get(slug="security"), make_team()
    own(security, payments)

    reply = api.get(f"{PATH}/{security.pk.lower()}")

    assert reply.status == 200
    assert reply.body["incident_type"]["owning_team_ids"] == [payments.pk]
    IncidentTypesShowResultV1.from_dict(reply.body)


def test_a_team_that_is_gone_owns_nothing(api: ApiClient) -> None:
    security, payments = IncidentType.objects.get(slug="security"), make_team()
    own(security, payments)
    own(security)

    delete_noun(payments, make_actor(role="administrator"))

    assert api.get(f"{PATH}/{security.pk}").body["incident_type"]["owning_team_ids"] == []


def test_more_types_and_teams_cost_no_more_queries(api: ApiClient) -> None:
    few = count_queries(api, PATH)
    for number in range(12):
        incident_type = IncidentType(name=f"Type {number}")
        save_noun(incident_type, make_actor(role="administrator"))
        own(incident_type, make_team(f"Team {number}"))

    assert count_queries(api, PATH) == few
    assert sum(len(row["owning_team_ids"]) for row in api.get(PATH).body["incident_types"]) == 12


@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_types_are_missing(api: ApiClient, named: str) -> None:
    assert api.get(f"{PATH}/{named}").status == 404


def test_types_are_read_and_not_written(api: ApiClient) -> None:
    reply = api.post(PATH, {"name": "Data"})

    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_key_that_may_not_view_sees_none(make_api: MakeApi) -> None:
    key = make_api("manage_settings")

    assert key.get(PATH).status == 403
    assert key.get(f"{PATH}/{IncidentType.objects.get(slug='security').pk}").status == 403
