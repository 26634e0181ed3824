"""The duplicate check as the rest of the product asks it: where it fails, nobody is kept from their work."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any, Self

from django.db import DatabaseError, transaction

from incidents.models import Actor, Configuration, Incident
from incidents.services.similarity import Limits, Match, Question, Similar, find_similar, question_about
from incidents.services.similarity.question import SHOWN
from incidents.services.similarity.scoring import VERSION

logger = logging.getLogger(__name__)

WIDE = Limits(rows=30, related=30)
"""As far as the check looks at all: a pair beyond is one that it does not find."""
# What a check that goes wrong can raise: the database, and arithmetic or look-ups on texts nobody thought of.
CHECK_FAILURES = (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError)


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """What the check said of a pair: 0 points where it did not find it, None where it could not be asked."""

    score: int | None = None
    level: str = ""
    reasons: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, match: Match) -> Self:
        """Return what a match says, in the form in which it is stored."""
        reasons = tuple(dataclasses.asdict(reason) for reason in match.reasons)
        return cls(match.score, match.level, reasons)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that verdicts and candidates share."""
        return {
            "score": self.score,
            "level": self.level,
            "reasons": list(self.reasons),
            "weights_version": VERSION,
        }


NOT_FOUND = Evidence(score=0)


def check(
    question: Question, actor: Actor, configuration: Configuration, limits: Limits = SHOWN
) -> Similar | None:
    """Return what find_similar returns, or None where it failed; queries as find_similar."""
    try:
        return find_similar(question, actor, limits, configuration=configuration)
    except CHECK_FAILURES:
        logger.exception("the duplicate check failed")
        return None


def check_in_transaction(
    question: Question, actor: Actor, configuration: Configuration, limits: Limits = SHOWN
) -> Similar | None:
    """As check, in a savepoint: PostgreSQL would refuse everything after a statement that failed."""
    try:
        with transaction.atomic():
            return find_similar(question, actor, limits, configuration=configuration)
    except CHECK_FAILURES:
        logger.exception("the duplicate check failed")
        return None


def evidence_about(incident_id: str, other_id: str, actor: Actor) -> Evidence:
    """Ask the check about two incidents as it was when the later one was declared; about a dozen queries.

    Only one of the two is asked about where that finds the other.
    """
    configuration = Configuration.current()
    older, newer = sorted((incident_id, other_id))
    rows = Incident.objects.visible_to(actor).in_bulk([older, newer])
    for asked, wanted in ((newer, older), (older, newer)):
        if asked not in rows:
            return Evidence()
        similar = check_in_transaction(question_about(rows[asked], configuration), actor, configuration, WIDE)
        if similar is None:
            return Evidence()
        found = evidence_in(similar, wanted)
        if found.score:
            return found
    return NOT_FOUND


def evidence_in(similar: Similar | None, incident_id: str) -> Evidence:
    """Return what an answer of the check says of one incident."""
    if similar is None:
        return Evidence()
    match = next((match for match in similar.matches if match.incident_id == incident_id), None)
    return Evidence.of(match) if match else NOT_FOUND
