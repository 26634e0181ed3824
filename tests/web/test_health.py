"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings


def test_healthz_answers_without_the_database(client: Client, settings: Settings) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    response = client.get("/healthz")  # the test has no access to the database

    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_answers_with_the_database(client: Client) -> None:
    assert client.get("/readyz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_refuses_before_the_migrations(client: Client) -> None:
    [newest] = MigrationLoader(connection).graph.leaf_nodes("incidents")
    MigrationRecorder(connection).record_unapplied(*newest)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "migrate" in response.json()["problem"]


@pytest.mark.django_db
def test_readyz_refuses_without_the_database(client: Client) -> None:
    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_read_only(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def refuse(*_: object) -> None:
    raise OperationalError("connection refused")
