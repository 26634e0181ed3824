"""The pages for what went wrong."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from incidents.web.views.errors import is_database_away
from incidents_site.urls import (  # noqa: F401 - the addresses below answer errors as the site does
    handler400,
    handler403,
    handler404,
    handler500,
)
from incidents_site.urls import (
    urlpatterns as site_urlpatterns,
)
from tests.make import make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

ERRORS = {
    "forbidden": PermissionDenied(),
    "missing": Http404("INC-7 is private"),
    "broken": ZeroDivisionError("a secret of the code"),
    "away": OperationalError("could not connect to server at 10.0.0.1"),
    "gone": InterfaceError("connection already closed"),
    "mistake": ProgrammingError("no such column"),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


urlpatterns = [*site_urlpatterns, path("fail/<name>/", fail)]


@pytest.fixture
def failing_client(db: None, settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    return client


@pytest.mark.parametrize(
    ("name", "status"),
    [("forbidden", 403), ("missing", 404), ("broken", 500), ("away", 503), ("gone", 503), ("mistake", 500)],
)
def test_each_failure_has_its_page(failing_client: Client, name: str, status: int) -> None:
    response = failing_client.get(f"/fail/{name}/")

    assert response.status_code == status
    assert "<h1>" in response.text
    assert str(ERRORS[name]) not in response.text or not str(ERRORS[name])


def test_database_that_is_away_asks_to_try_again(failing_client: Client) -> None:
    assert failing_client.get("/fail/away/").headers["Retry-After"] == "10"


def test_broken_page_names_the_request_of_the_log(failing_client: Client) -> None:
    response = failing_client.get("/fail/broken/")

    assert response.headers["X-Request-Id"] in response.text


def test_database_that_is_away_before_the_view_is_told_too(failing_client: Client) -> None:
    with connection.execute_wrapper(refuse):
        response = failing_client.get("/preferences/")

    assert response.status_code == 503


def test_unknown_address_is_not_found_without_login(client: Client) -> None:
    assert client.get("/no-such-page/").status_code == 404


def test_form_without_a_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"login": "a@example.com", "password": "b"})

    assert response.status_code == 403
    assert "This form is too old" in response.text


def test_too_large_a_form_is_refused(client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert client.post("/theme/", {"theme": "x" * 1001}).status_code == 400


@pytest.mark.parametrize("address", ["/%00", "/incidents/?search=%00", "/incidents/?search=a%00b", "/?%00=1"])
def test_address_that_cannot_be_stored_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


def test_sqlite_mistake_of_ours_is_not_blamed_on_the_database() -> None:
    error = OperationalError("no such column")
    error.__cause__ = sqlite_error("SELECT missing")

    assert not is_database_away(error)


def refuse(*_: object) -> None:
    raise OperationalError("connection refused")


def sqlite_error(statement: str) -> sqlite3.Error:
    database = sqlite3.connect(":memory:")
    try:
        database.execute(statement)
    except sqlite3.Error as error:
        return error
    finally:
        database.close()
    raise AssertionError(statement)
