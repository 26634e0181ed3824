"""The list: what it shows to whom, in which order, and how one walks through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Actor, Configuration, Incident
from tests.make import make_custom_field, make_incident, make_user, move_incident
from tests.web.lists import heads_on, link_of, names_on

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def test_list_asks_to_log_in(client: Client) -> None:
    response = client.get("/incidents/?severity[gte]=major")

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/incidents/")


def test_default_view_is_what_is_open_by_category_and_severity(responder: Client) -> None:
    make_incident("Live minor", status="fixing", severity="minor")
    make_incident("Live critical", status="investigating", severity="critical")
    make_incident("Live critical later", status="fixing", severity="critical")
    make_incident("In triage", status="triage", severity="minor")
    move_incident(make_incident("Over", status="fixing"), "closed")
    make_incident("A test", mode="test")

    response = responder.get("/incidents/")

    assert names_on(response) == ["In triage", "Live critical later", "Live critical", "Live minor"]
    assert heads_on(response) == [("Triage", "1"), ("Active", "3")]
    assert "<h1>Open</h1>" in response.content.decode()


def test_row_escapes_what_people_typed(responder: Client) -> None:
    attack = '<i onload="x">&\''
    affected = make_custom_field("Affected", field_type="text", similarity="component")
    lead_role = Configuration.current().lead_role
    assert lead_role is not None
    make_incident(
        attack,
        roles={lead_role.pk: make_user(attack, email="lead@example.com").pk},
        custom_fields={affected.pk: (attack,)},
    )

    html = responder.get("/incidents/").content.decode()

    assert html.count("&lt;i onload=&quot;x&quot;&gt;&amp;&#x27;") == 3
    assert "<i onload" not in html


def test_row_tells_what_is_known(responder: Client) -> None:
    service = make_custom_field("Service", options=("Payouts",), similarity="service")
    configuration = Configuration.current()
    lead = make_user("Tomás Vidal")
    assert configuration.lead_role is not None
    make_incident(
        "Payout API <b>slow</b>",
        status="fixing",
        severity="major",
        roles={configuration.lead_role.pk: lead.pk},
        custom_fields={service.pk: (configuration.options[service.pk].by_slug["payouts"].pk,)},
    )

    html = responder.get("/incidents/").content.decode()

    for words in (
        "Payout API &lt;b&gt;slow&lt;/b&gt;",
        "Major",
        "Fixing",
        "Tomás Vidal",
        ">TV<",
        ">Payouts<",
    ):
        assert words in html
    assert 'class="duration-running numeric"' in html


@pytest.mark.parametrize(
    ("sort_by", "expected"),
    [
        ("severity_highest_first", ["second", "third", "first"]),
        ("created_at_newest_first", ["third", "second", "first"]),
        ("created_at_oldest_first", ["first", "second", "third"]),
        ("updated_at_newest_first", ["first", "third", "second"]),
    ],
)
def test_order(responder: Client, sort_by: str, expected: list[str]) -> None:
    first = make_incident("first", severity="minor", status="triage")
    make_incident("second", severity="critical", status="fixing")
    make_incident("third", severity="major", status="fixing")
    move_incident(first, "investigating")

    response = responder.get(f"/incidents/?sort_by={sort_by}&group_by=none")

    assert names_on(response) == expected


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?group_by=none",
        "?sort_by=created_at_newest_first",
        "?sort_by=created_at_oldest_first",
        "?sort_by=updated_at_newest_first",
    ],
)
def test_walk_sees_each_incident_once_in_both_directions(responder: Client, query: str) -> None:
    there = {
        make_incident(f"n{number}", status=status, severity=severity).name
        for number, (status, severity) in enumerate(
            [("triage", "minor"), ("fixing", "major"), ("fixing", "minor")] * 20
        )
    }

    down = walk(responder, f"/incidents/{query}", "next")
    up = walk(responder, down[-1][0], "prev")

    assert sorted(name for _, names in down for name in names if name != "new") == sorted(there)
    assert sorted(name for _, names in up for name in names if name != "new") == sorted(there)


def walk(client: Client, address: str | None, rel: str) -> list[tuple[str, list[str]]]:
    """Return the pages from an address on, while somebody declares an incident for each."""
    pages = []
    while address:
        response = client.get(address)
        pages.append((address, names_on(response)))
        make_incident("new", status="triage", severity="critical")
        address = link_of(response, rel)
    return pages


def test_page_size_is_kept_on_the_way(responder: Client) -> None:
    for number in range(55):
        make_incident(f"n{number}")

    response = responder.get("/incidents/?page_size=50")
    older = link_of(response, "next")

    assert len(names_on(response)) == 50
    assert older is not None
    assert "page_size=50" in older
    assert len(names_on(responder.get(older))) == 5


def test_counts_stop_at_a_hundred_in_groups(responder: Client) -> None:
    admin = Actor.of_user(make_user(role="administrator"))
    for number in range(101):
        make_incident(f"n{number}", actor=admin, status="fixing")

    response = responder.get("/incidents/")

    assert heads_on(response) == [("Active", "100+")]
    assert "101 incidents" in response.content.decode()


def test_private_incident_is_nowhere_for_a_stranger(responder: Client) -> None:
    make_incident("Public one", status="fixing")
    make_incident("Secret one", visibility="private", status="fixing")

    for query in ("", "?search=secret", "?visibility[one_of]=private", "?status_category[one_of]=any"):
        html = responder.get(f"/incidents/{query}").content.decode()
        assert "Secret one" not in html
        assert "2 incidents" not in html
    assert heads_on(responder.get("/incidents/")) == [("Active", "1")]


def test_page_beyond_the_end_leads_back(responder: Client) -> None:
    for number in range(26):
        make_incident(f"n{number}")
    older = link_of(responder.get("/incidents/"), "next")
    Incident.objects.filter(name="n0").update(name="gone", mode="test")

    response = responder.get(older or "")

    assert response.status_code == 200
    assert "Nothing more here" in response.content.decode()


def test_home_welcomes_while_there_is_nothing(client: Client) -> None:
    client.force_login(make_user(role="administrator"))

    html = client.get("/").content.decode()

    assert "Tocsin is running" in html
    assert reverse("admin:incidents_user_add") in html


def test_home_leads_to_the_list(responder: Client) -> None:
    make_incident()

    assert responder.get("/")["Location"] == "/incidents/"


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("", "Open"),
        ("?status_category[one_of]=open&severity[gte]=major", "Major and above"),
        ("?incident_role[lead][one_of]=me", "I lead"),
        ("?status_category[one_of]=learning", "Awaiting write-up"),
        ("?status_category[one_of]=any", "All incidents"),
        ("?status_category[one_of]=any&sort_by=created_at_newest_first", "All incidents"),
        ("?severity[one_of]=minor", "Incidents"),
    ],
)
def test_heading_names_the_view(responder: Client, query: str, heading: str) -> None:
    assert f"<h1>{heading}</h1>" in responder.get(f"/incidents/{query}").content.decode()


def test_a_full_page_is_at_most_ten_kilobytes(responder: Client) -> None:
    for number in range(30):
        make_incident(f"Checkout API returns 50{number % 10} in eu-west-{number}", status="fixing")

    response = responder.get("/incidents/", headers={"accept-encoding": "gzip"})

    assert len(names_on(responder.get("/incidents/"))) == 25
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 10_000
