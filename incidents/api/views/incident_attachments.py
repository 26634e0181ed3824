"""Incident Attachments V1."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from msgspec import UNSET, Struct, UnsetType

from incidents import text
from incidents.api.errors import Problem, invalid, not_found
from incidents.api.ids import id_in_path, id_sent, needed_id
from incidents.api.reading.incident_attachments import attachment_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import incident_attachments as wire
from incidents.api.wire.base import Id
from incidents.models import Incident, IncidentAttachment
from incidents.models.api_key_roles import Scope
from incidents.services.attachments import (
    EXTERNAL_ID_LENGTH,
    MOST_ATTACHMENTS,
    AttachmentDraft,
    attach_resource,
    detach_resource,
)


class ListQuery(Struct):
    """Those of an incident, or of a resource of another system."""

    incident_id: Id = ""
    resource_type: wire.ResourceType | UnsetType = UNSET
    external_id: wire.ExternalId = ""


def list_incident_attachments(call: Call[ListQuery, Nothing]) -> wire.IncidentAttachmentsList:
    query, rows = call.query, _visible(call)
    incident_id = id_sent(query.incident_id, "/incident_id")
    external_id = _storable(query.external_id)
    if incident_id is None and (query.resource_type is UNSET or not external_id):
        message = "Give an incident_id, or a resource_type and an external_id."
        raise invalid(Problem("is_required", message, "/incident_id"))
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    if query.resource_type is not UNSET:
        rows = rows.filter(resource_type=query.resource_type)
    if external_id:
        rows = rows.filter(external_id=external_id)
    found = rows.order_by("pk")[:MOST_ATTACHMENTS]
    return wire.IncidentAttachmentsList(incident_attachments=[attachment_of(row) for row in found])


def create_incident_attachment(
    call: Call[Nothing, wire.IncidentAttachmentCreatePayload],
) -> wire.IncidentAttachmentsShow:
    resource = call.body.resource
    draft = AttachmentDraft(
        resource_type=resource.resource_type,
        external_id=resource.external_id or "",
        url=resource.url or "",
        title=resource.title or "",
    )
    incident_id = needed_id(call.body.incident_id, "/incident_id")
    attachment = attach_resource(incident_id, draft, call.actor)
    return wire.IncidentAttachmentsShow(incident_attachment=attachment_of(attachment))


def delete_incident_attachment(call: Call[Nothing, Nothing]) -> None:
    row = _visible(call).filter(pk=id_in_path(call, "attachment")).first()
    if row is None:
        raise not_found("attachment")
    detach_resource(row, call.actor)


def _storable(external_id: str) -> str:
    try:
        return text.clean_line(external_id, limit=EXTERNAL_ID_LENGTH)
    except text.TextError as error:
        raise invalid(Problem(error.code, error.message, "/external_id")) from None


def _visible(call: Call[Any, Any]) -> QuerySet[IncidentAttachment]:
    visible = Incident.objects.visible_to(call.actor).filter(pk=OuterRef("incident"))
    return IncidentAttachment.objects.filter(Exists(visible))


ROUTES = (
    Route(
        method="GET",
        path="/v1/incident_attachments",
        group="Incident attachments",
        summary="List incident attachments",
        description="Those of an incident, or of a resource by its type and id; the first 500.",
        handler=list_incident_attachments,
        scope=Scope.ATTACHMENTS_VIEW,
        query=ListQuery,
        answer=wire.IncidentAttachmentsList,
    ),
    Route(
        method="POST",
        path="/v1/incident_attachments",
        group="Incident attachments",
        summary="Attach a resource to an incident",
        description="By its id in the other system or by its address. The same one again is returned.",
        handler=create_incident_attachment,
        scope=Scope.ATTACHMENTS_CREATE,
        body=wire.IncidentAttachmentCreatePayload,
        answer=wire.IncidentAttachmentsShow,
        status=201,
        refusals=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/incident_attachments/{id}",
        group="Incident attachments",
        summary="Remove a resource from an incident",
        handler=delete_incident_attachment,
        scope=Scope.ATTACHMENTS_DESTROY,
        status=204,
        refusals=(404,),
    ),
)
