"""Incident updates (IncidentUpdateV2)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from incidents import text
from incidents.api.wire.base import Id, Moment, PaginationMeta, Wire
from incidents.api.wire.configuration import IncidentStatus, Severity
from incidents.api.wire.incidents import IdempotencyKey
from incidents.api.wire.people import Actor

Message = Annotated[str, Meta(max_length=text.MESSAGE_LENGTH, description="Markdown.")]


class IncidentUpdate(Wire):
    """What somebody told about an incident, with the status it had from then on."""

    id: str
    incident_id: str
    created_at: Moment
    new_incident_status: IncidentStatus
    updater: Actor
    message: str | UnsetType = UNSET
    new_severity: Severity | UnsetType = UNSET
    merged_into_incident_id: str | UnsetType = UNSET


class IncidentUpdatesList(Wire):
    """A page of updates, newest first."""

    incident_updates: list[IncidentUpdate]
    pagination_meta: PaginationMeta


class IncidentUpdatesShow(Wire):
    """One update."""

    incident_update: IncidentUpdate


class IncidentUpdateCreatePayload(Wire):
    """An update to share: at least one of message, status and severity."""

    idempotency_key: IdempotencyKey
    incident_id: Id
    message: Message | UnsetType = UNSET
    to_incident_status_id: Id | UnsetType = UNSET
    to_severity_id: Id | UnsetType = UNSET
