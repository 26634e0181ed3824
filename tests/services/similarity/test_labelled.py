"""The duplicate check against our own labelled pairs: floors that may rise and never fall."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from incidents.models import Actor
from incidents.services.similarity import Match, Question, find_similar
from tests.make import make_actor, make_incident
from tests.services.similarity.labelled import ALERTS, DIFFERENT, RELATED, SAME, SAME_WITH_SUMMARY

pytestmark = pytest.mark.django_db

FEWEST_PAIRS = 150
FLOORS = {
    "found first": 0.93,
    "found among five": 0.93,
    "warned of": 0.58,
    "right when warned": 0.97,
    "related not warned of": 0.9,
    "look-alikes not warned of": 1.0,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What is stored, and what is asked."""

    stored: str
    asked: str
    stored_summary: str = ""
    summary: str = ""


def same_pairs() -> list[Pair]:
    plain = [Pair(stored, asked) for stored, asked in (*SAME, *ALERTS)]
    told = [Pair(stored, asked, before, now) for stored, before, asked, now in SAME_WITH_SUMMARY]
    return [*plain, *told]


def matches_of(pair: Pair, actor: Actor) -> tuple[Match, ...]:
    return find_similar(Question(name=pair.asked, summary=pair.summary), actor).matches


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def is_warned(pair: Pair, matches: tuple[Match, ...]) -> bool:
    return any(match.is_warning and match.name == pair.stored for match in matches)


def test_no_figure_falls() -> None:
    actor = make_actor(role="administrator")
    same = same_pairs()
    related, different = ([Pair(*pair) for pair in pairs] for pairs in (RELATED, DIFFERENT))
    stored = {pair.stored: pair.stored_summary for pair in (*related, *different, *same)}
    for name, summary in stored.items():
        make_incident(name, actor=actor, summary=summary)

    found = [(pair, matches_of(pair, actor)) for pair in same]
    warned = [(pair, matches[0]) for pair, matches in found if matches and matches[0].is_warning]
    figures = {
        "found first": share([bool(matches) and matches[0].name == pair.stored for pair, matches in found]),
        "found among five": share([pair.stored in {one.name for one in matches} for pair, matches in found]),
        "warned of": share([is_warned(pair, matches) for pair, matches in found]),
        "right when warned": share([match.name == pair.stored for pair, match in warned]),
        "related not warned of": share([not is_warned(pair, matches_of(pair, actor)) for pair in related]),
        "look-alikes not warned of": share(
            [not is_warned(pair, matches_of(pair, actor)) for pair in different]
        ),
    }

    assert {name: figure for name, figure in figures.items() if figure < FLOORS[name]} == {}, figures


def test_there_are_enough_pairs_and_none_twice() -> None:
    pairs = [(pair.stored, pair.asked) for pair in same_pairs()]
    everything = [*pairs, *RELATED, *DIFFERENT]

    assert len(set(everything)) == len(everything) >= FEWEST_PAIRS
