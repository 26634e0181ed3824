"""Pairs that look alike, found without anybody asking."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from incidents.models import DuplicateCandidate, SimilarityVerdict
from incidents.services.duplicates import find_duplicates
from incidents.services.verdicts import give_verdict
from tests.make import make_actor, make_incident, move_incident

pytestmark = pytest.mark.django_db

NAME = "Checkout API returns 500s for EU merchants"


def found() -> list[tuple[str, str]]:
    list(find_duplicates(100))
    rows = DuplicateCandidate.objects.order_by("id")
    return [(row.incident_id, row.other_incident_id) for row in rows]


def test_pairs_that_look_alike_are_found_once() -> None:
    older, newer = make_incident(NAME), make_incident(NAME)
    make_incident("Printer on fire")

    assert found() == [(older.pk, newer.pk)]
    assert found() == [(older.pk, newer.pk)]


def test_what_was_judged_is_not_found_again() -> None:
    older, newer = make_incident(NAME), make_incident(NAME)
    give_verdict(older.pk, newer.pk, "different", make_actor())

    assert found() == []


def test_what_is_long_over_is_not_compared() -> None:
    past = timezone.now() - datetime.timedelta(days=60)
    for _ in range(2):
        move_incident(make_incident(NAME, created_at=past), "closed")

    assert found() == []


def test_what_is_old_and_open_is_compared() -> None:
    past = timezone.now() - datetime.timedelta(days=60)
    older, newer = make_incident(NAME, created_at=past), make_incident(NAME)

    assert found() == [(older.pk, newer.pk)]


def test_two_private_incidents_are_not_found() -> None:
    for _ in range(2):
        make_incident(NAME, visibility="private", actor=make_actor("Olga Owner"))

    assert found() == []


@pytest.mark.parametrize("mode", ["test", "tutorial"])
def test_practice_is_not_compared(mode: str) -> None:
    for _ in range(2):
        make_incident(NAME, mode=mode)

    assert found() == []


def test_no_more_than_the_limit_are_compared() -> None:
    for number in range(3):
        make_incident(f"{NAME} {number}")

    assert sum(compared for compared, _ in find_duplicates(2)) == 2


def test_pairs_to_merge_are_open_or_recent() -> None:
    make_incident(NAME)
    make_incident(NAME)
    found()
    past = timezone.now() - datetime.timedelta(days=60)
    closed = [move_incident(make_incident(NAME, created_at=past), "closed") for _ in range(2)]
    give_verdict(closed[0].pk, closed[1].pk, "same", make_actor())

    assert DuplicateCandidate.objects.all().to_merge(make_actor()).count() == 1
    assert SimilarityVerdict.objects.all().to_merge(make_actor()).count() == 0
