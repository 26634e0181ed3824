"""Declaring by API: the policy of the key decides what a likely duplicate does, and headers tell what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from incidents.api.errors import ApiError, Problem, invalid, problems_of
from incidents.api.routes import Call
from incidents.services.declaring import Declared, HeldBack, declare_by_policy
from incidents.services.drafts import IncidentDraft
from incidents.services.similarity import Match

OUTCOME = "Tocsin-Outcome"


def declare(call: Call[Any, Any], draft: IncidentDraft, pointers: Mapping[str, str]) -> Declared:
    """Declare an incident as the policy of the key says.

    Raises:
        ApiError: 422 with everything that is wrong; 409 where the key refuses what looks like an open incident.
    """
    try:
        outcome = declare_by_policy(draft, call.actor, call.api_key.similar_policy)
    except ValidationError as error:
        raise invalid(*problems_of(error, pointers)) from None
    if isinstance(outcome, HeldBack):
        raise ApiError(409, *map(_refusal, outcome.unanswered), headers=_links(outcome.unanswered))
    return outcome


def headers_of(declared: Declared) -> dict[str, str]:
    """Return what the answer says beside the incident: what became of it, and which ones are like it."""
    outcome = "attached" if declared.was_attached else "created" if declared.created.is_new else "existing"
    matches = declared.similar.matches if declared.similar else ()
    return {OUTCOME: outcome, **_links(matches)}


def _links(matches: Iterable[Match]) -> dict[str, str]:
    links = [
        f'<{settings.BASE_URL}/v2/incidents/{match.incident_id}>; rel="similar"; title="{match.reference}"'
        for match in matches
    ]
    return {"Link": ", ".join(links)} if links else {}


def _refusal(match: Match) -> Problem:
    return Problem(
        "likely_duplicate",
        f"{match.reference} looks like the same incident and is still open. Add an update to it instead.",
        metadata={
            "incident_id": match.incident_id,
            "reference": match.reference,
            "level": match.level,
            "score": str(match.score),
        },
    )
