"""The report of a bulk change: its steps, its rows, the set it finds again, its undo, and whom it is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from incidents.models import Actor, IncidentEvent, User
from incidents.models.ulid import new_ulid
from incidents.services.memberships import grant_membership, revoke_membership
from tests.make import make_actor, make_incident, make_user, merge, move_incident
from tests.services.test_bulk_changes import Kind, done, outcomes, severity, started
from tests.web.lists import names_on
from tests.web.test_bulk_changes import ADDRESS, words_of

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def browser(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def test_a_long_change_goes_on_by_its_button(browser: Client, rosa: User) -> None:
    incidents = [make_incident(f"A{number}") for number in range(30)]
    change = started(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), *incidents)

    report = browser.get(change.get_absolute_url())
    assert "0 of 30" in words_of(report)
    assert outcomes(change) == ["waiting"] * 30
    answer = browser.post(f"{change.get_absolute_url()}steps/")

    assert answer.status_code == 303
    assert outcomes(change) == ["changed"] * 30


def test_a_step_answers_with_the_report(browser: Client, rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.web.views.bulk_changes.SECONDS_OF_A_STEP", 0)
    incidents = [make_incident(f"A{number}") for number in range(30)]
    change = started(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), *incidents)
    steps = f"{change.get_absolute_url()}steps/"

    halfway = browser.post(steps, headers={"HX-Request": "true"})
    end = browser.post(steps, headers={"HX-Request": "true"})

    assert "25 of 30" in words_of(halfway)
    assert "<html" not in halfway.content.decode()
    assert "hx-post" in halfway.content.decode()
    assert "hx-post" not in end.content.decode()
    assert "Done: 30 changed, 0 already so, 0 refused" in words_of(end)


def test_the_report_is_paged_and_sorted_by_outcome(browser: Client, rosa: User) -> None:
    survivor, source = make_incident("Goes on"), make_incident("Merged one")
    merge(survivor, source)
    incidents = [make_incident(f"Number {number}") for number in range(60)]
    change = done(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), *incidents, source)
    address = change.get_absolute_url()

    first, refused = browser.get(address), browser.get(f"{address}?outcome=refused")
    second = browser.get(f"{address}?after=50")

    assert "Number 49" in words_of(first)
    assert "Number 50" not in words_of(first)
    assert "?after=50" in first.content.decode()
    assert "Number 50" in words_of(second)
    assert "Merged one" in words_of(refused)
    assert "It was merged" in words_of(refused)
    assert "Number 1" not in words_of(refused)
    for wrong in ("?after=x", "?after=-1", "?after=99999999", "?outcome=nothing", "?after=²"):
        assert browser.get(f"{address}{wrong}").status_code == 200


def test_the_list_finds_exactly_that_set(browser: Client, rosa: User) -> None:
    incidents = [make_incident("A"), make_incident("B", mode="test"), make_incident("C")]
    make_incident("D")
    move_incident(incidents[2], "closed")
    change = done(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), *incidents)

    page = browser.get(f"/incidents/?bulk_change[one_of]={change.pk}")

    assert sorted(names_on(page)) == ["A", "B", "C"]
    assert "Filter: Bulk change is Severity to Critical" in page.content.decode()
    assert (
        f'/incidents/?bulk_change[one_of]={change.pk}"'
        in browser.get(change.get_absolute_url()).content.decode()
    )
    narrowed = browser.get(f"/incidents/?bulk_change[one_of]={change.pk}&status_category[one_of]=closed")
    assert names_on(narrowed) == ["C"]


def test_the_set_of_others_is_as_one_that_is_missing(browser: Client, client: Client, rosa: User) -> None:
    change = done(make_actor("Mei"), Kind.SEVERITY, (severity("critical"),), make_incident("A"))
    told = [
        re.sub(r"\b[0-9A-Z]{26}\b", "", words_of(browser.get(f"/incidents/?bulk_change[one_of]={pk}")))
        for pk in (change.pk, new_ulid())
    ]

    assert told[0] == told[1]
    assert "There is no bulk change" in told[0]
    client.force_login(make_user("Ada", role="administrator"))
    assert names_on(client.get(f"/incidents/?bulk_change[one_of]={change.pk}")) == ["A"]


def test_the_set_shows_nobody_what_went_out_of_sight(browser: Client, rosa: User) -> None:
    owner = make_actor("Olga Owner")
    private, public = make_incident("Secret", actor=owner, visibility="private"), make_incident("A")
    grant_membership(private.pk, rosa, owner)
    change = done(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), private, public)
    revoke_membership(private.pk, rosa, owner)

    report = browser.get(change.get_absolute_url()).content.decode()

    assert names_on(browser.get(f"/incidents/?bulk_change[one_of]={change.pk}")) == ["A"]
    assert "Secret" not in report
    assert private.reference not in report
    assert "Not visible any more" in report


@pytest.mark.parametrize("what", ["", "steps/", "undo/"])
def test_the_changes_of_others_answer_as_missing_ones(browser: Client, what: str) -> None:
    others = done(make_actor("Mei"), Kind.SEVERITY, (severity("critical"),), make_incident("A"))
    ask = browser.post if what else browser.get

    statuses = [ask(f"{ADDRESS}{pk}/{what}").status_code for pk in (others.pk, new_ulid(), "nobody", "²")]

    assert statuses == [404] * 4
    assert outcomes(others) == ["changed"]


def test_an_undo_by_the_page(browser: Client, rosa: User) -> None:
    incident = make_incident("A")
    change = done(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), incident)
    undo = f"{change.get_absolute_url()}undo/"

    answer, again = browser.post(undo), browser.post(undo)

    assert answer.status_code == 303
    assert answer["Location"] == again["Location"] != change.get_absolute_url()
    assert "Undo of Severity to Critical" in words_of(browser.get(answer["Location"]))
    assert "See its undo" in words_of(browser.get(change.get_absolute_url()))
    told = incident.events.filter(kind=IncidentEvent.Kind.SEVERITY_CHANGED)
    assert told.count() == 2
    # An undo has no undo.
    assert browser.post(f"{answer['Location']}undo/")["Location"] == answer["Location"]


def test_who_became_a_viewer_undoes_nothing(browser: Client, rosa: User) -> None:
    change = done(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), make_incident("A"))
    User.objects.filter(pk=rosa.pk).update(role=User.Role.VIEWER)

    assert browser.post(f"{change.get_absolute_url()}undo/").status_code == 403
    assert "Undo" not in words_of(browser.get(change.get_absolute_url()))


def test_recent_changes_are_ones_own(browser: Client, rosa: User) -> None:
    incident = make_incident("A")
    done(Actor.of_user(rosa), Kind.SEVERITY, (severity("critical"),), incident)
    done(make_actor("Mei"), Kind.SEVERITY, (severity("minor"),), incident)

    page = words_of(browser.get(f"{ADDRESS}recent/"))

    assert "Severity to Critical" in page
    assert "Severity to Minor" not in page


def test_a_report_costs_the_same_for_many(
    browser: Client, rosa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actor = Actor.of_user(rosa)
    few = done(actor, Kind.SEVERITY, (severity("critical"),), make_incident("A"))
    many = done(actor, Kind.SEVERITY, (severity("minor"),), *(make_incident(f"A{n}") for n in range(70)))
    browser.get(few.get_absolute_url())

    for change in (few, many):
        with django_assert_num_queries(7):
            assert browser.get(change.get_absolute_url()).status_code == 200
    with django_assert_num_queries(6):
        browser.get(f"/incidents/?bulk_change[one_of]={many.pk}")
