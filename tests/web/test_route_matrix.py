"""Every route, for everybody: a new route without a row here fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from incidents.models import Incident, User
from tests.make import make_actor, make_incident, make_user

pytestmark = pytest.mark.django_db

ACTORS = ("anonymous", "deactivated", "viewer", "responder", "administrator")
# The status of a GET for each of ACTORS; {ref} is a private incident that none of them is a member of. Routes that
# take only POST answer 405 to a GET. 302 is the way to the login.
OPEN_TO_ALL = (200, 200, 200, 200, 200)
SIGNED_IN = (302, 302, 200, 200, 200)
HIDDEN = (302, 302, 404, 404, 200)
RESPONDERS = (302, 302, 403, 200, 200)
ADMINISTRATORS = (302, 302, 403, 403, 200)
# The administrator here did not type a password: the second 302 is the way to where it is asked for.
WITH_PASSWORD = (302, 302, 403, 403, 302)
ROUTES: Final = {
    # The welcome of an empty installation: the one incident there is, is not there for these people.
    "/": (302, 302, 200, 200, 302),
    # Whoever asks, the token decides, and this is none.
    "/feeds/nobody/incidents.atom": (404, 404, 404, 404, 404),
    "/feeds/nobody/incidents.ics": (404, 404, 404, 404, 404),
    "/healthz": OPEN_TO_ALL,
    "/readyz": OPEN_TO_ALL,
    "/v1/openapiV3.json": OPEN_TO_ALL,
    "/docs/api/": (302, 302, 302, 302, 302),
    "/docs/api/GET/v2/incidents": SIGNED_IN,
    "/duplicates/": SIGNED_IN,
    "/incidents/": SIGNED_IN,
    "/incidents/columns/": SIGNED_IN,
    "/incidents/facets/": SIGNED_IN,
    "/incidents/drafts/": (302, 302, 302, 302, 302),
    "/incidents/drafts/nobody/discard/": (302, 302, 302, 302, 302),
    "/incidents/export.csv": SIGNED_IN,
    "/incidents/export.json": SIGNED_IN,
    "/incidents/bulk/": RESPONDERS,
    "/incidents/bulk/recent/": RESPONDERS,
    # Whoever asks: there is no change of this name, and those of others are not there either.
    "/incidents/bulk/nobody/": (302, 302, 404, 404, 404),
    "/incidents/merge/": RESPONDERS,
    # Without HTMX the question leads to the list.
    "/incidents/changes/": (302, 302, 302, 302, 302),
    "/incidents/kiosk/": SIGNED_IN,
    "/incidents/new/": SIGNED_IN,
    "/incidents/similar/": SIGNED_IN,
    "/keyboard/": SIGNED_IN,
    "/palette/": SIGNED_IN,
    "/preferences/": SIGNED_IN,
    "/search-help/": SIGNED_IN,
    "/settings/": (302, 302, 302, 302, 302),
    "/settings/feeds/": SIGNED_IN,
    "/settings/api-keys/": ADMINISTRATORS,
    "/settings/api-keys/new/": WITH_PASSWORD,
    "/settings/api-keys/nobody/edit/": WITH_PASSWORD,
    "/settings/api-keys/nobody/revoke/": WITH_PASSWORD,
    "/settings/api-keys/nobody/rotate/": WITH_PASSWORD,
    "/settings/duplicates/words/": ADMINISTRATORS,
    "/settings/duplicates/words/new/": ADMINISTRATORS,
    "/settings/duplicates/words/nobody/edit/": (302, 302, 403, 403, 404),
    "/settings/duplicates/words/nobody/remove/": (302, 302, 403, 403, 404),
    "/settings/duplicates/": ADMINISTRATORS,
    "/settings/duplicates/verdicts.csv": ADMINISTRATORS,
    "/settings/duplicates/verdicts.jsonl": ADMINISTRATORS,
    "/settings/import/": ADMINISTRATORS,
    # There is no import of this name: administrators learn that, others do not.
    "/settings/import/nobody/": (302, 302, 403, 403, 404),
    "/settings/import/nobody/columns/": (302, 302, 403, 403, 404),
    "/settings/import/nobody/report.csv": (302, 302, 403, 403, 404),
    "/views/": SIGNED_IN,
    "/views/counts/": SIGNED_IN,
    # Without HTMX the question leads to the page of all views.
    "/views/links/": (302, 302, 302, 302, 302),
    "/views/new/": SIGNED_IN,
    "/views/nobody/delete/": (302, 302, 404, 404, 404),
    "/views/nobody/edit/": (302, 302, 404, 404, 404),
    "/incidents/{ref}/": HIDDEN,
    "/incidents/{ref}/actions/": HIDDEN,
    "/incidents/{ref}/edit/": HIDDEN,
    "/incidents/{ref}/follow-ups/": HIDDEN,
    "/incidents/{ref}/tasks/": HIDDEN,
    "/incidents/{ref}/timeline/": HIDDEN,
    "/incidents/{ref}/related/": HIDDEN,
    "/incidents/{ref}/relationships/": HIDDEN,
    # It is not merged: the administrator is led to its page.
    "/incidents/{ref}/split-off/": (302, 302, 404, 404, 303),
}
# The same for a POST without content to those that change something.
CHANGES: Final = {
    "/incidents/drafts/": (302, 302, 422, 422, 422),
    "/incidents/drafts/nobody/discard/": (302, 302, 404, 404, 404),
    "/duplicates/": (302, 302, 403, 422, 422),
    "/incidents/bulk/": (302, 302, 403, 422, 422),
    "/incidents/bulk/nobody/steps/": (302, 302, 404, 404, 404),
    "/incidents/bulk/nobody/undo/": (302, 302, 404, 404, 404),
    "/incidents/merge/": (302, 302, 403, 422, 422),
    "/incidents/new/": (302, 302, 422, 422, 422),
    "/incidents/similar/": (302, 302, 200, 200, 200),
    "/preferences/": (302, 302, 422, 422, 422),
    "/incidents/{ref}/actions/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/actions/nobody/": (302, 302, 404, 404, 404),
    "/incidents/{ref}/follow-ups/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/follow-ups/nobody/": (302, 302, 404, 404, 404),
    # What is not sent is not changed.
    "/incidents/{ref}/edit/": (302, 302, 404, 404, 303),
    "/incidents/{ref}/lead/": (302, 302, 404, 404, 303),
    "/incidents/{ref}/members/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/members/nobody/remove/": (302, 302, 404, 404, 404),
    "/incidents/{ref}/relationships/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/relationships/nobody/remove/": (302, 302, 404, 404, 404),
    "/incidents/{ref}/reports/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/roles/scribe/": (302, 302, 404, 404, 303),
    "/incidents/{ref}/severity/": (302, 302, 404, 404, 422),
    # Nothing is merged: to undo or split off leads to the incident as it is.
    "/incidents/{ref}/split-off/": (302, 302, 404, 404, 303),
    "/incidents/{ref}/status/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/unmerge/": (302, 302, 404, 404, 303),
    "/incidents/{ref}/updates/": (302, 302, 404, 404, 422),
    "/incidents/{ref}/verdicts/": (302, 302, 404, 404, 422),
    "/settings/api-keys/new/": WITH_PASSWORD,
    "/settings/api-keys/nobody/edit/": WITH_PASSWORD,
    "/settings/api-keys/nobody/revoke/": WITH_PASSWORD,
    "/settings/api-keys/nobody/rotate/": WITH_PASSWORD,
    "/settings/duplicates/words/new/": (302, 302, 403, 403, 422),
    "/settings/duplicates/words/nobody/edit/": (302, 302, 403, 403, 404),
    "/settings/duplicates/words/nobody/remove/": (302, 302, 403, 403, 404),
    "/settings/duplicates/": (302, 302, 403, 403, 422),
    "/settings/duplicates/doors/": (302, 302, 403, 403, 422),
    "/settings/import/": (302, 302, 403, 403, 422),
    "/settings/import/nobody/columns/": (302, 302, 403, 403, 404),
    "/settings/import/nobody/start/": (302, 302, 403, 403, 404),
    "/settings/import/nobody/stop/": (302, 302, 403, 403, 404),
    # Before a token is made, the password is asked for.
    "/settings/feeds/": (302, 302, 302, 302, 302),
    "/settings/feeds/revoke/": (302, 302, 303, 303, 303),
    "/theme/": (302, 302, 302, 302, 302),
    "/views/new/": (302, 302, 422, 422, 422),
    "/views/nobody/delete/": (302, 302, 404, 404, 404),
    "/views/nobody/edit/": (302, 302, 404, 404, 404),
    "/views/nobody/query/": (302, 302, 404, 404, 404),
    "/views/nobody/start/": (302, 302, 404, 404, 404),
}
# Part of Django's admin, allauth and the API, which have tests of their own.
ELSEWHERE = ("admin/", "accounts/", "^(?P<path>v[123]")


@pytest.fixture
def private_incident() -> Incident:
    return make_incident("Leaked signing key", actor=make_actor("Olga Owner"), visibility="private")


def signed_in(actor: str) -> Client:
    client = Client()
    if actor == "deactivated":
        user = make_user(role="responder")
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif actor != "anonymous":
        client.force_login(make_user(role=actor))
    return client


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("address", ROUTES)
def test_each_route_answers_each_actor(address: str, actor: str, private_incident: Incident) -> None:
    response = signed_in(actor).get(address.format(ref=private_incident.reference))

    assert response.status_code == ROUTES[address][ACTORS.index(actor)]


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("address", CHANGES)
def test_each_change_answers_each_actor(address: str, actor: str, private_incident: Incident) -> None:
    response = signed_in(actor).post(address.format(ref=private_incident.reference))

    assert response.status_code == CHANGES[address][ACTORS.index(actor)]


def test_a_hidden_incident_answers_as_one_that_is_missing(private_incident: Incident) -> None:
    client = signed_in("responder")
    hidden, missing = (
        masked(client.get(f"/incidents/{reference}/").content.decode(), reference)
        for reference in (private_incident.reference, "INC-999999")
    )

    assert hidden == missing


def masked(page: str, reference: str) -> str:
    """Return the page without what differs from request to request."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"\b[0-9A-F]{10}\b", "", page).replace(reference, "REF")


def test_every_route_has_a_row() -> None:
    addresses = (address.format(ref="x").removeprefix("/") for address in (*ROUTES, *CHANGES))
    known = {re.sub(r"/(scribe|nobody)/", "/x/", address) for address in addresses}

    found = {re.sub(r"<str:\w+>", "x", route) for route in routes()}
    assert {route.replace("x/<path:path>", "GET/v2/incidents") for route in found} - known == set()


def routes() -> set[str]:
    return {route for route in walk(get_resolver(), "") if not route.startswith(ELSEWHERE)}


def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route
