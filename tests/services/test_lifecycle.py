"""Which statuses may follow which."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from incidents.models import Configuration, StatusCategory
from incidents.services.lifecycle import moves_from, refusal_of_move
from tests.make import make_incident, move_incident, status_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("triage", "investigating"),
        ("triage", "declined"),
        ("triage", "closed"),
        ("investigating", "monitoring"),
        ("monitoring", "investigating"),
        ("investigating", "paused"),
        ("paused", "fixing"),
        ("investigating", "write-up"),
        ("write-up", "closed"),
        ("closed", "investigating"),
        ("declined", "triage"),
        ("canceled", "investigating"),
    ],
)
def test_a_move_is_allowed(before: str, after: str) -> None:
    assert refusal_of_move(status_of(before), status_of(after)) == ""


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("investigating", "declined", "Declining is for incidents in triage"),
        ("investigating", "triage", "Triage comes first"),
        ("write-up", "canceled", "Canceling is for incidents that are still open"),
        ("investigating", "merged", "by merging it"),
        ("merged", "investigating", "stays merged"),
        ("declined", "closed", "Reopen it first"),
    ],
)
def test_a_move_is_refused_with_its_reason(before: str, after: str, reason: str) -> None:
    assert reason in refusal_of_move(status_of(before), status_of(after))


def test_every_status_is_offered_with_a_verdict() -> None:
    configuration = Configuration.current()

    moves = moves_from(status_of("investigating"), configuration)

    assert [move.status for move in moves] == list(configuration.incident_statuses)
    assert {move.status.category for move in moves if not move.is_allowed} == {"triage", "declined", "merged"}


def test_the_refusal_reaches_whoever_tries() -> None:
    with pytest.raises(ValidationError) as refused:
        move_incident(make_incident(), "declined")

    assert "Cancel this one instead" in refused.value.message_dict["incident_status_id"][0]


def test_there_is_a_status_for_each_category() -> None:
    configuration = Configuration.current()

    assert all(configuration.first_status(category) for category in StatusCategory)
