"""The duplicate check, for whoever wants to know before declaring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from django.conf import settings
from msgspec import UNSET, Meta, Struct, UnsetType

from incidents import text
from incidents.api.errors import ApiError, Problem, in_api_time, invalid
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire.base import Id
from incidents.api.wire.similar import SimilarAlike, SimilarIncident, SimilarList, SimilarReason
from incidents.models.api_key_roles import Scope
from incidents.services.declaring import look_for_similar
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import Problems

if TYPE_CHECKING:
    from incidents.services.similarity import Match

_CUSTOM_FIELD = re.compile(r"custom_field\[([^\[\]]+)\]\Z")


class SimilarQuery(Struct):
    """What is about to be declared."""

    name: Annotated[str, Meta(max_length=text.NAME_LENGTH, description="What is happening, in one line.")] = (
        ""
    )
    summary: Annotated[
        str, Meta(max_length=4_000, description="More about it. The start of it is compared.")
    ] = ""
    incident_type_id: Id = ""


def list_similar(call: Call[SimilarQuery, Nothing]) -> SimilarList:
    name, summary = _texts(call.query)
    draft = IncidentDraft(
        name=name,
        summary=summary,
        incident_type_id=call.query.incident_type_id.upper() or None,
        custom_fields=_custom_fields(call),
    )
    similar = look_for_similar(draft, call.actor, call.configuration)
    if similar is None:
        raise ApiError(
            503, Problem("unavailable", "The check failed. Declare; duplicates can be merged later.")
        )
    return SimilarList(
        similar_incidents=[_incident(match) for match in similar.matches],
        compared=similar.compared,
        window_days=similar.window_days,
    )


def _texts(query: SimilarQuery) -> tuple[str, str]:
    problems = Problems()
    name = problems.line("name", query.name, limit=text.NAME_LENGTH)
    summary = problems.text("summary", query.summary, limit=text.SUMMARY_LENGTH)
    if not name and not summary:
        raise invalid(Problem("is_required", "Send a name or a summary.", "/name"))
    problems.raise_if_any()
    return name, summary


def _custom_fields(call: Call[SimilarQuery, Nothing]) -> dict[str, tuple[str, ...]]:
    """Return the values of `custom_field[id or slug]`, repeated for several; fields that nobody knows are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in call.request.GET.lists():
        match = _CUSTOM_FIELD.match(name)
        field = call.configuration.custom_fields.find(match[1]) if match else None
        if field is not None:
            found[field.pk] = tuple(value[: text.VALUE_LENGTH] for value in values[:100])
    return found


def _incident(match: Match) -> SimilarIncident:
    return SimilarIncident(
        id=match.incident_id,
        external_id=match.number,
        reference=match.reference,
        name=match.name,
        permalink=f"{settings.BASE_URL}/incidents/{match.reference}/",
        status_category=match.status_category,  # type: ignore[arg-type]  # the database's CHECK
        visibility="private" if match.is_private else "public",
        created_at=in_api_time(match.created_at),
        level=match.level,
        score=match.score,
        reasons=[
            SimilarReason(code=reason.code, text=reason.text, points=reason.points)
            for reason in match.reasons
        ],
        alike=_alike(match),
    )


def _alike(match: Match) -> SimilarAlike | UnsetType:
    if match.alike is None:
        return UNSET
    return SimilarAlike(count=match.alike.count, is_capped=match.alike.is_capped)


ROUTES = (
    Route(
        method="GET",
        path="/v2/incidents/actions/similar",
        group="Incidents",
        summary="Find similar incidents",
        description=(
            "Asks what the declare form asks: which open and recent incidents may be the same, and why. Give values"
            " of custom fields as `custom_field[affected-service]=checkout`, by id or slug. Of Tocsin’s own."
        ),
        handler=list_similar,
        scope=Scope.INCIDENTS_VIEW,
        query=SimilarQuery,
        answer=SimilarList,
    ),
)
