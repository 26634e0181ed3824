"""Saved views in a browser without JavaScript: saved, opened, changed, shared, and who sees which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import Actor, SavedView, Severity, User
from incidents.services.configuration import delete_noun, save_noun
from incidents.services.saved_views import SavedViewDraft, edit_view
from tests.forms import read_form
from tests.make import make_actor, make_incident, make_saved_view, make_user, move_incident
from tests.web.lists import names_on

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


def heading_of(response: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode())
    assert found is not None
    return found[1]


def save_link(response: Any) -> str | None:
    found = re.search(r'href="(/views/new/\?[^"]*)"', response.content.decode())
    return found[1].replace("&amp;", "&") if found else None


def test_what_the_list_shows_is_saved_and_opened(responder: Client, rosa: User) -> None:
    make_incident("Checkout down", severity="critical")
    make_incident("Slow page", severity="minor")
    link = save_link(responder.get("/incidents/?severity[gte]=major&sort_by=created_at_newest_first"))
    assert link is not None

    form = read_form(responder.get(link), "view-form")
    answer = responder.post(form.action, form.filled(name="Fires"))
    opened = responder.get(answer["Location"])

    view = SavedView.objects.get()
    assert (view.owner, view.query) == (rosa, "severity[gte]=major&sort_by=created_at_newest_first")
    assert answer.status_code == 303
    assert answer["Location"] == f"/incidents/?view={view.pk}"
    assert heading_of(opened) == "Fires"
    assert names_on(opened) == ["Checkout down"]


def test_links_of_an_opened_view_change_what_was_saved(responder: Client, rosa: User) -> None:
    view = make_saved_view(query="severity[gte]=major", actor=Actor.of_user(rosa))
    for number in range(30):
        make_incident(f"n{number}", severity="critical")

    html = responder.get(f"/incidents/?view={view.pk}").content.decode()

    assert f"severity[gte]=major&amp;view={view.pk}&amp;after=" in html


def test_built_in_views_are_not_offered_to_be_saved(responder: Client) -> None:
    assert save_link(responder.get("/incidents/")) is None
    assert save_link(responder.get("/incidents/?status_category[one_of]=any")) is None
    assert save_link(responder.get("/incidents/?columns=name")) is not None


def test_a_changed_view_is_updated(responder: Client, rosa: User) -> None:
    view = make_saved_view(query="severity[gte]=major", actor=Actor.of_user(rosa))
    page = responder.get(f"/incidents/?severity[gte]=minor&view={view.pk}")

    form = read_form(page, "update-view-form")
    answer = responder.post(form.action, form.filled())

    view.refresh_from_db()
    assert view.query == "severity[gte]=minor"
    assert answer["Location"] == f"/incidents/?view={view.pk}"
    assert "Update view" not in responder.get(answer["Location"]).content.decode()


def test_the_order_of_parameters_changes_nothing(responder: Client, rosa: User) -> None:
    view = make_saved_view(query="severity[gte]=major&mode[one_of]=test", actor=Actor.of_user(rosa))

    html = responder.get(f"/incidents/?view={view.pk}&mode[one_of]=test&severity[gte]=major").content.decode()

    assert "Update view" not in html


def test_a_view_is_renamed_shared_and_deleted(responder: Client, rosa: User) -> None:
    view = make_saved_view(actor=Actor.of_user(rosa))
    form = read_form(responder.get(f"/views/{view.pk}/edit/"), "view-form")
    responder.post(form.action, form.filled(name="Board", is_shared="on"))
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Board", True)

    form = read_form(responder.get(f"/views/{view.pk}/delete/"), "delete-form")
    assert responder.post(form.action)["Location"] == "/views/"
    assert not SavedView.objects.exists()


def test_viewers_are_not_asked_to_share(client: Client) -> None:
    viewer = make_user(role="viewer")
    client.force_login(viewer)

    assert "is_shared" not in client.get("/views/new/?search=a").content.decode()
    client.post("/views/new/", {"name": "Mine", "query": "search=a", "is_shared": "on"})

    assert not SavedView.objects.get(owner=viewer).is_shared


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 1_000_000, "Fires"])
def test_a_wrong_name_comes_back_with_words(responder: Client, rosa: User, name: str) -> None:
    make_saved_view("Fires", actor=Actor.of_user(rosa))

    response = responder.post("/views/new/", {"name": name, "query": "search=a"})

    assert response.status_code == 422
    assert "Error: " in response.content.decode()
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    "query",
    [
        "severity[one_of]=foo",
        "severity[sideways]=major",
        "columns=nothing",
        "sort_by=name",
        "search=" + "x" * 1_000_000,
        "a[b]c=1",
    ],
)
def test_what_cannot_be_listed_cannot_be_saved(responder: Client, query: str) -> None:
    response = responder.post("/views/new/", {"name": "Broken", "query": query})

    assert response.status_code == 422
    assert responder.get(f"/views/new/?{query[:2000]}").status_code == 422
    assert not SavedView.objects.exists()


def test_nul_is_refused_wherever_it_comes(responder: Client) -> None:
    assert responder.get("/incidents/?view=%00").status_code == 400
    assert responder.get("/views/new/?search=a%00b").status_code == 400
    posted = responder.post("/views/new/", {"name": "Broken", "query": "search=a%00b"})
    assert posted.status_code == 422


def test_a_query_is_saved_in_one_spelling(responder: Client) -> None:
    responder.post(
        "/views/new/", {"name": "Plain", "query": "view=x&after=y&severity%5Bgte%5D=major&search="}
    )
    responder.post("/views/new/", {"name": "Nothing", "query": ""})

    assert list(SavedView.objects.values_list("query", flat=True)) == [
        "status_category[one_of]=open",
        "severity[gte]=major",
    ]


def test_a_broken_update_is_told(responder: Client, rosa: User) -> None:
    view = make_saved_view(actor=Actor.of_user(rosa))

    response = responder.post(f"/views/{view.pk}/query/", {"query": "severity[one_of]=foo"}, follow=True)

    assert "There is no severity" in response.content.decode()
    assert SavedView.objects.get().query == view.query


ADDRESSES = [
    "/incidents/?view={id}",
    "/views/{id}/edit/",
    "/views/{id}/delete/",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("view_id", ["nobody", "x" * 1_000_000, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "own"])
def test_a_view_of_somebody_else_is_missing(responder: Client, address: str, view_id: str) -> None:
    theirs = make_saved_view("Secret plan").pk

    response = responder.get(address.format(id=theirs if view_id == "own" else view_id))

    assert response.status_code == 404
    assert "Secret plan" not in response.content.decode()


@pytest.mark.parametrize("what", ["query", "start", "delete", "edit"])
def test_nobody_posts_to_a_view_of_somebody_else(responder: Client, what: str) -> None:
    theirs = make_saved_view()

    response = responder.post(f"/views/{theirs.pk}/{what}/", {"query": "search=a", "name": "Mine"})

    assert response.status_code == 404
    assert SavedView.objects.get().name == theirs.name


def test_a_shared_view_can_be_opened_and_not_changed(responder: Client) -> None:
    view = make_saved_view("Board", "severity[gte]=major", is_shared=True)

    html = responder.get(f"/incidents/?view={view.pk}&severity[gte]=minor").content.decode()

    assert "Save as a new view" in html
    assert "Update view" not in html
    assert responder.post(f"/views/{view.pk}/query/", {"query": "search=a"}).status_code == 404


def test_a_view_that_names_what_is_gone_says_so(responder: Client, rosa: User) -> None:
    admin = make_actor(role="administrator")
    severity = Severity(name="Odd", description="", rank=77)
    save_noun(severity, admin)
    view = make_saved_view("Odd ones", f"severity[one_of]={severity.slug}", actor=Actor.of_user(rosa))
    delete_noun(severity, admin)

    response = responder.get(f"/incidents/?view={view.pk}")

    assert response.status_code == 422
    assert "The view “Odd ones” names something that is gone" in response.content.decode()
    assert responder.get("/views/counts/").status_code == 200


def test_the_list_opens_with_the_start_view(responder: Client, rosa: User) -> None:
    move_incident(make_incident("Over", status="fixing"), "closed")
    make_incident("Now", status="fixing")
    view = make_saved_view("Past", "status_category[one_of]=closed", actor=Actor.of_user(rosa))
    responder.post(f"/views/{view.pk}/start/", {"is_start": "true"})

    opened = responder.get("/incidents/", follow=True)
    assert opened.redirect_chain == [(f"/incidents/?view={view.pk}", 302)]
    assert names_on(opened) == ["Over"]
    # The standard list is still there, and none of its links leads away from it.
    standard = responder.get("/incidents/?status_category[one_of]=open")
    assert heading_of(standard) == "Open"
    assert names_on(standard) == ["Now"]
    assert 'href="/incidents/?status_category[one_of]=open" aria-current="page"' in standard.content.decode()
    swapping = re.findall(r'hx-get="(/incidents/[^"]*)"', standard.content.decode())
    assert "/incidents/" not in [address for address in swapping if "?" in address]

    responder.post(f"/views/{view.pk}/start/", {"is_start": "false"})
    assert responder.get("/incidents/").status_code == 200


def test_a_start_view_that_went_out_of_sight_is_passed_over(responder: Client, rosa: User) -> None:
    owner = make_actor("Olga Owner")
    view = make_saved_view(actor=owner, is_shared=True)
    responder.post(f"/views/{view.pk}/start/", {"is_start": "true"})

    edit_view(view, SavedViewDraft(is_shared=False), owner)

    assert responder.get("/incidents/").status_code == 200


def test_navigation_shows_own_and_shared_views(responder: Client, rosa: User) -> None:
    own = make_saved_view('<i>"mine"', actor=Actor.of_user(rosa))
    shared = make_saved_view("Board", is_shared=True)
    make_saved_view("Secret plan")

    html = responder.get("/views/links/", headers={"hx-request": "true"}).content.decode()

    assert f'href="/incidents/?view={own.pk}"' in html
    assert f'href="/incidents/?view={shared.pk}"' in html
    assert "&lt;i&gt;&quot;mine&quot;" in html
    assert "Secret plan" not in html
    current = responder.get(f"/incidents/?view={own.pk}").content.decode()
    assert f'href="/incidents/?view={own.pk}" aria-current="page"' in current


def test_only_the_list_reads_the_links_with_the_page(responder: Client) -> None:
    view = make_saved_view("Board", is_shared=True)

    elsewhere = responder.get("/preferences/").content.decode()
    listed = responder.get("/incidents/").content.decode()

    assert f"view={view.pk}" not in elsewhere
    assert 'hx-get="/views/links/"' in elsewhere
    assert '<a href="/views/">Views</a>' in elsewhere
    assert f"view={view.pk}" in listed
    assert 'hx-get="/views/links/"' not in listed


def test_terms_of_the_text_are_saved_as_filters(responder: Client, rosa: User) -> None:
    responder.post("/views/new/", {"name": "Mine", "query": "search=severity:>=major+checkout"})

    view = SavedView.objects.get()
    opened = responder.get(f"/incidents/?view={view.pk}")

    assert view.query == "severity[gte]=major&search=checkout"
    assert opened.status_code == 200
    assert "Update view" not in opened.content.decode()


def test_an_opened_view_goes_on_live_and_to_its_export(responder: Client, rosa: User) -> None:
    make_incident("Checkout down", severity="critical")
    view = make_saved_view("Fires", "severity[gte]=major&columns=name,mode", actor=Actor.of_user(rosa))

    page = responder.get(f"/incidents/?view={view.pk}").content.decode()

    (asked,) = re.findall(r'hx-get="(/incidents/changes/[^"]*)"', page)
    assert "severity[gte]=major&amp;columns=name,mode" in asked
    assert re.search(r'href="/incidents/export\.csv\?severity\[gte\]=major[^"]*"', page)


def test_counts_are_of_who_looks(responder: Client) -> None:
    make_incident("Public", severity="critical")
    make_incident("Private", severity="critical", visibility="private")
    make_saved_view("Board", "severity[gte]=major", is_shared=True)
    admin = Client()
    admin.force_login(make_user(role="administrator"))

    assert counts_of(responder) == ["1"]
    assert counts_of(admin) == ["2"]


def test_counts_stop_at_a_hundred(responder: Client) -> None:
    actor = make_actor(role="administrator")
    for number in range(101):
        make_incident(f"n{number}", actor=actor)
    make_saved_view("Everything", "status_category[one_of]=any", is_shared=True)

    response = responder.get("/views/counts/")

    assert counts_of(responder) == ["100+"]
    assert response["Cache-Control"] == "private, max-age=60"


def counts_of(client: Client) -> list[str]:
    return re.findall(r'hx-swap-oob="true">([^<]*)<', client.get("/views/counts/").content.decode())


def test_counts_cost_one_query_for_all(
    responder: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_saved_view("v", "severity[gte]=minor&search=word", is_shared=True)
    # The process asks PostgreSQL once in ten minutes how common words are.
    responder.get("/views/counts/")
    with django_assert_num_queries(5):
        responder.get("/views/counts/")
    for number in range(15):
        make_saved_view(f"v{number}", f"severity[gte]=minor&search=word{number}", is_shared=True)

    with django_assert_num_queries(5):
        assert len(counts_of(responder)) == 16


def test_page_of_views_lists_them(responder: Client, rosa: User) -> None:
    make_saved_view("Mine", actor=Actor.of_user(rosa))
    make_saved_view("Board", actor=make_actor("Olga Owner"), is_shared=True)

    html = responder.get(reverse("incidents:views")).content.decode()

    assert "Mine" in html
    assert "Olga Owner" in html
    assert html.count("/delete/") == 1


def test_fragment_of_a_view_says_what_can_be_done(responder: Client, rosa: User) -> None:
    view = make_saved_view(query="severity[gte]=major", actor=Actor.of_user(rosa))

    html = responder.get(
        f"/incidents/?view={view.pk}&severity[gte]=minor", headers={"HX-Request": "true"}
    ).content.decode()

    assert "Update view" in html
    assert "<title>Fires" in html
