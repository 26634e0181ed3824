"""The list as a CSV file: the same incidents in the same order, harmless in spreadsheets, whole or visibly not."""

from __future__ import annotations

import csv
import datetime
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from incidents.models import Actor, Configuration, Incident, IncidentEvent
from incidents.services import exporting
from tests.make import make_actor, make_custom_field, make_incident, make_user
from tests.web.lists import names_on

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

EXPORT = "/incidents/export.csv"
QUERIES = [
    "",
    "sort_by=created_at_oldest_first",
    "sort_by=updated_at_newest_first",
    "group_by=none",
    "status_category[one_of]=any",
    "status_category[one_of]=closed&severity[gte]=major",
    "search=cache",
    "search=&severity[one_of]=minor",
]


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund", time_zone="Asia/Tokyo"))
    return client


def text_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def rows_of(response: Any) -> list[dict[str, str]]:
    text = text_of(response)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    return rows_of(client.get(f"{EXPORT}?{query}"))


def make_various() -> None:
    actor = make_actor(role="administrator")
    for number, severity in enumerate(("minor", "critical", "major", "critical", "minor", "major")):
        make_incident(f"Cache {number}", severity=severity, actor=actor)
    for number in range(3):
        make_incident(
            f"Queue {number}", mode="retrospective", status="closed", severity="critical", actor=actor
        )
    make_incident("Drill", mode="test", actor=actor)


@pytest.mark.parametrize("query", QUERIES)
def test_export_holds_the_list_in_its_order(
    reader: Client, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_various()
    # Chunks smaller than the list, one of them exactly full.
    monkeypatch.setattr(exporting, "CHUNK", 3)

    names = [row["Name"] for row in exported(reader, query)]

    assert names
    assert names == names_on(reader.get(f"/incidents/?{query}", follow=True))


def test_export_starts_at_the_top_whatever_page_was_open(reader: Client) -> None:
    make_various()

    assert len(exported(reader, "page_size=25&after=anything")) == 6


def test_a_line_says_everything(client: Client) -> None:
    ada = make_user("Ada Okafor", role="administrator", email="ada@example.com")
    region = make_custom_field("Region", options=("EU", "US"), field_type="multi_select")
    change = make_custom_field("Change", field_type="numeric")
    namesake = make_custom_field("Name", field_type="text")
    configuration = Configuration.current()
    options = configuration.options[region.pk].by_slug
    assert configuration.lead_role is not None
    resolved = configuration.incident_timestamps.by_slug["resolved"]
    declared = datetime.datetime(2026, 3, 2, 13, 6, 7, 890000, tzinfo=datetime.UTC)
    incident = make_incident(
        "Payouts late",
        actor=Actor.of_user(ada),
        created_at=declared,
        mode="retrospective",
        status="closed",
        severity="major",
        summary="First line\nsecond, “line”",
        roles={configuration.lead_role.pk: ada.pk},
        custom_fields={
            region.pk: (options["us"].pk, options["eu"].pk),
            change.pk: ("-5.50",),
            namesake.pk: ("x",),
        },
        timestamps={resolved.pk: declared + datetime.timedelta(minutes=90)},
    )
    client.force_login(ada)

    (row,) = exported(client, "status_category[one_of]=any")

    assert (
        row.items()
        >= {
            "Reference": incident.reference,
            "ID": incident.pk,
            "Name": "Payouts late",
            "Status": "Closed",
            "Status category": "closed",
            "Severity": "Major",
            "Mode": "retrospective",
            "Visibility": "public",
            configuration.lead_role.name: "Ada Okafor <ada@example.com>",
            "Region": "US; EU",
            "Change": "-5.5",
            "Name (2)": "x",
            resolved.name: "2026-03-02T14:36:07Z",
            "Creator": "Ada Okafor <ada@example.com>",
            "Created at": "2026-03-02T13:06:07Z",
            "Permalink": f"{settings.BASE_URL}/incidents/{incident.reference}/",
            "Summary": "First line\nsecond, “line”",
            "Merged into": "",
        }.items()
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_text_is_a_formula(reader: Client, start: str) -> None:
    make_incident(f"{start}1+cmd|' /C calc'!A0", summary=f"{start}SUM(A1)")

    (row,) = exported(reader)

    assert row["Name"] == f"'{start}1+cmd|' /C calc'!A0"
    assert row["Summary"] == f"'{start}SUM(A1)"


def test_heads_are_harmless_too(reader: Client) -> None:
    make_custom_field("=HYPERLINK(1)", field_type="text")
    make_incident()

    assert "'=HYPERLINK(1)" in exported(reader)[0]


def test_private_incidents_are_there_for_those_who_see_them(client: Client) -> None:
    olga = make_user("Olga Owner")
    make_incident("Leaked key", actor=Actor.of_user(olga), visibility="private")
    make_incident("Slow search")

    client.force_login(make_user())
    assert [row["Name"] for row in exported(client)] == ["Slow search"]
    client.force_login(olga)
    assert {row["Name"] for row in exported(client)} == {"Leaked key", "Slow search"}


def test_a_private_survivor_is_not_named(client: Client, reader: Client) -> None:
    survivor = make_incident("Leaked key", actor=make_actor("Olga Owner"), visibility="private")
    merged = make_incident("Odd logins")
    status = Configuration.current().first_status("merged")
    assert status is not None
    Incident.objects.filter(pk=merged.pk).update(
        status_category="merged", incident_status=status, merged_into_incident=survivor
    )

    (row,) = exported(reader, "status_category[one_of]=any")
    assert row["Merged into"] == ""
    client.force_login(make_user(role="administrator"))
    rows = exported(client, "status_category[one_of]=any")
    assert {row["Merged into"] for row in rows} == {"", survivor.reference}


def test_an_administrator_who_exports_what_is_private_is_noted(client: Client) -> None:
    secret = make_incident("Leaked key", actor=make_actor("Olga Owner"), visibility="private")
    administrator = make_user(role="administrator")
    client.force_login(administrator)

    exported(client)
    exported(client)

    views = IncidentEvent.objects.filter(kind=IncidentEvent.Kind.PRIVATE_VIEWED)
    assert [(view.incident_id, view.creator_user_id) for view in views] == [(secret.pk, administrator.pk)]


def test_ticked_incidents_are_exported_alone(reader: Client) -> None:
    first, _, third = (make_incident(f"Cache {number}") for number in range(3))
    hidden = make_incident("Leaked key", actor=make_actor("Olga Owner"), visibility="private")

    rows = exported(reader, f"id={third.pk.lower()}&id={first.pk}&id={hidden.pk}&severity[gte]=critical")

    assert {row["ID"] for row in rows} == {first.pk, third.pk}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("severity[gte]=dreadful", "severity[gte]: There is no severity “dreadful”."),
        ("sort_by=colour", "sort_by: The list cannot be sorted like this."),
        ("group_by=lead", "group_by: Incidents can be grouped by"),
        ("id=INC-1", "id: This is no id of an incident."),
        ("&".join(["id=01ARZ3NDEKTSV4RRFFQ69G5FAV"] * 501), "id: Choose at most 500 incidents"),
    ],
)
@pytest.mark.parametrize("address", [EXPORT, "/incidents/export.json"])
def test_what_cannot_be_read_is_said(reader: Client, address: str, query: str, told: str) -> None:
    response = reader.get(f"{address}?{query}")

    assert response.status_code == 422
    assert response.content.decode().startswith(told)


@pytest.mark.parametrize("address", [EXPORT, "/incidents/export.json"])
def test_no_cache_keeps_an_export(reader: Client, address: str) -> None:
    response = reader.get(address)

    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith('attachment; filename="incidents-2')
    assert b"".join(reader.head(address).streaming_content) == b""  # type: ignore[attr-defined]


def test_a_file_that_broke_off_says_so(reader: Client) -> None:
    make_incident()
    parts = iter(reader.get(EXPORT).streaming_content)  # type: ignore[attr-defined]
    next(parts)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_customfieldentry RENAME TO gone")

    assert next(parts).startswith(b"This file is not complete")
    with pytest.raises(DatabaseError):
        next(parts)


def test_queries_follow_the_chunks_and_not_the_lines(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_various()
    text_of(reader.get(EXPORT))

    # Session, user and configuration; then five for the only chunk, and the configuration once more.
    with django_assert_num_queries(9):
        assert len(exported(reader, "status_category[one_of]=any")) == 9


def test_the_list_leads_to_its_export(reader: Client) -> None:
    make_various()

    page = reader.get("/incidents/?severity[gte]=major&page_size=50").content.decode()

    assert 'href="/incidents/export.csv?severity[gte]=major"' in page
    assert 'href="/incidents/export.json?severity[gte]=major"' in page
