"""Incidents V1, which is deprecated: list, show, create."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta

from incidents.api.declaring import declare, headers_of
from incidents.api.drafts import create_draft
from incidents.api.errors import Problem, invalid, not_found
from incidents.api.query import PageQuery
from incidents.api.reading.incidents import read_incident, read_incidents
from incidents.api.reading.incidents_v1 import incidents_v1_of, status_named, status_word
from incidents.api.reading.totals import known_total, total_of
from incidents.api.routes import Answer, Call, Nothing, Route
from incidents.api.views.incidents import named_incidents, place_after
from incidents.api.wire import incidents as wire
from incidents.api.wire import incidents_v1 as wire_v1
from incidents.api.wire.base import PaginationMetaWithTotal
from incidents.models import Incident
from incidents.models.api_key_roles import Scope
from incidents.models.incident_listing import Asked
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.incident_queryset import IncidentQuerySet


class ListQuery(PageQuery):
    """Which part of the list, and those of which statuses."""

    status: Annotated[list[wire_v1.StatusV1], Meta(max_length=6, description="May be repeated.")] = []


def list_incidents(call: Call[ListQuery, Nothing]) -> wire_v1.IncidentsListV1:
    size, words = call.query.page_size, set(call.query.status)
    incidents = Incident.objects.visible_to(call.actor).in_default_modes()
    if words:
        meant = [row.pk for row in call.configuration.incident_statuses if status_word(row) in words]
        incidents = incidents.filter(incident_status__in=meant)
    asked = Asked(order=NEWEST_FIRST, size=size + 1, place=place_after(call.query.after))
    counted = total_of(incidents, call.actor, is_filtered=bool(words))
    found, total = read_incidents(incidents, asked, call.configuration, counted)
    return wire_v1.IncidentsListV1(
        incidents=incidents_v1_of(found[:size], call.configuration),
        pagination_meta=PaginationMetaWithTotal(
            page_size=size,
            after=found[size - 1].id if len(found) > size else UNSET,
            total_record_count=known_total(total, is_filtered=bool(words)),
        ),
    )


def show_incident(call: Call[Nothing, Nothing]) -> wire_v1.IncidentsShowV1:
    return _shown(named_incidents(call), call)


def create(call: Call[Nothing, wire_v1.IncidentsCreatePayloadV1]) -> Answer:
    draft, pointers = create_draft(_payload(call), call.configuration)
    declared = declare(call, draft, {**pointers, "incident_status_id": "/status"})
    # As in V2: whoever declares a private incident is answered with it, and never again.
    shown = _shown(Incident.objects.filter(pk=declared.created.incident.pk), call)
    return Answer(shown, headers_of(declared))


def _payload(call: Call[Nothing, wire_v1.IncidentsCreatePayloadV1]) -> wire.IncidentsCreatePayload:
    """Return what was sent in the shape of V2.

    Raises:
        ApiError: 422 where no status goes by the word.
    """
    body = call.body
    status = None if body.status is UNSET else status_named(body.status, call.configuration)
    if body.status is not UNSET and status is None:
        raise invalid(Problem("unknown", "There is no such status here.", "/status"))
    return wire.IncidentsCreatePayload(
        idempotency_key=body.idempotency_key,
        visibility=body.visibility,
        name=body.name,
        summary=body.summary,
        severity_id=body.severity_id,
        incident_type_id=body.incident_type_id,
        incident_status_id=UNSET if status is None else status.pk,
        mode="test" if body.mode == "test" else "standard",
        custom_field_entries=body.custom_field_entries,
        incident_role_assignments=body.incident_role_assignments,
        slack_team_id=body.slack_team_id,
    )


def _shown(incidents: IncidentQuerySet, call: Call[Any, Any]) -> wire_v1.IncidentsShowV1:
    found = read_incident(incidents, call.configuration)
    if found is None:
        raise not_found("incident")
    return wire_v1.IncidentsShowV1(incident=incidents_v1_of([found[0]], call.configuration)[0])


ROUTES = (
    Route(
        method="GET",
        path="/v1/incidents",
        group="Incidents",
        summary="List incidents",
        description="Newest first, without tests and tutorials.",
        handler=list_incidents,
        scope=Scope.INCIDENTS_VIEW,
        query=ListQuery,
        answer=wire_v1.IncidentsListV1,
        is_deprecated=True,
    ),
    Route(
        method="POST",
        path="/v1/incidents",
        group="Incidents",
        summary="Create an incident",
        handler=create,
        scope=Scope.INCIDENTS_CREATE,
        body=wire_v1.IncidentsCreatePayloadV1,
        answer=wire_v1.IncidentsShowV1,
        is_deprecated=True,
        refusals=(409,),
    ),
    Route(
        method="GET",
        path="/v1/incidents/{id}",
        group="Incidents",
        summary="Show an incident",
        description="By its id, or by the number of its reference: 123 for INC-123.",
        handler=show_incident,
        scope=Scope.INCIDENTS_VIEW,
        answer=wire_v1.IncidentsShowV1,
        refusals=(404,),
        is_deprecated=True,
    ),
)
