"""What surrounds every request."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.utils import timezone

from incidents_site.logs import RequestIdFilter
from incidents_site.urls import urlpatterns as site_urlpatterns
from tests.make import make_user

if TYPE_CHECKING:
    from django.test import Client

ANSWERS = ["/accounts/login/", "/healthz", "/no-such-page/", "/preferences/", "/?a=%00"]
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def tell_time(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template('{{ noon|date:"H:i T" }}').render(Context({"noon": NOON})))


def log_line(request: HttpRequest) -> HttpResponse:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, "message", None, None)
    RequestIdFilter().filter(record)
    return HttpResponse(record.__dict__["request_id"])


urlpatterns = [*site_urlpatterns, path("time/", tell_time), path("log/", log_line)]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_pages_are_compressed_for_browsers_that_can_read_it(client: Client) -> None:
    client.force_login(make_user())

    response = client.get("/preferences/", headers={"accept-encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("address", ANSWERS)
def test_no_cache_keeps_an_answer(client: Client, address: str) -> None:
    response = client.get(address)

    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
    assert "Cookie" in response.headers["Vary"]


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_carries_the_strict_policy(client: Client, address: str) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]

    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == POLICY


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_is_closed_to_other_sites(client: Client, address: str) -> None:
    headers = client.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_each_request_has_its_own_id(client: Client) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")

    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


def test_the_log_carries_the_id_of_the_request(client: Client) -> None:
    client.force_login(make_user())

    response = client.get("/log/")

    assert response.text == response.headers["X-Request-Id"]


def test_the_log_carries_no_id_outside_of_requests() -> None:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, "message", None, None)

    RequestIdFilter().filter(record)

    assert record.__dict__["request_id"] == "-"


@pytest.mark.parametrize(
    ("chosen", "cookie", "shown"),
    [
        ("Asia/Tokyo", "Europe/Paris", "21:00 JST"),
        ("", "Europe/Paris", "14:00 CEST"),
        ("", "", "12:00 UTC"),
        ("", "Europe/Atlantis", "12:00 UTC"),
        ("", "../../etc/passwd", "12:00 UTC"),
        ("Gone/Zone", "Europe/Paris", "14:00 CEST"),
    ],
)
def test_times_are_shown_in_the_persons_zone(client: Client, chosen: str, cookie: str, shown: str) -> None:
    client.force_login(make_user(time_zone=chosen))
    client.cookies["tz"] = cookie

    assert client.get("/time/").text == shown


def test_the_zone_of_one_request_does_not_reach_the_next(client: Client) -> None:
    client.force_login(make_user(time_zone="Asia/Tokyo"))
    client.get("/time/")

    assert timezone.get_current_timezone_name() == "UTC"
