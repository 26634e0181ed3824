"""Storms: near-identical incidents are one line with a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Actor, Configuration, Incident
from incidents.services.creation import Created
from incidents.services.declaring import HeldBack, declare_incident
from incidents.services.drafts import IncidentDraft
from incidents.services.similarity import Question, Similar, find_similar
from incidents.services.similarity.alike import COLLAPSED_FROM, alike_token, words_alike
from incidents.services.similarity.reading import read
from incidents.services.similarity.weighing import COUNT_LIMIT
from tests.make import make_actor, make_custom_field, make_incident

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

NOTHING: frozenset[tuple[str, str]] = frozenset()


@pytest.fixture
def alice(db: None) -> Actor:
    return make_actor(role="administrator")


def token_of(name: str) -> str:
    return alike_token(read(name, "", NOTHING))


def make_storm(count: int, actor: Actor, **draft: Any) -> list[Incident]:
    return [
        make_incident(
            f"Replica lag above limit on db-{number:04} since {number % 24:02}:15", actor=actor, **draft
        )
        for number in range(count)
    ]


def asked(actor: Actor, name: str = "Replica lag above limit on db-9999 since 17:40") -> Similar:
    return find_similar(Question(name=name), actor)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Disk full on db-03", "Disk full on db-07"),
        ("Disk full on 10.4.1.17", "disk FULL on 10.9.3.2:9100"),
        ("Backup failed at 10:04", "Backup failed at 23:59"),
        ("Backup failed, run 17", "Backup failed, run 20418"),
        ("Latency of checkout above 300ms", "Latency of checkout above 4500ms"),
        ("Pod mail-7d9f8b6c51-x2x1v crashes", "Pod mail-99ac01fe32-q7z4k crashes"),
        ("Certificate of a.example.com expired", "Certificate of b.example.com expired"),
    ],
)
def test_a_number_a_host_or_a_time_makes_no_other_incident(left: str, right: str) -> None:
    assert token_of(left) == token_of(right) != ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("DNS fails in eu-west-1", "DNS fails in us-east-1"),
        ("Nodes of prod-a not ready", "Nodes of staging-b not ready"),
        ("Errors from S3", "Errors from EC2"),
        ("Disk full on db-03", "Memory full on db-03"),
        ("Webhooks to Zephyr fail", "Webhooks to Borealis fail"),
    ],
)
def test_another_region_environment_or_word_makes_another_incident(left: str, right: str) -> None:
    assert token_of(left) != token_of(right)


def test_another_service_makes_another_incident() -> None:
    name = "Error rate above limit"

    payout, search = (
        alike_token(read(name, "", frozenset({("service", service)}))) for service in ("Payout", "Search")
    )

    assert payout != search


@pytest.mark.parametrize("name", ["", "node-12", "12345", "…", "10.4.1.17"])
def test_a_name_of_nothing_but_hosts_and_numbers_is_like_no_other(name: str) -> None:
    assert token_of(name) == ""


@given(name=st.text(max_size=200))
def test_any_name_has_a_token_that_fits_the_column(name: str) -> None:
    assert len(token_of(name)) <= 80
    assert len(words_alike(name, read(name, "", NOTHING))) <= len(name)


def test_a_storm_is_one_line_with_a_count(alice: Actor) -> None:
    make_storm(40, alice)

    (match,) = asked(alice).matches

    assert match.alike is not None
    assert (match.alike.count, match.alike.is_capped) == (39, False)
    assert match.alike.search == "Replica lag above limit"


def test_a_storm_leaves_room_for_another_incident(alice: Actor) -> None:
    make_storm(12, alice)
    other = make_incident("Replica lag breaks the ledger report", actor=alice)

    matches = asked(alice).matches

    assert [match.incident_id for match in matches[1:]] == [other.pk]
    assert [match.alike is None for match in matches] == [False, True]


def test_the_same_host_stands_for_the_storm(alice: Actor) -> None:
    storm = make_storm(12, alice)

    matches = asked(alice, storm[3].name).matches

    assert [match.incident_id for match in matches] == [storm[3].pk]


def test_a_few_hosts_are_told_one_by_one(alice: Actor) -> None:
    storm = make_storm(COLLAPSED_FROM - 1, alice)

    matches = asked(alice).matches

    assert {match.incident_id for match in matches} == {incident.pk for incident in storm}
    assert [match.alike for match in matches] == [None] * len(storm)
    assert all(match.level == "related" for match in matches)


def test_only_what_one_may_see_is_counted(alice: Actor) -> None:
    stranger, member = make_actor("Bob Lind"), make_actor("Carla Ott")
    make_storm(6, alice)
    before = asked(stranger).matches
    assert member.user_id is not None
    make_storm(5, alice, visibility="private", member_ids=(member.user_id,))

    (hidden,), (seen,), (everything,) = (asked(actor).matches for actor in (stranger, member, alice))

    assert hidden.alike == before[0].alike
    assert hidden.alike is not None
    assert seen.alike is not None
    assert everything.alike is not None
    assert (hidden.alike.count, seen.alike.count, everything.alike.count) == (5, 10, 10)


def test_the_one_that_is_asked_about_is_not_counted(alice: Actor) -> None:
    storm = make_storm(6, alice)

    question = Question(name=storm[0].name, exclude_incident_id=storm[0].pk)
    (match,) = find_similar(question, alice).matches

    assert match.alike is not None
    assert match.alike.count == 4


def test_a_storm_costs_one_query_more(
    alice: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_storm(12, alice)
    asked(alice)

    with django_assert_num_queries(7):
        asked(alice)


def test_misspelt_words_in_a_storm_cost_eight_queries(
    alice: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_custom_field(options=("Ledger",), similarity="service")
    make_storm(12, alice)
    misspelt = "Replicca lag abovve limitt on db-9999"
    (match,) = asked(alice, misspelt).matches
    assert match.alike

    with django_assert_num_queries(8):
        asked(alice, misspelt)


def test_one_answer_is_enough_while_the_storm_goes_on(alice: Actor) -> None:
    severity = Configuration.current().severities.by_slug["major"]
    for number in range(8):
        make_incident("Card payments declined by the acquirer", actor=alice, summary=f"Shop {number}")
    draft = IncidentDraft(name="Card payments declined by the acquirer", severity_id=severity.pk)
    held = declare_incident(draft, alice)
    assert isinstance(held, HeldBack)
    answered = IncidentDraft(
        name=draft.name,
        severity_id=severity.pk,
        separate_from=tuple(match.incident_id for match in held.unanswered),
        separate_reason="Another acquirer",
    )
    make_incident(draft.name, actor=alice, summary="one more shop meanwhile")

    outcome = declare_incident(answered, alice)

    assert isinstance(outcome, Created)


@pytest.mark.scale
def test_the_count_stops_at_its_limit(alice: Actor) -> None:
    make_storm(COUNT_LIMIT + 2, alice)

    (match,) = asked(alice).matches

    assert match.alike is not None
    assert (match.alike.count, match.alike.is_capped) == (COUNT_LIMIT, True)
