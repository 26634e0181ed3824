"""Requests that nobody thought of, made from our own document: never a failure of ours, always as promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from incidents.api.openapi import document
from incidents.api.table import TABLE
from tests.api.conftest import EVERY_ROLE
from tests.make import make_action, make_alert_source, make_custom_field, make_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.live_server_helper import LiveServer

    from tests.api.conftest import MakeApi

    Asking = Callable[[Any], Any]

FEWEST_CASES = 2_000
CASES_EACH = -(-FEWEST_CASES // len(TABLE.routes)) + 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_dict(document("http://127.0.0.1:8000"))


@pytest.fixture
def server(make_api: MakeApi, live_server: LiveServer, committed_db: None) -> Iterator[Asking]:
    """Ask with a key that may do everything, in an installation that holds a little of each."""
    make_custom_field("Service", options=("Payouts",))
    incident = make_incident()
    make_action(incident)
    make_alert_source()
    api = make_api(*EVERY_ROLE, "api_keys_manage", rate_limit=1_000_000)
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {api.token}"
        yield lambda case: case.call_and_validate(base_url=live_server.url, session=session, checks=CHECKS)


@schema.parametrize()
@settings(
    max_examples=CASES_EACH,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_anything(case: Any, server: Asking) -> None:
    server(case)
