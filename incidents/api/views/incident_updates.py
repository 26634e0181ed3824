"""Incident Updates V2."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from incidents.api.errors import invalid, problems_of
from incidents.api.ids import id_sent, needed_id
from incidents.api.paging import read_page
from incidents.api.query import PageQuery
from incidents.api.reading.incident_updates import read_updates, updates_with_parts
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import incident_updates as wire
from incidents.api.wire.base import Id
from incidents.models import Incident
from incidents.models.api_key_roles import Scope
from incidents.services.drafts import UpdateDraft
from incidents.services.updates import share_update

_POINTERS = {"incident_status_id": "/to_incident_status_id", "severity_id": "/to_severity_id"}


class ListQuery(PageQuery):
    """Which part of the list, and whether of one incident alone."""

    incident_id: Id = ""


def list_incident_updates(call: Call[ListQuery, Nothing]) -> wire.IncidentUpdatesList:
    visible = Incident.objects.visible_to(call.actor).filter(pk=OuterRef("incident"))
    rows = updates_with_parts().filter(Exists(visible))
    if incident_id := id_sent(call.query.incident_id, "/incident_id"):
        rows = rows.filter(incident_id=incident_id)
    page, meta = read_page(rows, call.query, newest_first=True)
    return wire.IncidentUpdatesList(incident_updates=read_updates(page, call.actor), pagination_meta=meta)


def create_incident_update(
    call: Call[Nothing, wire.IncidentUpdateCreatePayload],
) -> wire.IncidentUpdatesShow:
    body = call.body
    incident_id = needed_id(body.incident_id, "/incident_id")
    draft = UpdateDraft(
        message=body.message or "",
        incident_status_id=(body.to_incident_status_id or "").upper() or None,
        severity_id=(body.to_severity_id or "").upper() or None,
    )
    try:
        update = share_update(incident_id, draft, call.actor, idempotency_key=body.idempotency_key)
    except ValidationError as error:
        raise invalid(*problems_of(error, _POINTERS)) from None
    shown = read_updates([updates_with_parts().get(pk=update.pk)], call.actor)
    return wire.IncidentUpdatesShow(incident_update=shown[0])


ROUTES = (
    Route(
        method="GET",
        path="/v2/incident_updates",
        group="Incident updates",
        summary="List incident updates",
        description="Newest first, of one incident or of all.",
        handler=list_incident_updates,
        scope=Scope.INCIDENTS_VIEW,
        query=ListQuery,
        answer=wire.IncidentUpdatesList,
    ),
    Route(
        method="POST",
        path="/v2/incident_updates",
        group="Incident updates",
        summary="Share an incident update",
        description="At least one of message, status and severity. The same key again returns the first update.",
        handler=create_incident_update,
        scope=Scope.INCIDENTS_EDIT,
        body=wire.IncidentUpdateCreatePayload,
        answer=wire.IncidentUpdatesShow,
        status=201,
        refusals=(404,),
    ),
)
