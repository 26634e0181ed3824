"""Incident Relationships V1; making and removing them is Tocsin's own."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.api.errors import not_found
from incidents.api.ids import id_in_path, needed_id
from incidents.api.paging import read_page
from incidents.api.query import PageQuery
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import incident_relationships as wire
from incidents.api.wire.base import Id
from incidents.models import Incident, IncidentRelationship
from incidents.models.api_key_roles import Scope
from incidents.services.relationships import relate_incidents, unrelate_incidents


class ListQuery(PageQuery, kw_only=True):
    """The incident whose ties are meant, and which part of the list."""

    incident_id: Id


def list_incident_relationships(call: Call[ListQuery, Nothing]) -> wire.IncidentRelationshipsList:
    incident_id = needed_id(call.query.incident_id, "/incident_id")
    rows = _visible(call).filter(Q(incident=incident_id) | Q(other_incident=incident_id))
    page, meta = read_page(rows.select_related("incident", "other_incident"), call.query)
    return wire.IncidentRelationshipsList(
        incident_relationships=[_seen_from(incident_id, row) for row in page], pagination_meta=meta
    )


def create_incident_relationship(
    call: Call[Nothing, wire.IncidentRelationshipPayload],
) -> wire.IncidentRelationshipsShow:
    incident_id = needed_id(call.body.incident_id, "/incident_id")
    other_id = needed_id(call.body.other_incident_id, "/other_incident_id")
    row = relate_incidents(incident_id, other_id, call.body.kind, call.actor)
    return wire.IncidentRelationshipsShow(incident_relationship=_seen_from(incident_id, row))


def delete_incident_relationship(call: Call[Nothing, Nothing]) -> None:
    row = _visible(call).filter(pk=id_in_path(call, "relationship")).first()
    if row is None:
        raise not_found("relationship")
    unrelate_incidents(row, call.actor)


def _visible(call: Call[Any, Any]) -> QuerySet[IncidentRelationship]:
    """Return the ties of which the key may see both ends."""
    visible = Incident.objects.visible_to(call.actor)
    return IncidentRelationship.objects.filter(
        Exists(visible.filter(pk=OuterRef("incident"))), Exists(visible.filter(pk=OuterRef("other_incident")))
    )


def _seen_from(incident_id: str, row: IncidentRelationship) -> wire.IncidentRelationship:
    is_reversed = row.incident_id != incident_id
    other = row.incident if is_reversed else row.other_incident
    return wire.IncidentRelationship(
        id=row.pk,
        incident=wire.OtherIncident(id=other.pk, external_id=other.number, name=other.name),
        kind=cast("wire.Kind", row.kind),
        is_reversed=is_reversed,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/incident_relationships",
        group="Incident relationships",
        summary="List incident relationships",
        description="The other incidents that one is tied to, as far as the key may see them.",
        handler=list_incident_relationships,
        scope=Scope.INCIDENTS_VIEW,
        query=ListQuery,
        answer=wire.IncidentRelationshipsList,
    ),
    Route(
        method="POST",
        path="/v1/incident_relationships",
        group="Incident relationships",
        summary="Tie two incidents together",
        description="The same tie again is returned; another kind takes the place of the one there is.",
        handler=create_incident_relationship,
        scope=Scope.INCIDENTS_EDIT,
        body=wire.IncidentRelationshipPayload,
        answer=wire.IncidentRelationshipsShow,
        status=201,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/incident_relationships/{id}",
        group="Incident relationships",
        summary="Remove a tie between two incidents",
        handler=delete_incident_relationship,
        scope=Scope.INCIDENTS_EDIT,
        status=204,
        refusals=(404,),
    ),
)
