"""Schedules, escalations and workflows V2, of which there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models.escalations_list_result_v2 import EscalationsListResultV2
from incident_io.models.schedules_list_result_v2 import SchedulesListResultV2
from incident_io.models.workflows_list_workflows_result_v2 import WorkflowsListWorkflowsResultV2

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

EMPTY: dict[str, tuple[dict[str, Any], Any]] = {
    "/v2/schedules": ({"schedules": [], "pagination_meta": {"page_size": 25}}, SchedulesListResultV2),
    "/v2/escalations": ({"escalations": [], "pagination_meta": {"page_size": 25}}, EscalationsListResultV2),
    "/v2/workflows": ({"workflows": []}, WorkflowsListWorkflowsResultV2),
}


@pytest.mark.parametrize("path", EMPTY)
def test_any_key_is_answered_with_an_empty_list(make_api: MakeApi, path: str) -> None:
    body, shape = EMPTY[path]

    reply = make_api().get(path)

    assert (reply.status, reply.body) == (200, body)
    shape.from_dict(reply.body)


def test_what_clients_poll_with_is_taken(api: ApiClient) -> None:
    schedules = api.get("/v2/schedules?page_size=10000&after=01ARZ3NDEKTSV4RRFFQ69G5FAV")
    escalations = api.get("/v2/escalations?page_size=50&status%5Bone_of%5D=triggered")

    assert schedules.body["pagination_meta"] == {"page_size": 250}
    assert escalations.body["pagination_meta"] == {"page_size": 50}


@pytest.mark.parametrize(
    "address",
    [
        "schedules?page_size=10001",
        "escalations?page_size=51",
        "schedules?page_size=0",
        "escalations?page_size=x",
    ],
)
def test_a_page_that_cannot_be_is_told(api: ApiClient, address: str) -> None:
    reply = api.get(f"/v2/{address}")

    assert (reply.status, reply.pointers) == (422, ["/page_size"])
