"""The list: what it shows to whom, in which order, and how one walks through it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Actor, Configuration, Incident
from tests.forms import read_form
from tests.make import make_custom_field, make_incident, make_user, move_incident

if TYPE_CHECKING:
    from django.http import HttpResponse

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def names_on(response: HttpResponse) -> list[str]:
    return re.findall(r'<a href="/incidents/INC-\d+/">([^<]*)</a>', response.content.decode())


def heads_on(response: HttpResponse) -> list[str]:
    return re.findall(
        r'</svg>([^<]*)<span class="incident-group-count">([^<]*)</span>', response.content.decode()
    )


def link_of(response: HttpResponse, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]*)"', response.content.decode())
    return found[1].replace("&amp;", "&") if found else None


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


def test_chip_tells_the_filter_and_leads_out_of_it(responder: Client) -> None:
    make_incident("Checkout", severity="major")

    html = responder.get("/incidents/?severity[gte]=major&search=check").content.decode()

    assert 'aria-label="Filter: Severity is at least Major"' in html
    assert 'href="/incidents/?search=check"' in html


def test_removing_the_last_filter_leads_to_all_incidents(responder: Client) -> None:
    move_incident(make_incident("Over", status="fixing"), "closed")

    html = responder.get("/incidents/?severity[gte]=minor").content.decode()

    assert 'href="/incidents/?status_category[one_of]=any"' in html
    assert names_on(responder.get("/incidents/?status_category[one_of]=any")) == ["Over"]


def test_operator_can_be_changed_by_a_link(responder: Client) -> None:
    make_incident()

    html = responder.get("/incidents/?severity[one_of]=major").content.decode()

    assert 'href="/incidents/?severity[not_in]=major"' in html
    assert 'href="/incidents/?severity[gte]=major"' in html


def test_values_can_be_changed_without_javascript(responder: Client) -> None:
    make_incident("one", severity="major")
    make_incident("two", severity="minor")
    page = responder.get("/incidents/?severity[one_of]=major&mode[one_of]=standard")

    form = read_form(page, "values-form-1")
    found = responder.get(form.action, form.filled(**{"severity[one_of]": ["major", "minor"]}))

    assert form.values["mode[one_of]"] == ["standard"]
    assert form.values["severity[one_of]"] == ["major"]
    assert set(names_on(found)) == {"one", "two"}


def test_filter_can_be_added_without_javascript(responder: Client) -> None:
    make_incident("open major", severity="major")
    make_incident("open minor", severity="minor")
    page = responder.get("/incidents/")

    form = read_form(page, "filter-add-form")
    answer = responder.get(form.action, form.filled(**{"severity[one_of]": "major"}))
    found = responder.get(answer["Location"]) if answer.status_code == 302 else answer

    assert names_on(found) == ["open major"]
    assert found.context["heading"] == "Incidents"


def test_empty_fields_of_a_form_leave_the_address(responder: Client) -> None:
    response = responder.get("/incidents/?search=&severity[one_of]=major&created_at[gte]=")

    assert response.status_code == 302
    assert response["Location"] == "/incidents/?severity[one_of]=major"


def test_text_box_keeps_the_other_filters(responder: Client) -> None:
    make_incident("Checkout")

    form = read_form(responder.get("/incidents/?severity[gte]=minor&search=check"), "filter-text-form")

    assert form.values == {"search": ["check"], "severity[gte]": ["minor"]}


BAD_QUERIES = [
    "sort_by=alphabet",
    "group_by=colour",
    "page_size=1000000",
    "page_size=-1",
    "after=x",
    "after=" + "A" * 5000,
    "after=%F0%9F%94%A5",
    "before=c2V2ZXJpdHk",
    "after=a&before=b",
    # An order of another name, a rank beyond the column, no id, half a moment: each well encoded.
    "after=Y3JlYXRlZF9hdF9uZXdlc3RfZmlyc3R-MDFNODQ",
    "after=c3RhdHVzX2NhdGVnb3J5fjk5OTk5fjF-MDFBUlozTkRFS1RTVjRSUkZGUTY5RzVGQVY",
    "after=c3RhdHVzX2NhdGVnb3J5fjF-MX4wMUFSWjNOREVLVFNWNA",
    "sort_by=updated_at_newest_first&after=dXBkYXRlZF9hdF9uZXdlc3RfZmlyc3R-MjAyNi0wMS0wMX4wMUFSWjNOREVLVFNWNFJSRkZRNjlHNUZBVg",
    "severity[one_of]=foo",
    "weather[one_of]=foo",
    "severity[]=foo",
    "[[[]]]=foo",
    "severity=%F0%9F%94%A5",
    "created_at[gte]=0000-00-00",
    "created_at[lte]=%E2%80%AE2026",
    "search=" + "x" * 1000,
]


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_bad_address_is_explained(responder: Client, query: str) -> None:
    make_incident("Seen")

    response = responder.get(f"/incidents/?{query}")

    assert response.status_code == 422
    assert names_on(response) == []
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("name", ["search", "severity[one_of]", "creator[one_of]", "after", "sort_by", "x"])
@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%E2%80%AE", "%25_%5C", "%F0%9F%94%A5", "1" * 1000])
def test_no_value_breaks_the_list(responder: Client, name: str, value: str) -> None:
    make_incident()

    assert responder.get(f"/incidents/?{name}={value}").status_code in {200, 400, 422}


def test_page_beyond_the_end_leads_back(responder: Client) -> None:
    for number in range(26):
        make_incident(f"n{number}")
    older = link_of(responder.get("/incidents/"), "next")
    Incident.objects.filter(name="n0").update(name="gone", mode="test")

    response = responder.get(older or "")

    assert response.status_code == 200
    assert "Nothing more here" in response.content.decode()


def test_empty_installation_says_what_an_incident_is(responder: Client) -> None:
    assert "No incidents yet" in responder.get("/incidents/").content.decode()


def test_nothing_open_is_good_news(responder: Client) -> None:
    over = move_incident(make_incident("Over", status="fixing"), "closed")

    html = responder.get("/incidents/").content.decode()

    assert "Nothing is on fire" in html
    assert over.reference in html


def test_empty_filter_names_the_one_to_blame(responder: Client) -> None:
    make_incident("Checkout", severity="minor")
    make_incident("Checkout again", severity="minor")

    html = responder.get("/incidents/?search=checkout&severity[gte]=major").content.decode()

    assert "No incidents match" in html
    assert "Without the filter “Severity is at least Major” 2 incidents match." in html
    assert "Remove the severity filter" in html
    assert 'href="/incidents/?search=checkout"' in html


def test_private_incidents_are_not_counted_when_a_filter_is_blamed(responder: Client) -> None:
    make_incident("Checkout", severity="minor", visibility="private")
    make_incident("Another", severity="minor")

    html = responder.get("/incidents/?search=checkout&severity[gte]=major").content.decode()

    assert "Without the filter" not in html


def test_fragment_has_the_same_address(responder: Client) -> None:
    make_incident("Checkout")

    page = responder.get("/incidents/?search=check")
    fragment = responder.get("/incidents/?search=check", headers=HTMX)
    html = fragment.content.decode()

    assert names_on(fragment) == names_on(page) == ["Checkout"]
    assert "<html" not in html
    assert html.count('id="results"') == 1
    assert 'role="status" hx-swap-oob="true"' in html
    assert "1 incident\n" in html
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in fragment["Vary"]
    assert 'id="filter-text"' not in html


@pytest.mark.parametrize("header", [{"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}])
def test_history_and_boosted_links_get_the_page(responder: Client, header: dict[str, str]) -> None:
    html = responder.get("/incidents/", headers=HTMX | header).content.decode()

    assert "<html" in html


def test_wrong_filter_is_a_fragment_too(responder: Client) -> None:
    response = responder.get("/incidents/?severity[gte]=foo", headers=HTMX)

    assert response.status_code == 422
    assert "There is no severity “foo”." in response.content.decode()


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
