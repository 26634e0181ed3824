"""Who enters the admin, and that every page of it opens with few queries whatever the number of rows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.contrib import admin as django_admin
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import ApiKey, CatalogEntry, Incident, IncidentEvent, IncidentStatus, User
from tests.make import make_alert_source, make_user

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

pytestmark = pytest.mark.django_db

OURS = sorted(
    (model for model in django_admin.site._registry if model._meta.app_label == "incidents"),
    key=lambda model: model.__name__,
)
# One of each kind of page.
SAMPLES = [CatalogEntry, Incident, IncidentEvent, IncidentStatus, User]
# Session, person, and at most this many more.
LIST_BUDGET = 7
CHANGE_BUDGET = 17


def path_of(model: type[Model], ending: str = "") -> str:
    return f"/admin/incidents/{model._meta.model_name}/{ending}"


def test_visitors_log_in_on_the_page_of_the_product(client: Client) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    assert "account/login.html" in [template.name for template in response.templates]


@pytest.mark.parametrize("role", ["viewer", "responder"])
@pytest.mark.parametrize("path", ["/admin/", "/admin/incidents/incident/", "/admin/incidents/user/add/"])
def test_only_administrators_enter(client: Client, role: str, path: str) -> None:
    client.force_login(make_user(role=role))

    assert client.get(path, follow=True).status_code == 403


def test_the_page_names_the_product_and_leads_back(admin: Client) -> None:
    page = admin.get("/admin/").content.decode()

    assert "Tocsin administration" in page
    assert 'href="/incidents/"' in page


def test_groups_addresses_and_api_keys_are_not_offered() -> None:
    names = {model.__name__ for model in django_admin.site._registry}

    assert not {"Group", "EmailAddress", ApiKey.__name__} & names


def test_every_page_opens_within_its_budget(admin: Client) -> None:
    call_command("seed_demo", incidents=60, stdout=io.StringIO())
    make_alert_source()

    for model in OURS:
        assert queries_of(admin, path_of(model)) <= LIST_BUDGET, model
        assert (
            queries_of(admin, path_of(model, f"{model._default_manager.all()[0].pk}/change/"))
            <= CHANGE_BUDGET
        ), model


def test_more_rows_cost_no_more_queries(admin: Client) -> None:
    call_command("seed_demo", incidents=15, stdout=io.StringIO())
    few = {model: queries_of(admin, path_of(model)) for model in OURS}
    call_command("seed_demo", incidents=45, force_add=True, stdout=io.StringIO())

    many = {model: queries_of(admin, path_of(model)) for model in OURS}

    assert many == few


def queries_of(client: Client, path: str) -> int:
    """Return how many queries a page takes once everything is warm."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_lists_count_up_to_a_limit(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.admin.listing.COUNT_LIMIT", 20)
    call_command("seed_demo", incidents=30, stdout=io.StringIO())

    page = admin.get(path_of(Incident)).content.decode()

    assert "The first 20 incidents. Search or filter to see others." in page


def test_nothing_is_removed_in_bulk(admin: Client) -> None:
    assert "delete_selected" not in admin.get("/admin/incidents/severity/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "e=1",
        "p=abc",
        "p=99999999999999999999",
        "p=-1",
        "o=9.-9.x",
        "q=%25_%5C%27%22",
        "q=" + "x" * 2_000,
        "q=%F0%9F%94%A5+%D7%A9%D7%9C%D7%95%D7%9D",
        "q=%ED%A0%80",
        "q=a%00b",
        "id__exact=nonsense",
        "name__regex=(",
        "severity__id__exact=nonsense",
        "severity__id__exact=" + "7" * 26,
        "status_category__exact=nonsense",
        "category__exact=%00",
        "incident__id__exact=nonsense",
        "created_at__gte=0000-99-99",
        "password__startswith=p",
        "_facets=True",
        "_popup=1&_to_field=nonsense",
        "_changelist_filters=%25",
    ],
)
def test_broken_addresses_are_no_errors_of_ours(admin: Client, query: str) -> None:
    for model in SAMPLES:
        response = admin.get(f"{path_of(model)}?{query}", follow=True)

        assert response.status_code in {200, 400}, model


@pytest.mark.parametrize("model", [CatalogEntry, Incident])
@pytest.mark.parametrize(
    "pk", ["nonsense", "7" * 26, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" * 3_000, "%F0%9F%94%A5", "0"]
)
@pytest.mark.parametrize("ending", ["change/", "delete/", "history/"])
def test_unknown_rows_lead_back(admin: Client, model: type[Model], pk: str, ending: str) -> None:
    response = admin.get(path_of(model, f"{pk}/{ending}"), follow=True)

    assert response.status_code in {200, 403, 404}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "app_label=incidents",
        "app_label=incidents&model_name=incidentroleassignment&field_name=assignee&term=%00",
        "app_label=incidents&model_name=incidentroleassignment&field_name=nonsense&term=a",
        "app_label=incidents&model_name=incidentroleassignment&field_name=assignee&term=a&page=abc",
    ],
)
def test_broken_suggestions_are_no_errors_of_ours(admin: Client, query: str) -> None:
    assert admin.get(f"/admin/autocomplete/?{query}").status_code in {400, 403, 404}


def test_suggestions_leave_out_who_is_not_here_any_more(admin: Client) -> None:
    make_user("Priya Raman")
    make_user("Priya Gone", is_active=False)
    query = "app_label=incidents&model_name=incidentroleassignment&field_name=assignee&term=priya"

    response = admin.get(f"/admin/autocomplete/?{query}")

    assert [result["text"] for result in response.json()["results"]] == ["Priya Raman"]
