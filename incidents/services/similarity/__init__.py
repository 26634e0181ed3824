"""The duplicate check: which incidents may be the one that somebody is about to declare, and why."""

from __future__ import annotations

from incidents.services.similarity.finding import find_similar
from incidents.services.similarity.postings import index_declared, index_incident, index_incidents
from incidents.services.similarity.question import Alike, KnownValue, Limits, Match, Question, Reason, Similar
from incidents.services.similarity.stored import question_about
from incidents.services.similarity.texts import Resemblance, resemblance, warnings_among

__all__ = [
    "Alike",
    "KnownValue",
    "Limits",
    "Match",
    "Question",
    "Reason",
    "Resemblance",
    "Similar",
    "find_similar",
    "index_declared",
    "index_incident",
    "index_incidents",
    "question_about",
    "resemblance",
    "warnings_among",
]
