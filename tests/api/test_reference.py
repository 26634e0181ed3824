"""The reference: a page for each route, whose examples work when they are pasted."""

from __future__ import annotations

import html
import itertools
import json
import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.test import Client

from incidents.api.reference.describing import body_lines, parameter_lines
from incidents.api.reference.ids import finder
from incidents.api.reference.meanings import MEANINGS
from incidents.api.reference.views import address_of
from incidents.api.table import TABLE
from incidents.models import Actor, Configuration, User
from tests.api.conftest import EVERY_ROLE
from tests.make import (
    make_action,
    make_alert_source,
    make_attachment,
    make_custom_field,
    make_follow_up,
    make_incident,
    make_relationship,
    make_user,
    merge,
)

if TYPE_CHECKING:
    from incidents.api.routes import Route
    from tests.api.conftest import MakeApi, Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    """A page reader in an installation that has one of each."""
    administrator = make_user("Alice Moreau", role="administrator", email="alice@example.com")
    make_custom_field("Service", options=("Payouts",))
    actor = Actor.of_user(administrator)
    twin = make_incident("Twin", actor=actor)
    make_incident("Secret", visibility="private", actor=actor)
    other = make_incident("Another", actor=actor)
    incident = make_incident(actor=actor)
    make_action(incident)
    make_alert_source()
    make_follow_up(incident)
    make_attachment(incident)
    make_relationship(incident, other)
    merge(other, twin)
    client.force_login(administrator)
    return client


def page_of(route: Route, reader: Client) -> str:
    response = reader.get(address_of(route))
    assert response.status_code == 200
    return response.content.decode()


def text_of(page: str, name: str) -> str:
    found = re.search(rf'<code id="{name}-text">(.*?)</code>', page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


KEPT = [route for route in TABLE.routes if route.method != "DELETE"]
DELETED = [route for route in TABLE.routes if route.method == "DELETE"]


@pytest.mark.parametrize("route", KEPT, ids=lambda route: route.name)
def test_what_is_pasted_works(route: Route, reader: Client, make_api: MakeApi) -> None:
    assert paste(route, reader, make_api).status == route.status


@pytest.mark.parametrize("route", DELETED, ids=lambda route: route.name)
def test_what_deletes_works_unless_it_is_in_use(route: Route, reader: Client, make_api: MakeApi) -> None:
    assert paste(route, reader, make_api).status in {route.status, 409}


def paste(route: Route, reader: Client, make_api: MakeApi) -> Reply:
    """Do what the command of a page says, with the id of something that is there."""
    own = make_api(*EVERY_ROLE, "api_keys_manage", name="pasted")
    make_api("viewer", name="another")
    page = page_of(route, reader)
    words = shlex.split(text_of(page, "curl").replace("\\\n", " "))
    given = dict(itertools.pairwise(words))
    assert "Bearer $TOCSIN_TOKEN" in text_of(page, "curl")
    address = urlsplit(words[3])
    administrator = Actor.of_user(User.objects.get(email="alice@example.com"))
    pk = finder(route, administrator, Configuration.current())("id") or ""
    return own.send(given["-X"], f"{address.path}?{address.query}".replace("$ID", pk), given.get("-d", ""))


def test_answers_are_shown_as_they_come(reader: Client) -> None:
    route = next(route for route in TABLE.routes if route.name == "get_v2_incidents")

    example = json.loads(text_of(page_of(route, reader), "answer"))

    assert example["incidents"][0]["reference"] == "INC-2485"
    assert example["pagination_meta"]["page_size"] == 25


def test_fields_say_what_they_are_and_mean(reader: Client) -> None:
    route = next(route for route in TABLE.routes if route.name == "post_v2_incidents")

    page = page_of(route, reader)

    assert "idempotency_key" in page
    assert "string, 1 to 255, <b>required</b>" in page
    assert '<span class="line-step"></span><span class="line-step"></span>value_text' in page
    assert "public, private, <b>required</b>" in page


def test_every_name_is_explained_and_nothing_else() -> None:
    named = {line.name for route in TABLE.routes for line in (*parameter_lines(route), *body_lines(route))}

    assert MEANINGS.keys() <= named


def test_the_first_route_is_the_way_in(reader: Client) -> None:
    response = reader.get("/docs/api/")

    assert response.status_code == 302
    assert response["Location"] == "/docs/api/GET/v2/incidents"


@pytest.mark.parametrize("path", ["GET/v2/nothing", "PATCH/v2/incidents", "get/v2/incidents"])
def test_routes_that_are_none_are_missing(reader: Client, path: str) -> None:
    assert reader.get(f"/docs/api/{path}").status_code == 404


def test_examples_name_no_hidden_incident(make_api: MakeApi, client: Client) -> None:
    hidden = make_incident(visibility="private")
    client.force_login(make_user())
    route = next(route for route in TABLE.routes if route.name == "get_v2_incidents_id")

    assert hidden.pk not in page_of(route, client)
