"""Which incidents each filter keeps, and what it says when it cannot be read."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import time_machine

from incidents.models import Actor, Configuration, Incident, ulid
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.services.configuration import touch_configuration
from tests.filters.asking import names
from tests.make import (
    make_actor,
    make_incident,
    make_team,
    make_user,
    move_incident,
)

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture
def ids_follow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of one process never go back in time, so a test that does has to forget the last one."""
    monkeypatch.setattr(ulid, "_last_minted", 0)


@pytest.fixture
def severities() -> None:
    for severity in ("minor", "moderate", "major", "critical"):
        make_incident(severity, severity=severity)


@pytest.mark.usefixtures("severities")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("severity[one_of]=major&severity[one_of]=minor", {"major", "minor"}),
        ("severity[one_of]=MAJOR", {"major"}),
        ("severity[not_in]=major", {"minor", "moderate", "critical"}),
        ("severity[gte]=major", {"major", "critical"}),
        ("severity[lte]=moderate", {"minor", "moderate"}),
        ("severity[gte]=moderate&severity[lte]=major", {"moderate", "major"}),
        ("severity%5Bone_of%5D=critical", {"critical"}),
    ],
)
def test_severity(query: str, expected: set[str]) -> None:
    assert names(query) == expected


@pytest.mark.usefixtures("severities")
def test_severity_is_found_by_id() -> None:
    major = Configuration.current().severities.by_slug["major"]

    assert names(f"severity[one_of]={major.pk.lower()}") == {"major"}


@pytest.fixture
def statuses() -> None:
    make_incident("triage", status="triage")
    make_incident("fixing", status="fixing")
    move_incident(make_incident("closed", status="fixing"), "closed")


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status[one_of]=fixing", {"fixing"}),
        ("status[not_in]=fixing", {"triage", "closed"}),
        ("status_category[one_of]=live", {"fixing"}),
        ("status_category[not_in]=live", {"triage", "closed"}),
        ("status_category[one_of]=open", {"triage", "fixing"}),
        ("status_category[one_of]=any", {"triage", "fixing", "closed"}),
        ("", {"triage", "fixing", "closed"}),
    ],
)
def test_status(query: str, expected: set[str]) -> None:
    assert names(query) == expected


def test_incident_type() -> None:
    make_incident("supplier", incident_type="supplier")
    make_incident("production", incident_type="production")

    assert names("incident_type[one_of]=supplier") == {"supplier"}
    assert names("incident_type[not_in]=supplier") == {"production"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"standard", "retrospective"}),
        ("severity[one_of]=major", {"standard", "retrospective"}),
        ("mode[one_of]=test", {"test"}),
        ("mode[one_of]=standard&mode[one_of]=tutorial", {"standard", "tutorial"}),
    ],
)
def test_tests_and_tutorials_are_left_out_unless_asked_for(query: str, expected: set[str]) -> None:
    for mode in Incident.Mode.values:
        make_incident(mode, mode=mode)

    assert names(query) == expected


def test_role() -> None:
    configuration = Configuration.current()
    lead = configuration.lead_role
    assert lead is not None
    ann, ben = make_user("Ann Berg"), make_user("Ben Cole")
    make_incident("by ann", roles={lead.pk: ann.pk})
    make_incident("by ben", roles={lead.pk: ben.pk})
    make_incident("nobody")

    assert names("incident_role[lead][one_of]=me", Actor.of_user(ann)) == {"by ann"}
    assert names(f"incident_role[{lead.pk}][one_of]={ben.pk}") == {"by ben"}
    assert names(f"incident_role[{lead.slug}][one_of]={ben.email.upper()}") == {"by ben"}
    assert names("incident_role[lead][is_blank]=true") == {"nobody"}
    assert names("incident_role[lead][is_blank]=false") == {"by ann", "by ben"}
    assert names("incident_role[lead][is_set]=true") == {"by ann", "by ben"}


def test_creator() -> None:
    ann = make_user("Ann Berg")
    make_incident("hers", actor=Actor.of_user(ann))
    make_incident("another")

    assert names(f"creator[one_of]={ann.email}") == {"hers"}


def test_team() -> None:
    payments, search = make_team("Payments"), make_team("Search")
    make_incident("both", team_ids=(payments.pk, search.pk))
    make_incident("search", team_ids=(search.pk,))
    make_incident("none")

    assert names("team[one_of]=payments") == {"both"}
    assert names("team[one_of]=payments&team[one_of]=search") == {"both", "search"}
    assert names("team[not_in]=payments") == {"search", "none"}
    assert names("team[is_blank]=true") == {"none"}


@pytest.mark.usefixtures("ids_follow_the_clock")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("created_at[gte]=2026-03-11", {"11th", "12th"}),
        ("created_at[lte]=2026-03-11", {"10th", "11th"}),
        ("created_at[date_range]=2026-03-11~2026-03-11", {"11th"}),
        ("created_at[gte]=2026-03-11T12:00:00Z", {"11th", "12th"}),
        ("created_at[gte]=2026-03-11T12:00:01Z", {"12th"}),
        ("created_at[lte]=2026-03-11T13:00:00%2B01:00", {"10th", "11th"}),
        ("updated_at[gte]=2026-03-11", {"11th", "12th"}),
        ("updated_at[lte]=2026-03-11", {"10th", "11th"}),
        ("updated_at[date_range]=2026-03-12~2026-03-20", {"12th"}),
    ],
)
def test_dates(query: str, expected: set[str]) -> None:
    for days, name in enumerate(("10th", "11th", "12th")):
        with time_machine.travel(NOON + datetime.timedelta(days=days), tick=False):
            make_incident(name)

    assert names(query) == expected


@pytest.mark.usefixtures("ids_follow_the_clock")
def test_days_are_those_of_the_reader() -> None:
    with time_machine.travel(datetime.datetime(2026, 3, 10, 20, tzinfo=datetime.UTC), tick=False):
        make_incident("evening")

    assert names("created_at[gte]=2026-03-11", zone=ZoneInfo("Asia/Tokyo")) == {"evening"}
    assert names("created_at[gte]=2026-03-11") == set()


@pytest.mark.parametrize("words", ["checkout", "CHECKOUT api", "inc-1", "100%25", "größe"])
def test_search_finds_every_word(words: str) -> None:
    make_incident("Checkout API at 100% GRÖSSE")
    make_incident("Another thing entirely")

    assert len(names(f"search={words}")) >= 1
    assert names("search=checkout entirely") == set()
    assert names("search=check_ut") == set()


def test_private_incidents_show_to_members_alone() -> None:
    admin, member, stranger = make_actor(role="administrator"), make_user("Mia"), make_user("Sol")
    lead = Configuration.current().lead_role
    assert lead is not None
    make_incident(
        "secret",
        actor=admin,
        visibility="private",
        member_ids=(member.pk,),
        roles={lead.pk: member.pk},
    )
    queries = [
        "",
        "search=secret",
        "visibility[one_of]=private",
        f"incident_role[lead][one_of]={member.pk}",
        "incident_role[lead][is_set]=true",
        f"creator[one_of]={admin.user_id}",
    ]

    assert all(names(query, Actor.of_user(member)) == {"secret"} for query in queries)
    assert all(names(query, Actor.of_user(stranger)) == set() for query in queries)


@pytest.mark.parametrize("query", ["utm_source=chat", "search=", "severity[one_of]=", "created_at[gte]=+"])
def test_blank_and_foreign_parameters_ask_for_nothing(query: str) -> None:
    make_incident("one")

    assert names(query) == {"one"}


def test_severity_that_shares_its_rank_is_told_apart() -> None:
    make_incident("major", severity="major")
    critical = Configuration.current().severities.by_slug["critical"]
    major = Configuration.current().severities.by_slug["major"]
    make_incident("critical", severity="critical")
    Incident.objects.filter(severity=critical).update(severity_rank=major.rank)
    type(critical).objects.filter(pk=critical.pk).update(rank=major.rank)
    touch_configuration()

    assert names("severity[one_of]=major") == {"major"}
    assert names("severity[not_in]=major") == {"critical"}
    assert names("severity[gte]=major") == {"major", "critical"}


def test_incident_without_severity_is_below_none() -> None:
    incident = make_incident("without")
    Incident.objects.filter(pk=incident.pk).update(severity=None, severity_rank=NO_SEVERITY_RANK)

    assert names("severity[lte]=critical") == set()
    assert names("severity[not_in]=critical") == {"without"}
