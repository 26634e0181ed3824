"""The numbers beside the values of the filter menu."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from incidents.models import Actor, Configuration, User, incident_facets
from tests.make import make_incident, make_user, move_incident

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def responder(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def facets_of(client: Client, query: str = "") -> dict[str, str]:
    """Return the numbers by facet and value, and those of the people who lead by name."""
    html = client.get(f"/incidents/facets/?{query}").content.decode()
    counts = dict(re.findall(r'id="facet-([^"]*)"\s+hx-swap-oob="true">([^<]*)<', html))
    counts.pop("lead", None)
    leads = re.findall(r'value="\w+">([^<]*)<span class="menu-item-note numeric">([^<]*)<', html)
    return {**counts, **dict(leads)}


def led_by(user: User) -> dict[str, str]:
    role = Configuration.current().lead_role
    assert role is not None
    return {role.pk: user.pk}


def test_values_are_counted_among_what_is_open(responder: Client, rosa: User) -> None:
    tomas = make_user("Tomás Vidal")
    make_incident(severity="critical", status="fixing", roles=led_by(rosa))
    make_incident(severity="critical", status="investigating", roles=led_by(tomas))
    make_incident(severity="minor", status="triage", roles=led_by(tomas))
    move_incident(make_incident(severity="critical", status="fixing"), "closed")

    facets = facets_of(responder)

    assert (facets["severity-critical"], facets["severity-minor"], facets["severity-major"]) == (
        "2",
        "1",
        "0",
    )
    assert (facets["status-fixing"], facets["status-triage"]) == ("1", "1")
    assert (facets["lead-me"], facets["Tomás Vidal"]) == ("1", "2")
    # The filter by category is there already: its values count without it.
    assert (facets["status_category-live"], facets["status_category-closed"]) == ("2", "1")


def test_values_are_counted_within_the_other_filters(responder: Client) -> None:
    make_incident("Checkout", severity="critical", incident_type="production")
    make_incident("Checkout", severity="minor", incident_type="production")
    make_incident("Login", severity="critical", incident_type="production")

    facets = facets_of(responder, "search=checkout&severity[one_of]=critical")

    assert (facets["severity-critical"], facets["severity-minor"]) == ("1", "1")
    assert (facets["incident_type-production"], facets["incident_type-security"]) == ("1", "0")


def test_every_value_of_the_menu_has_its_number(responder: Client) -> None:
    menu = responder.get("/incidents/").content.decode()
    places = set(re.findall(r'id="facet-([^"]*)"', menu)) - {"lead"}

    assert places == set(facets_of(responder))
    assert 'hx-trigger="toggle once"' in menu


def test_private_incidents_count_for_their_members_alone(responder: Client, rosa: User) -> None:
    make_incident(severity="critical", visibility="private", roles=led_by(make_user("Olga Owner")))
    mine = make_incident(severity="critical", visibility="private", roles=led_by(rosa))

    facets = facets_of(responder)

    assert mine.is_private
    assert (facets["severity-critical"], facets["lead-me"]) == ("1", "1")
    assert "Olga Owner" not in facets


def test_names_are_escaped(responder: Client) -> None:
    make_incident(roles=led_by(make_user('<i onload="x">', email="lead@example.com")))

    assert "<i onload" not in responder.get("/incidents/facets/").content.decode()


def test_numbers_stop_at_a_hundred(responder: Client) -> None:
    actor = Actor.of_user(make_user(role="administrator"))
    for _ in range(101):
        make_incident(actor=actor, severity="minor")

    assert facets_of(responder)["severity-minor"] == "100+"


def test_numbers_say_where_not_all_was_looked_at(responder: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incident_facets, "MOST_LOOKED_AT", 2)
    for _ in range(4):
        make_incident(severity="minor")

    facets = facets_of(responder)

    assert (facets["severity-minor"], facets["severity-major"]) == ("3+", "")


@pytest.mark.parametrize(
    "query",
    ["severity[one_of]=foo", "x[y]=z", "search=" + "x" * 1_000_000, "severity[" + "x" * 1_000_000 + "]=1"],
)
def test_broken_filters_have_no_numbers(responder: Client, query: str) -> None:
    assert responder.get(f"/incidents/facets/?{query}").status_code == 204


def test_facets_cost_one_query(responder: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_incident()
    responder.get("/incidents/facets/")

    with django_assert_num_queries(4):
        responder.get(
            "/incidents/facets/?severity[gte]=minor&status[not_in]=closed&incident_type[not_in]=security"
        )
