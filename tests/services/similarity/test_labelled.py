"""The duplicate check against our own labelled pairs: floors that may rise and never fall."""

from __future__ import annotations

import pytest

from incidents.models import Actor
from incidents.services.similarity import Match, Question, find_similar
from tests.make import make_actor, make_incident
from tests.services.similarity.labelled import DIFFERENT, SAME

pytestmark = pytest.mark.django_db

FOUND_FIRST_FLOOR = 0.95
WARNED_FLOOR = 0.55


@pytest.fixture
def actor() -> Actor:
    """Somebody in an installation that holds every stored incident of the pairs."""
    declarer = make_actor(role="administrator")
    for name in dict.fromkeys(stored for stored, _ in (*SAME, *DIFFERENT)):
        make_incident(name, actor=declarer)
    return declarer


def _first(name: str, actor: Actor) -> Match | None:
    return next(iter(find_similar(Question(name=name), actor).matches), None)


def test_same_incident_in_other_words_is_found_first(actor: Actor) -> None:
    firsts = [(stored, _first(asked, actor)) for stored, asked in SAME]

    missed = [stored for stored, first in firsts if first is None or first.name != stored]

    assert len(missed) <= (1 - FOUND_FIRST_FLOOR) * len(SAME), missed


def test_most_of_the_same_incidents_are_warned_of(actor: Actor) -> None:
    firsts = [(stored, _first(asked, actor)) for stored, asked in SAME]

    unwarned = [stored for stored, first in firsts if first is None or not first.is_warning]

    assert len(unwarned) <= (1 - WARNED_FLOOR) * len(SAME), unwarned


@pytest.mark.parametrize(("stored", "asked"), DIFFERENT)
def test_look_alike_is_never_warned_of(stored: str, asked: str) -> None:
    declarer = make_actor(role="administrator")
    make_incident(stored, actor=declarer)

    assert find_similar(Question(name=asked), declarer).warnings == ()


def test_warnings_are_right(actor: Actor) -> None:
    warned = [
        (match.name, stored) for stored, asked in SAME if (match := _first(asked, actor)) and match.is_warning
    ]

    assert [pair for pair in warned if pair[0] != pair[1]] == []
