"""Alert events V2: what monitoring systems report."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from incidents.api.errors import not_found
from incidents.api.routes import Call, Route
from incidents.api.wire import alert_events as wire
from incidents.models import AlertSource
from incidents.models.api_key_roles import Scope
from incidents.services.ingestion import AlertDraft, ingest_alert

NOUN = "alert source"


class AlertEventsQuery(Struct):
    """For systems that can send nothing but an address and a body."""

    token: Annotated[
        str, Meta(max_length=200, description="The API key, where no Authorization header can be sent.")
    ] = ""


def create_alert_event(
    call: Call[AlertEventsQuery, wire.AlertEventsCreatePayload],
) -> wire.AlertEventsCreateResult:
    source = AlertSource.objects.named(call.path["alert_source_config_id"]).first()
    if source is None:
        raise not_found(NOUN)
    body = call.body
    draft = AlertDraft(
        title=body.title,
        status=body.status,
        deduplication_key=body.deduplication_key,
        description=body.description,
        source_url=body.source_url,
        metadata=body.metadata,
    )
    ingested = ingest_alert(draft, source, call.actor)
    return wire.AlertEventsCreateResult(
        deduplication_key=ingested.deduplication_key,
        message="Event accepted for processing",
        status="success",
    )


ROUTES = (
    Route(
        method="POST",
        path="/v2/alert_events/http/{alert_source_config_id}",
        group="Alert events",
        summary="Send an alert event",
        description=(
            "Takes in what a monitoring system reports. An alert that begins to fire is attached to the open incident"
            " that it repeats, or declares one in triage, as the policy of its source says; the same key again is"
            " counted. The source is named by its id or slug, and made in the admin."
        ),
        handler=create_alert_event,
        scope=Scope.ALERT_EVENTS_CREATE,
        query=AlertEventsQuery,
        body=wire.AlertEventsCreatePayload,
        answer=wire.AlertEventsCreateResult,
        status=202,
        refusals=(404,),
        takes_token_in_query=True,
    ),
)
