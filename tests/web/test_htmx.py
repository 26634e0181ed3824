"""Which requests want a part of a page, and how a part leads to another page."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from incidents.web.htmx import previous_query, redirect_page, wants_fragment

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        (HTMX, True),
        ({"HX-Request": "yes"}, False),
        (HTMX | {"HX-Boosted": "true"}, False),
        (HTMX | {"HX-History-Restore-Request": "true"}, False),
    ],
)
def test_wants_fragment(headers: dict[str, str], expected: bool) -> None:
    assert wants_fragment(RequestFactory().get("/", headers=headers)) is expected


def test_plain_request_is_redirected() -> None:
    response = redirect_page(RequestFactory().post("/"), "/incidents/")

    assert (response.status_code, response["Location"]) == (303, "/incidents/")


def test_htmx_is_told_to_leave_the_page() -> None:
    response = redirect_page(RequestFactory().post("/", headers=HTMX), "/incidents/")

    assert response["HX-Redirect"] == "/incidents/"
    assert "Location" not in response


@pytest.mark.parametrize(
    ("address", "expected"),
    [("http://testserver/incidents/?a[b]=c%20d", {"a[b]": "c d"}), ("", {}), ("//[", {})],
)
def test_previous_query(address: str, expected: dict[str, str]) -> None:
    query = previous_query(RequestFactory().get("/", headers=HTMX | {"HX-Current-URL": address}))

    assert query is not None
    assert query.dict() == expected
