"""Feeds: read by programs that cannot log in, within bounds, and never with a private incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from incidents.models import Actor, User
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.feed_tokens import issue_feed_token, revoke_feed_token
from incidents.services.memberships import grant_membership
from incidents.web.feed_entries import MOST_ENTRIES
from tests.make import PASSWORD, make_actor, make_incident, make_user, move_incident

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

KINDS = ("atom", "ics")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def rosa() -> Actor:
    return make_actor("Rosa Lund")


@pytest.fixture
def token(rosa: Actor) -> str:
    return issue_feed_token(rosa)


def address(token: str, kind: str, query: str = "") -> str:
    return f"/feeds/{token}/incidents.{kind}?{query}"


def entries_of(response: Any) -> list[ElementTree.Element]:
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314 - our own answer


def text_of(element: ElementTree.Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    assert found is not None
    return found.text or ""


def test_atom_is_valid_and_most_recently_updated_first(client: Client, token: str) -> None:
    first, second = make_incident("Checkout slow", summary="**Half** of it"), make_incident("Login slow")
    edit_incident(first.pk, IncidentEdit(summary="**All** of it"), make_actor(role="administrator"))

    response = client.get(address(token, "atom"))
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [text_of(entry, "title") for entry in entries_of(response)] == [
        f"Major: Checkout slow ({first.reference}, Investigating)",
        f"Major: Login slow ({second.reference}, Investigating)",
    ]
    for part in (feed, *entries_of(response)):
        assert all(text_of(part, name) for name in ("id", "title", "updated"))
    assert text_of(feed, "updated") == text_of(entries_of(response)[0], "updated")
    assert text_of(entries_of(response)[0], "summary") == "<p><strong>All</strong> of it</p>\n"
    assert all(entry.find(f"{ATOM}author/{ATOM}name") is not None for entry in entries_of(response))


def test_calendar_holds_the_incidents(client: Client, token: str) -> None:
    incident = move_incident(make_incident("Checkout slow"), "closed")

    response = client.get(address(token, "ics", "status_category[one_of]=any"))
    body = response.content.decode()

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert rf"SUMMARY:Major: Checkout slow ({incident.reference}\, Closed)" in body
    assert body.count("BEGIN:VEVENT") == 1


def test_nothing_typed_becomes_markup(client: Client, token: str) -> None:
    make_incident("</title><script>x</script>", summary="<script>x</script> [a](javascript:x) ]]>")

    response = client.get(address(token, "atom"))

    assert b"<script" not in response.content
    summary = text_of(entries_of(response)[0], "summary")
    assert "<script" not in summary
    assert "href" not in summary


def test_the_secret_is_not_in_what_is_passed_on(client: Client, token: str) -> None:
    make_incident()

    for kind in KINDS:
        assert token not in client.get(address(token, kind)).content.decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["responder", "administrator"])
def test_private_incidents_are_in_no_feed(client: Client, kind: str, role: str) -> None:
    user = make_user(role=role)
    incident = make_incident("Leaked signing key", visibility="private")
    grant_membership(incident.pk, user, make_actor(role="administrator"))
    token = issue_feed_token(Actor.of_user(user))

    for query in ("", "visibility[one_of]=private", "search=leaked"):
        body = client.get(address(token, kind, query)).content.decode()
        assert "Leaked" not in body
        assert incident.reference not in body


@pytest.mark.parametrize("kind", KINDS)
def test_filters_are_those_of_the_list(client: Client, rosa: Actor, token: str, kind: str) -> None:
    make_incident("Checkout slow", severity="minor")
    make_incident("Login slow", severity="critical", actor=rosa)
    make_incident("Practice", severity="critical", mode="test")

    for query in ("severity[gte]=critical", "creator[one_of]=me", "search=login&after=nonsense&page_size=7"):
        body = client.get(address(token, kind, query)).content.decode()
        assert "Login slow" in body
        assert "Checkout slow" not in body
        assert "Practice" not in body


@pytest.mark.parametrize("kind", KINDS)
def test_a_filter_that_cannot_be_read_is_refused(client: Client, token: str, kind: str) -> None:
    response = client.get(address(token, kind, "severity[one_of]=huge"))

    assert response.status_code == 422
    assert "huge" in response.content.decode()
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_that_opens_nothing_is_404(client: Client, rosa: Actor, token: str, kind: str) -> None:
    revoked, gone = token, make_user("Tim Gone")
    left = issue_feed_token(Actor.of_user(gone))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    revoke_feed_token(rosa)

    for one in (revoked, left, "x" * 32, "x" * 5000):
        assert client.get(address(one, kind)).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_what_did_not_change_is_304(client: Client, token: str, kind: str) -> None:
    incident = move_incident(make_incident("Checkout slow"), "closed")
    query = "status_category[one_of]=any"
    etag = client.get(address(token, kind, query))["ETag"]

    again = client.get(address(token, kind, query), headers={"if-none-match": etag})
    edit_incident(incident.pk, IncidentEdit(name="Checkout fast"), make_actor(role="administrator"))
    changed = client.get(address(token, kind, query), headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["Cache-Control"] == "private, no-cache"


def test_an_empty_feed_stays_the_same(client: Client, token: str) -> None:
    assert client.get(address(token, "atom")).content == client.get(address(token, "atom")).content


@pytest.mark.parametrize("kind", KINDS)
def test_feeds_are_bounded_in_entries_and_queries(
    client: Client, token: str, kind: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(MOST_ENTRIES + 1):
        make_incident(f"Checkout {number}")
    client.get(address(token, kind))

    with django_assert_num_queries(4):
        body = client.get(address(token, kind)).content.decode()

    assert body.count("<entry>") + body.count("BEGIN:VEVENT") == MOST_ENTRIES


@pytest.mark.parametrize("kind", KINDS)
def test_feeds_change_nothing(client: Client, token: str, kind: str) -> None:
    assert client.post(address(token, kind)).status_code == 405


def test_a_session_is_neither_needed_nor_looked_at(client: Client, token: str) -> None:
    client.force_login(make_user(role="administrator"))

    assert "sessionid" not in client.get(address(token, "atom")).cookies


def test_addresses_are_shown_once_and_work(client: Client) -> None:
    user = make_user("Rosa Lund")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    make_incident("Checkout slow")

    made = client.post("/settings/feeds/")
    shown = [one["url"].removeprefix("http://127.0.0.1:8000") for one in made.context["addresses"]]
    page = client.get("/settings/feeds/").content.decode()

    assert made["Cache-Control"] == "private, no-store"
    assert all("Checkout slow" in client.get(one).content.decode() for one in shown)
    assert "Your feeds are on since" in page
    assert "/feeds/" not in page.replace("/settings/feeds/", "")

    client.post("/settings/feeds/revoke/")
    assert "Your feeds are off." in client.get("/settings/feeds/").content.decode()
    assert client.get(shown[0]).status_code == 404
