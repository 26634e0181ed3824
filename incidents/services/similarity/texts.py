"""The comparison without the incidents: one text against a few others that are at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.models import Configuration
from incidents.services.similarity.known_fields import known_values, pairs_asked
from incidents.services.similarity.question import Level, Question, Reason
from incidents.services.similarity.ranking import Asked, compare_text, judge
from incidents.services.similarity.reading import Reading, read
from incidents.services.similarity.reasons import reasons_for
from incidents.services.similarity.weighing import question_weights, usual_rarity


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the check says of two texts, were there no third: the points of the reasons add up to the score."""

    score: int
    level: Level
    reasons: tuple[Reason, ...]


def resemblance(question: Question, other: Question, configuration: Configuration) -> Resemblance:
    """Compare an incident somebody might declare with another one; no query.

    How rare a word is comes from the list of everyday words alone, so that no incident has a say in it.
    """
    asked, reading = _asked(question, configuration), _read(other, configuration)
    comparison = compare_text(asked, reading)
    score, level = judge(asked, comparison, incident_type_id=other.incident_type_id)
    return Resemblance(score.value, level, reasons_for(comparison, reading, other.name, score))


def warnings_among(
    question: Question, others: Iterable[Question], configuration: Configuration
) -> list[bool]:
    """Return of each of the others whether it would warn of itself: exact or likely; as resemblance, no query."""
    asked = _asked(question, configuration)
    return [_is_warning(asked, other, configuration) for other in others]


def _asked(question: Question, configuration: Configuration) -> Asked:
    reading = _read(question, configuration)
    return Asked(reading, question_weights(reading, usual_rarity), usual_rarity, question.incident_type_id)


def _is_warning(asked: Asked, other: Question, configuration: Configuration) -> bool:
    comparison = compare_text(asked, _read(other, configuration))
    _, level = judge(asked, comparison, incident_type_id=other.incident_type_id)
    return level != "related"


def _read(question: Question, configuration: Configuration) -> Reading:
    pairs = pairs_asked(question.field_values)
    return read(question.name, question.summary, pairs, known_values(configuration))
