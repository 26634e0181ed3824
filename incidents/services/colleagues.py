"""Who else is declaring the same thing at this moment."""

from __future__ import annotations

import dataclasses
import datetime
import logging

from incidents.models import Actor, Configuration, DeclareDraft, User
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.services.declaring import question_of
from incidents.services.drafts import IncidentDraft
from incidents.services.duplicate_check import CHECK_FAILURES
from incidents.services.similarity import KnownValue, Question, warnings_among

logger = logging.getLogger(__name__)

DRAFTS_COMPARED = 50
MOST_COLLEAGUES = 3
_COLUMNS = ("name", "summary_start", "known_values", "incident_type_id", "visibility", "updated_at")


@dataclasses.dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who is typing what looks like the same incident: what is to be judged, and when they last typed."""

    person: User
    name: str
    is_private: bool
    typed_at: datetime.datetime


def find_colleagues(
    draft: IncidentDraft, actor: Actor, configuration: Configuration
) -> tuple[Colleague, ...]:
    """Return who else is declaring the same, who typed last first; one query.

    The newest 50 drafts that others touched within five minutes are compared as incidents are. Private ones are
    compared for administrators alone; for anybody else they are not there. A comparison that fails finds nobody.
    """
    if draft.mode not in DEFAULT_MODES:
        return ()
    drafts = list(
        DeclareDraft.objects.of_colleagues(actor)
        .select_related("user")
        .only(*_COLUMNS, "user__name", "user__email")
        .order_by("-updated_at", "-id")[:DRAFTS_COMPARED]
    )
    if not drafts:
        return ()
    try:
        question = question_of(draft, configuration)
        are_same = warnings_among(question, [_question_of(other) for other in drafts], configuration)
    except CHECK_FAILURES:
        logger.exception("the comparison with drafts of colleagues failed")
        return ()
    same: dict[str, Colleague] = {}
    for other, is_same in zip(drafts, are_same, strict=True):
        if is_same:
            same.setdefault(other.user_id, _colleague(other))
    return tuple(same.values())[:MOST_COLLEAGUES]


def _question_of(draft: DeclareDraft) -> Question:
    return Question(
        name=draft.name,
        summary=draft.summary_start,
        field_values=tuple(KnownValue(kind, value) for kind, value in draft.known_values),
        incident_type_id=draft.incident_type_id,
    )


def _colleague(draft: DeclareDraft) -> Colleague:
    return Colleague(draft.user, str(draft), draft.visibility == "private", draft.updated_at)
