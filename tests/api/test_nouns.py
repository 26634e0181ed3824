"""What the nouns of the configuration have in common: many at once, and rows that requests share."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from incidents.models import Configuration, Incident, IncidentStatus, Severity
from tests.api.conftest import ApiClient
from tests.make import make_actor, make_incident, status_of

if TYPE_CHECKING:
    from tests.api.conftest import Reply

WRITERS = 8
COSMETIC = {"name": "Cosmetic", "description": "Looks odd."}


def at_once(api: ApiClient, work: Callable[[ApiClient, int], Reply | None]) -> list[int]:
    """Let many clients with the same key ask together, and return what they were answered with."""
    start = threading.Barrier(WRITERS)

    def run(number: int) -> Reply | None:
        try:
            start.wait(timeout=30)
            return work(ApiClient(api.api_key, api.token), number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return sorted(reply.status for reply in pool.map(run, range(WRITERS)) if reply is not None)


@pytest.mark.usefixtures("committed_db")
def test_of_many_that_take_a_name_one_gets_it(api: ApiClient) -> None:
    statuses = at_once(api, lambda client, _: client.post("/v1/severities", COSMETIC))

    assert statuses == [201] + [422] * (WRITERS - 1)
    assert Severity.objects.filter(name="Cosmetic").count() == 1


@pytest.mark.usefixtures("committed_db")
def test_of_all_statuses_of_a_category_the_last_one_stays(api: ApiClient) -> None:
    pks = [row.pk for row in Configuration.current().incident_statuses if row.category == "live"]

    statuses = at_once(api, lambda client, number: client.delete(f"/v1/incident_statuses/{pks[number % 3]}"))

    assert statuses.count(500) == 0
    assert IncidentStatus.objects.filter(category="live").count() == 1


@pytest.mark.usefixtures("committed_db")
def test_what_is_changed_while_it_is_deleted_is_gone(api: ApiClient) -> None:
    minor = Severity.objects.get(slug="minor")
    path = f"/v1/severities/{minor.pk}"

    def change(client: ApiClient) -> Reply:
        return client.put(path, COSMETIC)

    def remove(client: ApiClient) -> Reply:
        return client.delete(path)

    statuses = at_once(api, lambda client, number: (change, remove)[number % 2](client))

    assert set(statuses) <= {200, 202, 404}
    assert 202 in statuses
    assert not Severity.objects.filter(pk=minor.pk).exists()


@pytest.mark.usefixtures("committed_db")
def test_what_is_taken_into_use_while_it_is_deleted_stays_or_goes(api: ApiClient) -> None:
    status, actor = status_of("fixing"), make_actor(role="administrator")

    def delete(client: ApiClient) -> Reply:
        return client.delete(f"/v1/incident_statuses/{status.pk}")

    def declare(_: ApiClient) -> None:
        with contextlib.suppress(IntegrityError, ValidationError):
            make_incident(actor=actor, incident_status_id=status.pk)

    statuses = at_once(api, lambda client, number: (delete, declare)[number % 2](client))

    assert set(statuses) <= {202, 404, 409}
    is_used = Incident.objects.filter(incident_status_id=status.pk).exists()
    assert IncidentStatus.objects.filter(pk=status.pk).exists() or not is_used


def test_a_row_that_is_deleted_stays_whole_for_requests_that_still_show_it(api: ApiClient) -> None:
    before = Configuration.current()
    shown = [row.pk for row in before.severities]

    assert api.delete(f"/v1/severities/{shown[0]}").status == 202

    assert [row.pk for row in before.severities] == shown


def test_a_row_that_cannot_be_stored_stays_as_it_was_for_other_requests(api: ApiClient) -> None:
    before = Configuration.current()
    minor = before.severities.by_slug["minor"]

    assert api.put(f"/v1/severities/{minor.pk}", {**COSMETIC, "name": "Major"}).status == 422

    assert Configuration.current() is before
    assert minor.name == "Minor"


def test_the_last_severity_stays(api: ApiClient) -> None:
    *others, last = [row.pk for row in Configuration.current().severities]

    assert [api.delete(f"/v1/severities/{pk}").status for pk in others] == [202] * 3
    refused = api.delete(f"/v1/severities/{last}")

    assert (refused.status, refused.codes) == (409, ["in_use"])
