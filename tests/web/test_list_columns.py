"""The columns that people choose for the list: in the address, in the form, in the rows."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any

import pytest
from django.test import Client

from incidents.models import Actor, Configuration
from incidents.web.list_columns import MOST_COLUMNS, all_columns
from tests.forms import read_form
from tests.make import make_api_key, make_custom_field, make_incident, make_team, make_user, move_incident
from tests.web.lists import link_of, names_on

pytestmark = pytest.mark.django_db
ANY = "status_category[one_of]=any"


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def heads_of(response: Any) -> list[str]:
    """Return the heads of the columns, after the one of the boxes to tick."""
    found = re.findall(r"<th[^>]*role=\"columnheader\"[^>]*>(.*?)</th>", response.content.decode(), re.DOTALL)
    boxes, *heads = [" ".join(html.unescape(re.sub(r"<.*?>", "", head)).split()) for head in found]
    assert boxes == "Selected"
    return heads


def cells_of(response: Any) -> list[list[str]]:
    """Return the words in the cells of each row, after the box to tick."""
    rows = re.findall(r'<tr class="incident-row".*?</tr>', response.content.decode(), re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    words = [[html.unescape(re.sub(r"<.*?>", "", cell)) for cell in row] for row in cells]
    assert all(box.startswith("Select INC-") for box, *_ in words)
    return [own for _, *own in words]


def test_usual_columns(responder: Client) -> None:
    make_incident()

    heads = heads_of(responder.get("/incidents/"))

    assert heads == ["Severity", "Ref", "Name", "Status", "Lead", "Lasted", "Updated"]


def test_columns_come_in_the_order_of_the_address(responder: Client) -> None:
    make_incident("Checkout", status="fixing", incident_type="production")

    response = responder.get("/incidents/?columns=status,name,incident_type,reference,mode")

    assert heads_of(response) == ["Status", "Name", "Type", "Ref", "Mode"]
    assert [cell.strip() for cell in cells_of(response)[0]] == [
        "Fixing",
        "Checkout",
        "Production",
        "INC-1",
        "Standard",
    ]


def test_every_column_can_be_shown(responder: Client) -> None:
    make_custom_field("Service", options=("Payouts",))
    make_incident()
    keys = [key for key in all_columns(Configuration.current()) if key != "name"]

    for start in range(0, len(keys), MOST_COLUMNS - 1):
        chosen = keys[start : start + MOST_COLUMNS - 1]
        response = responder.get(f"/incidents/?columns=name,{','.join(chosen)}")
        assert len(heads_of(response)) == len(cells_of(response)[0]) == len(chosen) + 1


def test_values_of_every_kind(responder: Client) -> None:
    attack = '<i onload="x">'
    select = make_custom_field("Service", options=("Payouts", "Wallet"), field_type="multi_select")
    number = make_custom_field("Customers", field_type="numeric")
    text = make_custom_field("Note", field_type="text")
    link = make_custom_field("Board", field_type="link")
    configuration = Configuration.current()
    options = configuration.options[select.pk].by_slug
    scribe, team = configuration.incident_roles.by_slug["scribe"], make_team("Payments")
    make_incident(
        "Checkout",
        roles={scribe.pk: make_user(attack, email="scribe@example.com").pk},
        team_ids=(team.pk,),
        custom_fields={
            select.pk: (options["wallet"].pk, options["payouts"].pk),
            number.pk: ("12.50",),
            text.pk: (attack,),
            link.pk: ("https://board.example/",),
        },
    )

    response = responder.get(
        "/incidents/?columns=name,field:service,field:customers,field:note,field:board,role:scribe,team,timestamp:fixed"
    )

    (row,) = cells_of(response)
    assert row[1:5] == ["Wallet, Payouts", "12.5", attack, "https://board.example/"]
    assert row[5].endswith(attack)
    assert row[6:] == ["Payments", "—"]
    assert "<i onload" not in response.content.decode()


def test_timestamps_and_durations(responder: Client) -> None:
    reported = datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC)
    incident = make_incident(status="fixing", created_at=reported)
    move_incident(incident, "closed")

    (row,) = cells_of(
        responder.get(f"/incidents/?{ANY}&columns=name,timestamp:reported,created_at,visibility,creator")
    )

    assert "5 Jan" in row[1]
    assert "5 Jan" in row[2]
    assert row[3] == "Everyone"
    assert row[4] == "Alice Moreau"


def test_creators_that_are_no_people_are_named(responder: Client) -> None:
    key = make_api_key("ledger-watch", roles=("viewer", "incident_creator", "incident_editor"))
    make_incident(actor=Actor.of_api_key(key.api_key))

    assert cells_of(responder.get("/incidents/?columns=name,creator"))[0][1] == "ledger-watch"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("columns=status&columns=name", "columns=status,name"),
        ("columns=reference", "columns=name,reference"),
        ("columns=name,name, status", "columns=name,status"),
        ("columns=name,role:lead-of-it", None),
        ("columns=severity,reference,name,status,lead,lasted,updated_at", ""),
        ("columns=name,role:{lead}", "columns=name,lead"),
        ("columns=name,field:{field}", "columns=name,field:service"),
    ],
)
def test_columns_are_written_in_one_way(responder: Client, written: str, plain: str | None) -> None:
    field = make_custom_field("Service")
    lead = Configuration.current().lead_role
    assert lead is not None

    response = responder.get(f"/incidents/?{ANY}&{written.format(field=field.pk.lower(), lead=lead.pk)}")

    expected = None if plain is None else f"/incidents/?{ANY}{'&' if plain else ''}{plain}"
    assert response.headers.get("Location") == expected


@pytest.mark.parametrize(
    "columns",
    [
        "nothing",
        "field:nothing",
        "field:",
        "nobody:x",
        ":",
        "name,<script>",
        "x" * 1_000_000,
        "," * 1_000_000,
        "🔥",
        ",".join(f"c{number}" for number in range(50)),
    ],
)
def test_wrong_columns_are_told(responder: Client, columns: str) -> None:
    response = responder.get(f"/incidents/?columns={columns}")

    assert response.status_code == 422
    assert "columns" in response.content.decode()
    assert "<script>" not in response.content.decode().partition("</head>")[2]
    assert responder.get(f"/incidents/columns/?columns={columns}").status_code == 422


def test_too_many_columns_are_refused(responder: Client) -> None:
    keys = list(all_columns(Configuration.current()))
    assert len(keys) > MOST_COLUMNS

    response = responder.get(f"/incidents/?columns={','.join(keys)}")

    assert response.status_code == 422
    assert f"at most {MOST_COLUMNS} columns" in response.content.decode()


def test_form_shows_columns_without_javascript(responder: Client) -> None:
    make_incident("Checkout")
    form = read_form(
        responder.get(f"/incidents/columns/?{ANY}&sort_by=created_at_newest_first"), "columns_form"
    )
    chosen = [*form.values["columns"], "incident_type"]

    answer = responder.get(form.action, form.filled(columns=chosen))
    response = responder.get(answer["Location"])

    assert heads_of(response)[-1] == "Type"
    assert "sort_by=created_at_newest_first" in answer["Location"]


def test_form_moves_columns(responder: Client) -> None:
    up = responder.get("/incidents/columns/?columns=severity,name,status&up=status")
    down = responder.get("/incidents/columns/?columns=severity,name,status&down=severity")
    nowhere = responder.get("/incidents/columns/?columns=severity,name,status&up=severity&down=nothing")

    assert read_form(up, "columns_form").values["columns"] == ["severity", "status", "name"]
    assert read_form(down, "columns_form").values["columns"] == ["name", "severity", "status"]
    assert read_form(nowhere, "columns_form").values["columns"] == ["severity", "name", "status"]


def test_pager_and_order_keep_the_columns(responder: Client) -> None:
    for number in range(26):
        make_incident(f"n{number}")

    older = link_of(responder.get("/incidents/?columns=name,mode"), "next") or ""

    assert "columns=name,mode" in older
    assert heads_of(responder.get(older)) == ["Name", "Mode"]


@pytest.mark.parametrize(
    ("sort_by", "expected"),
    [
        ("severity_lowest_first", ["first", "third", "second"]),
        ("updated_at_oldest_first", ["second", "third", "first"]),
    ],
)
def test_orders_turn_round(responder: Client, sort_by: str, expected: list[str]) -> None:
    first = make_incident("first", severity="minor", status="triage")
    make_incident("second", severity="critical", status="fixing")
    make_incident("third", severity="major", status="fixing")
    move_incident(first, "investigating")

    response = responder.get(f"/incidents/?sort_by={sort_by}")

    assert names_on(response) == expected
    assert 'aria-sort="ascending"' in response.content.decode()


def test_head_of_the_order_turns_it_round(responder: Client) -> None:
    make_incident()

    def link(query: str, key: str) -> str:
        page = html.unescape(responder.get(f"/incidents/{query}").content.decode())
        found = re.search(rf'id="sort-{key}"\s+href="([^"]*)"', page)
        assert found is not None
        return found[1]

    assert link("", "updated_at") == "/incidents/?sort_by=updated_at_newest_first"
    assert (
        link("?sort_by=updated_at_newest_first", "updated_at")
        == "/incidents/?sort_by=updated_at_oldest_first"
    )
    assert link("", "severity") == "/incidents/?group_by=none"
    assert link("?group_by=none", "severity").endswith("sort_by=severity_lowest_first")
    assert link("?group_by=none", "status") == "/incidents/"


def test_columns_show_nothing_of_private_incidents(responder: Client) -> None:
    field = make_custom_field("Note", field_type="text")
    make_incident("Secret", visibility="private", custom_fields={field.pk: ("hush",)})

    assert "hush" not in responder.get(f"/incidents/?{ANY}&columns=name,field:note").content.decode()


def test_heads_of_groups_span_the_boxes_and_the_columns(responder: Client) -> None:
    make_incident(status="fixing")

    assert spans_on(responder.get("/incidents/")) == ["8"]
    assert spans_on(responder.get("/incidents/?columns=name,mode")) == ["3"]
    responder.force_login(make_user("Vera", role="viewer"))
    assert spans_on(responder.get("/incidents/?columns=name,mode")) == ["2"]


def spans_on(response: Any) -> list[str]:
    return re.findall(r'<th colspan="(\d+)" scope="rowgroup"', response.content.decode())


def test_search_marks_its_hits_between_chosen_columns(responder: Client) -> None:
    make_incident("Checkout down", summary="The wallet is slow")

    response = responder.get("/incidents/?search=wallet&columns=mode,name")

    assert heads_of(response) == ["Mode", "Name"]
    assert '<p class="row-snippet">The <mark>wallet</mark> is slow</p>' in response.content.decode()


def test_an_incident_that_is_named_has_the_columns_of_the_others(responder: Client) -> None:
    make_incident("Checkout down")
    make_incident("Like INC-1")

    rows = cells_of(responder.get("/incidents/?search=INC-1&columns=name,mode,reference"))

    assert [row[1:] for row in rows] == [["Standard", "INC-1"], ["Standard", "INC-2"]]


def test_rows_that_change_live_keep_the_columns(responder: Client) -> None:
    incident = make_incident("Checkout down")
    page = responder.get("/incidents/?columns=mode,name").content.decode()
    found = re.search(r'hx-get="(/incidents/changes/[^"]*)"', page)
    assert found is not None

    changes = responder.get(html.unescape(found[1]), headers={"hx-request": "true"}).content.decode()

    row = changes[changes.index("<tr ") :]
    assert f'id="{incident.reference}"' in row
    assert re.findall(r'<td class="([a-z-]+)"', row) == ["cell-selection", "cell-more", "cell-name"]


@pytest.mark.parametrize("path", ["/incidents/export.csv", "/incidents/export.json", "/incidents/kiosk/"])
def test_views_and_columns_mean_nothing_elsewhere(responder: Client, path: str) -> None:
    make_incident("Checkout down", severity="critical")
    make_incident("Login slow", severity="minor")

    plain = responder.get(f"{path}?severity[gte]=major")
    named = responder.get(f"{path}?severity[gte]=major&columns=name,mode,nonsense&view=nobody")

    assert plain.status_code == named.status_code == 200
    for response in (plain, named):
        body = b"".join(response)
        assert b"Checkout down" in body
        assert b"Login slow" not in body


def test_export_follows_the_order_of_the_heads(responder: Client) -> None:
    make_incident("Checkout down", severity="critical")
    make_incident("Login slow", severity="minor")

    response = responder.get("/incidents/export.csv?sort_by=severity_lowest_first")

    body = b"".join(response).decode()
    assert body.index("Login slow") < body.index("Checkout down")
