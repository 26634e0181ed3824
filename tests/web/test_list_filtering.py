"""The filter bar of the list, its fragments, its empty states and its answers to broken addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.forms import read_form
from tests.make import make_incident, make_user, move_incident
from tests.web.lists import names_on

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def test_chip_tells_the_filter_and_leads_out_of_it(responder: Client) -> None:
    make_incident("Checkout", severity="major")

    html = responder.get("/incidents/?severity[gte]=major&search=checkout").content.decode()

    assert 'aria-label="Filter: Severity is at least Major"' in html
    assert 'href="/incidents/?search=checkout"' in html


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

    form = read_form(responder.get("/incidents/?severity[gte]=minor&search=checkout"), "filter-text-form")

    assert form.values == {"search": ["checkout"], "severity[gte]": ["minor"]}


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

    page = responder.get("/incidents/?search=checkout")
    fragment = responder.get("/incidents/?search=checkout", headers=HTMX)
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


def test_chip_that_changed_gets_the_focus(responder: Client) -> None:
    make_incident()
    here = {"HX-Current-URL": "http://testserver/incidents/?severity[one_of]=major"}

    changed = responder.get("/incidents/?severity[gte]=major", headers=HTMX | here).content.decode()
    typed = responder.get("/incidents/?severity[one_of]=major&search=a", headers=HTMX | here).content.decode()

    assert changed.count("data-focus") == 1
    assert "data-focus" not in typed


def test_wrong_filter_is_a_fragment_too(responder: Client) -> None:
    response = responder.get("/incidents/?severity[gte]=foo", headers=HTMX)

    assert response.status_code == 422
    assert "There is no severity “foo”." in response.content.decode()
