"""The duplicate check, asked by API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.make import make_actor, make_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, Reply

CHECKOUT = "Checkout API returning 500s in eu-west-1"


def asked(api: ApiClient, **query: str) -> Reply:
    return api.get(f"/v2/incidents/actions/similar?{urlencode(query, errors='surrogatepass')}")


def test_what_is_similar_comes_with_its_reasons(api: ApiClient) -> None:
    known = make_incident(CHECKOUT)

    reply = asked(api, name="checkout api 5xx eu-west-1")

    (found,) = reply.body["similar_incidents"]
    assert (found["id"], found["level"]) == (known.pk, "likely")
    assert sum(reason["points"] for reason in found["reasons"]) == found["score"]
    assert "alike" not in found


def test_a_storm_is_one_incident_with_a_count(api: ApiClient) -> None:
    actor = make_actor(role="administrator")
    for number in range(9):
        make_incident(f"Disk full on db-{number}", actor=actor)

    reply = asked(api, name="Disk full on db-77")

    (found,) = reply.body["similar_incidents"]
    assert found["alike"] == {"count": 8, "is_capped": False}


# Django reads half a surrogate pair in an address as a sign that stands for nothing.
@pytest.mark.parametrize("parameter", ["name", "summary"])
@pytest.mark.parametrize(("text", "status"), [("a\x00b", 400), ("\ud800", 200), ("x" * 1_000_000, 422)])
def test_text_that_cannot_be_compared_costs_nothing(
    api: ApiClient, parameter: str, text: str, status: int
) -> None:
    make_incident(CHECKOUT)

    reply = asked(api, **{"name": CHECKOUT, parameter: text})

    assert reply.status == status
