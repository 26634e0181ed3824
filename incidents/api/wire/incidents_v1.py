"""Incidents in the older shape (IncidentV1)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents.api.wire.base import Id, Moment, PaginationMetaWithTotal, Wire
from incidents.api.wire.configuration import IncidentType, Severity
from incidents.api.wire.incidents import (
    CustomFieldEntries,
    CustomFieldEntry,
    IdempotencyKey,
    Line,
    RoleAssignment,
    RoleAssignments,
    ShortText,
    Text,
    Visibility,
)
from incidents.api.wire.people import ActorV1

ModeV1 = Literal["real", "test", "tutorial"]
StatusV1 = Literal["triage", "investigating", "fixing", "monitoring", "closed", "declined"]
MessageOrigin = Annotated[str, Meta(max_length=100, description="Has no effect here.")]


class TimestampV1(Wire):
    """A moment in the life of an incident, once it came."""

    name: str
    last_occurred_at: Moment | UnsetType = UNSET


class IncidentV1(Wire):
    """An incident, with one of six words for its status."""

    id: str
    reference: str
    name: str
    status: StatusV1
    mode: ModeV1
    visibility: Visibility
    creator: ActorV1
    custom_field_entries: list[CustomFieldEntry]
    incident_role_assignments: list[RoleAssignment]
    timestamps: list[TimestampV1]
    created_at: Moment
    updated_at: Moment
    slack_team_id: str
    slack_channel_id: str
    permalink: str
    summary: str | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    incident_type: IncidentType | UnsetType = UNSET
    call_url: str | UnsetType = UNSET
    postmortem_document_url: str | UnsetType = UNSET
    slack_channel_name: str | UnsetType = UNSET


class IncidentsListV1(Wire):
    """A page of incidents, newest first."""

    incidents: list[IncidentV1]
    pagination_meta: PaginationMetaWithTotal


class IncidentsShowV1(Wire):
    """One incident."""

    incident: IncidentV1


class IncidentsCreatePayloadV1(Wire):
    """An incident to declare."""

    idempotency_key: IdempotencyKey
    visibility: Visibility
    name: Line | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    severity_id: Id | UnsetType = UNSET
    incident_type_id: Id | UnsetType = UNSET
    status: StatusV1 | UnsetType = UNSET
    mode: Literal["real", "test"] = "real"
    custom_field_entries: CustomFieldEntries | UnsetType = UNSET
    incident_role_assignments: RoleAssignments | UnsetType = UNSET
    slack_team_id: ShortText | UnsetType = UNSET
    source_message_channel_id: MessageOrigin | UnsetType = UNSET
    source_message_timestamp: MessageOrigin | UnsetType = UNSET
