"""Several people who judge the same incidents at the same moment."""

from __future__ import annotations

import pytest

from incidents.models import Actor, IncidentEvent, SimilarityVerdict
from incidents.services.duplicates import find_duplicates
from incidents.services.verdicts import give_verdict, reject_pairs
from tests.at_once import at_once
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.usefixtures("committed_db")

NAME = "Checkout API returns 500s for EU merchants"
PEOPLE = 6


def people() -> list[Actor]:
    return [make_actor(f"Person {number}") for number in range(PEOPLE)]


def test_of_many_equal_verdicts_one_is_kept_and_told() -> None:
    older, newer = make_incident(NAME), make_incident(NAME)
    actors = people()
    pairs = [(older.pk, newer.pk), (newer.pk, older.pk)]

    at_once(lambda number: give_verdict(*pairs[number % 2], "same", actors[number]), PEOPLE)

    assert SimilarityVerdict.objects.count() == 1
    assert IncidentEvent.objects.filter(kind="verdict_given").count() == 2


def test_groups_that_share_incidents_are_decided_side_by_side() -> None:
    rows = [make_incident(NAME) for _ in range(4)]
    list(find_duplicates(10))
    actors, ids = people(), [row.pk for row in rows]
    groups = [ids[:3], ids[1:], ids]

    at_once(lambda number: reject_pairs(groups[number % 3], actors[number]), PEOPLE)

    assert set(SimilarityVerdict.objects.values_list("verdict", flat=True)) == {"different"}
    assert SimilarityVerdict.objects.count() == 6
