"""Incident Timestamps V2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from incident_io.models.incident_timestamps_list_result_v2 import IncidentTimestampsListResultV2

from incidents.models import Configuration
from tests.api.samples import UNKNOWN_IDS

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v2/incident_timestamps"


def test_listed_in_the_order_of_the_page(api: ApiClient) -> None:
    reply = api.get(PATH)

    assert reply.status == 200
    assert [(row["name"], row["rank"]) for row in reply.body["incident_timestamps"]][:3] == [
        ("Impact started", 1),
        ("Reported", 2),
        ("Accepted", 3),
    ]
    assert len(IncidentTimestampsListResultV2.from_dict(reply.body).incident_timestamps) == 7


def test_shown_by_an_id_in_any_case(api: ApiClient) -> None:
    reported = Configuration.current().incident_timestamps.by_slug["reported"]

    reply = api.get(f"{PATH}/{reported.pk.lower()}")

    assert reply.status == 200
    assert reply.body == {"incident_timestamp": {"id": reported.pk, "name": "Reported", "rank": 2}}


@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_unknown_timestamps_are_missing(api: ApiClient, named: str) -> None:
    assert api.get(f"{PATH}/{named}").status == 404


def test_any_key_may_look(make_api: MakeApi) -> None:
    assert make_api().get(PATH).status == 200
