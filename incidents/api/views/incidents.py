"""Incidents V2: list, show, create, edit."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from msgspec import UNSET, Meta, Struct

from incidents.api.declaring import declare, headers_of
from incidents.api.drafts import create_draft, edit_draft
from incidents.api.errors import ApiError, Problem, invalid, not_found, problems_of
from incidents.api.query import USUAL_PAGE, After, PageSize
from incidents.api.reading.incidents import read_incident, read_incidents
from incidents.api.reading.totals import known_total, total_of
from incidents.api.routes import Answer, Call, Nothing, Route
from incidents.api.wire import incidents as wire
from incidents.api.wire.base import PaginationMetaWithTotal
from incidents.filters import SEARCH, Grammar, IncidentFilter
from incidents.models import Incident
from incidents.models.api_key_roles import Scope
from incidents.models.incident_listing import Asked, Place
from incidents.models.incident_order import NEWEST_FIRST, OLDEST_FIRST
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.models.ulid import is_ulid
from incidents.services.editing import edit_incident

_ORDERS = {order.name: order for order in (NEWEST_FIRST, OLDEST_FIRST)}
SortBy = Literal["created_at_newest_first", "created_at_oldest_first"]


class ListQuery(Struct):
    """Which incidents, and in which order."""

    page_size: PageSize = USUAL_PAGE
    after: After = ""
    sort_by: SortBy = "created_at_newest_first"
    filter_mode: Annotated[
        Literal["all", "any"], Meta(description="Whether every filter has to match, or one of them.")
    ] = "all"


def list_incidents(call: Call[ListQuery, Nothing]) -> wire.IncidentsList:
    incident_filter = filter_of(call)
    size = call.query.page_size
    asked = Asked(order=_ORDERS[call.query.sort_by], size=size + 1, place=place_after(call.query.after))
    incidents, is_filtered = incident_filter.incidents, bool(incident_filter.applied)
    counted = total_of(incidents, call.actor, is_filtered=is_filtered)
    found, total = read_incidents(incidents, asked, call.configuration, counted)
    page = found[:size]
    return wire.IncidentsList(
        incidents=page,
        pagination_meta=PaginationMetaWithTotal(
            page_size=size,
            after=page[-1].id if len(found) > size else UNSET,
            total_record_count=known_total(total, is_filtered=is_filtered),
        ),
    )


def show_incident(call: Call[Nothing, Nothing]) -> Answer:
    return answer_with(named_incidents(call), call)


def create(call: Call[Nothing, wire.IncidentsCreatePayload]) -> Answer:
    declared = declare(call, *create_draft(call.body, call.configuration))
    # By its id and unseen by visible_to: whoever declares a private incident is answered with it, and never again.
    answer = answer_with(Incident.objects.filter(pk=declared.created.incident.pk), call)
    return Answer(answer.body, {**answer.headers, **headers_of(declared)})


def edit(call: Call[Nothing, wire.IncidentsEditPayload]) -> Answer:
    incident_id = incident_id_of(call)
    draft, pointers = edit_draft(call.body.incident, call.configuration)
    try:
        edit_incident(incident_id, draft, call.actor, version=expected_version(call))
    except ValidationError as error:
        raise invalid(*problems_of(error, pointers)) from None
    return answer_with(named_incidents(call), call)


def filter_of(call: Call[Any, Any]) -> IncidentFilter:
    """Return the filter that the address asks for.

    Raises:
        ApiError: 422 with every parameter that cannot be read.
    """
    data = call.request.GET.copy()
    data.pop(SEARCH, None)
    incident_filter = IncidentFilter(
        data,
        Incident.objects.visible_to(call.actor),
        actor=call.actor,
        configuration=call.configuration,
        grammar=Grammar(
            zone=datetime.UTC, is_any_enough=call.query.filter_mode == "any", days_are_instants=True
        ),
    )
    if incident_filter.errors:
        raise invalid(
            *(
                Problem("invalid_value", " ".join(messages), f"/{name}")
                for name, messages in incident_filter.errors.items()
            )
        )
    return incident_filter


def place_after(after: str) -> Place | None:
    """Return the place behind an incident, which need not exist any more, or the start.

    Raises:
        ApiError: 422 where the text is no id.
    """
    if not after:
        return None
    if not is_ulid(after.upper()):
        raise invalid(Problem("invalid_value", "This is no id of an incident.", "/after"))
    return Place((after.upper(),))


def named_incidents(call: Call[Any, Any]) -> IncidentQuerySet:
    """Return the incident of the path, by id or by the number of its reference, if the key may know of it."""
    return Incident.objects.visible_to(call.actor).by_reference(call.path["id"])


def incident_id_of(call: Call[Any, Any]) -> str:
    """Return the id of the incident of the path; one query.

    Raises:
        ApiError: 404.
    """
    pk = named_incidents(call).values_list("pk", flat=True).first()
    if pk is None:
        raise not_found("incident")
    return pk


def answer_with(incidents: IncidentQuerySet, call: Call[Any, Any]) -> Answer:
    """Return the one incident, with its version as the tag that an edit may name.

    Raises:
        ApiError: 404 where there is none.
    """
    found = read_incident(incidents, call.configuration)
    if found is None:
        raise not_found("incident")
    incident, version = found
    return Answer(wire.IncidentsShow(incident=incident), headers={"ETag": f'"{version}"'})


def expected_version(call: Call[Any, Any]) -> int | None:
    """Return the version that the incident must be at, where the caller names one.

    Raises:
        ApiError: 412 where what it names is none.
    """
    tag = call.request.META.get("HTTP_IF_MATCH", "").strip()
    if not tag or tag == "*":
        return None
    version = tag.strip('"')
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise ApiError(412, Problem("precondition_failed", "If-Match names no version of this incident."))
    return int(version)


ROUTES = (
    Route(
        method="GET",
        path="/v2/incidents",
        group="Incidents",
        summary="List incidents",
        description=(
            "Tests and tutorials are left out unless `mode` asks for them. Repeat a filter to give it several"
            " values."
        ),
        handler=list_incidents,
        scope=Scope.INCIDENTS_VIEW,
        query=ListQuery,
        answer=wire.IncidentsList,
        reads_filters=True,
    ),
    Route(
        method="POST",
        path="/v2/incidents",
        group="Incidents",
        summary="Create an incident",
        description='Declares an incident. What looks like it is named in the `Link` header, as `rel="similar"`.',
        handler=create,
        scope=Scope.INCIDENTS_CREATE,
        body=wire.IncidentsCreatePayload,
        answer=wire.IncidentsShow,
        refusals=(409,),
    ),
    Route(
        method="GET",
        path="/v2/incidents/{id}",
        group="Incidents",
        summary="Show an incident",
        description="By its id, or by the number of its reference: 123 for INC-123.",
        handler=show_incident,
        scope=Scope.INCIDENTS_VIEW,
        answer=wire.IncidentsShow,
        refusals=(404,),
    ),
    Route(
        method="POST",
        path="/v2/incidents/{id}/actions/edit",
        group="Incidents",
        summary="Edit an incident",
        description=(
            "Changes what is sent and leaves the rest. With `If-Match`, only if the incident still has the `ETag`"
            " that it was read with."
        ),
        handler=edit,
        scope=Scope.INCIDENTS_EDIT,
        body=wire.IncidentsEditPayload,
        answer=wire.IncidentsShow,
        refusals=(404, 412),
    ),
)
