"""Incidents (IncidentV2): what is answered, and what may be sent."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents import text
from incidents.api.wire.base import Id, Moment, PaginationMetaWithTotal, Wire
from incidents.api.wire.configuration import (
    CustomFieldOption,
    FieldType,
    IncidentRoleV1,
    IncidentStatus,
    IncidentTimestamp,
    IncidentType,
    Severity,
)
from incidents.api.wire.people import Actor, User

Mode = Literal["standard", "retrospective", "test", "tutorial"]
Visibility = Literal["public", "private"]
Provider = Literal[
    "asana",
    "azure_devops",
    "click_up",
    "freshservice",
    "github",
    "gitlab",
    "jira",
    "jira_server",
    "linear",
    "notion",
    "salesforce",
    "service_now",
    "shortcut",
]
LARGEST_NUMBER = 2**31 - 1
Text = Annotated[str, Meta(max_length=text.SUMMARY_LENGTH)]
Line = Annotated[str, Meta(max_length=text.NAME_LENGTH)]
Url = Annotated[str, Meta(max_length=text.URL_LENGTH)]
ShortText = Annotated[str, Meta(max_length=100)]
IdempotencyKey = Annotated[
    str,
    Meta(min_length=1, max_length=255, description="The same key again returns what the first request made."),
]


class CatalogEntry(Wire):
    """A thing of a catalog that is the value of a custom field."""

    id: str
    name: str
    external_id: str | UnsetType = UNSET
    aliases: list[str] | UnsetType = UNSET


class CustomFieldInfo(Wire):
    """A custom field as incidents carry it."""

    id: str
    name: str
    description: str
    field_type: FieldType
    options: list[CustomFieldOption]


class CustomFieldValue(Wire):
    """One value; which of these is set follows from the type of the field."""

    value_text: str | UnsetType = UNSET
    value_link: str | UnsetType = UNSET
    value_numeric: str | UnsetType = UNSET
    value_option: CustomFieldOption | UnsetType = UNSET
    value_catalog_entry: CatalogEntry | UnsetType = UNSET


class CustomFieldEntry(Wire):
    """The values of an incident in one field; every field is there, also without values."""

    custom_field: CustomFieldInfo
    values: list[CustomFieldValue]


class RoleAssignment(Wire):
    """Who has a role; every role is there, without an assignee where nobody has it."""

    role: IncidentRoleV1
    assignee: User | UnsetType = UNSET


class TimestampValue(Wire):
    """When a moment came."""

    value: Moment | UnsetType = UNSET


class TimestampWithValue(Wire):
    """A timestamp, with its value once it has one."""

    incident_timestamp: IncidentTimestamp
    value: TimestampValue | UnsetType = UNSET


class DurationMetric(Wire):
    """What is measured between two timestamps."""

    id: str
    name: str


class DurationMetricWithValue(Wire):
    """A duration, with its seconds where both of its timestamps are there."""

    duration_metric: DurationMetric
    status: Literal["success", "timestamps_missing", "calculating", "invalid_timestamps"]
    value_seconds: int | UnsetType = UNSET


class ExternalIssueReference(Wire):
    """The issue in a tracker that follows the incident."""

    provider: Provider
    issue_name: str
    issue_permalink: str


class Debrief(Wire):
    """A meeting that looks back."""

    id: str
    start_at: Moment
    end_at: Moment


class Incident(Wire):
    """An incident."""

    id: str
    reference: str
    name: str
    mode: Mode
    visibility: Visibility
    incident_status: IncidentStatus
    creator: Actor
    custom_field_entries: list[CustomFieldEntry]
    incident_role_assignments: list[RoleAssignment]
    created_at: Moment
    updated_at: Moment
    last_activity_at: Moment
    slack_team_id: str
    slack_channel_id: str
    team_ids: list[str]
    has_debrief: bool
    debriefs: list[Debrief]
    postmortem_document_ids: list[str]
    incident_timestamp_values: list[TimestampWithValue]
    duration_metrics: list[DurationMetricWithValue]
    permalink: str
    summary: str | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    incident_type: IncidentType | UnsetType = UNSET
    call_url: str | UnsetType = UNSET
    postmortem_document_url: str | UnsetType = UNSET
    slack_channel_name: str | UnsetType = UNSET
    slack_channel_url: str | UnsetType = UNSET
    ms_teams_channel_url: str | UnsetType = UNSET
    external_issue_reference: ExternalIssueReference | UnsetType = UNSET
    workload_minutes_late: float | UnsetType = UNSET
    workload_minutes_sleeping: float | UnsetType = UNSET
    workload_minutes_total: float | UnsetType = UNSET
    workload_minutes_working: float | UnsetType = UNSET


class IncidentsList(Wire):
    """A page of incidents."""

    incidents: list[Incident]
    pagination_meta: PaginationMetaWithTotal


class IncidentsShow(Wire):
    """One incident."""

    incident: Incident


class CustomFieldValuePayload(Wire):
    """A value to store, in the one of these that the type of the field takes. Catalog entries go by any name."""

    id: Id | UnsetType = UNSET
    value_option_id: Id | UnsetType = UNSET
    value_catalog_entry_id: Id | UnsetType = UNSET
    value_text: Text | UnsetType = UNSET
    value_link: Url | UnsetType = UNSET
    value_numeric: ShortText | UnsetType = UNSET
    value_timestamp: ShortText | UnsetType = UNSET


class CustomFieldEntryPayload(Wire):
    """The values of one field; none of them empties it."""

    custom_field_id: Id
    values: Annotated[list[CustomFieldValuePayload], Meta(max_length=100)]


class UserReferencePayload(Wire):
    """A person, by any one of these."""

    id: Id | UnsetType = UNSET
    email: Line | UnsetType = UNSET
    slack_user_id: ShortText | UnsetType = UNSET


class RoleAssignmentPayload(Wire):
    """Who shall have a role; without an assignee, nobody."""

    incident_role_id: Id
    assignee: UserReferencePayload | UnsetType = UNSET


class TimestampValuePayload(Wire):
    """When a moment came; without a value, it has not."""

    incident_timestamp_id: Id
    value: datetime.datetime | UnsetType = UNSET


class RetrospectiveOptions(Wire):
    """What an incident of the past brings along."""

    external_id: Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)] | UnsetType = UNSET
    postmortem_document_url: Url | UnsetType = UNSET
    slack_channel_id: ShortText | UnsetType = UNSET


CustomFieldEntries = Annotated[list[CustomFieldEntryPayload], Meta(max_length=200)]
RoleAssignments = Annotated[list[RoleAssignmentPayload], Meta(max_length=200)]
TimestampValues = Annotated[list[TimestampValuePayload], Meta(max_length=200)]


class IncidentsCreatePayload(Wire):
    """An incident to declare."""

    idempotency_key: IdempotencyKey
    visibility: Visibility
    name: Line | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    severity_id: Id | UnsetType = UNSET
    incident_type_id: Id | UnsetType = UNSET
    incident_status_id: Id | UnsetType = UNSET
    mode: Mode = "standard"
    custom_field_entries: CustomFieldEntries | UnsetType = UNSET
    incident_role_assignments: RoleAssignments | UnsetType = UNSET
    incident_timestamp_values: TimestampValues | UnsetType = UNSET
    retrospective_incident_options: RetrospectiveOptions | UnsetType = UNSET
    slack_team_id: ShortText | UnsetType = UNSET
    slack_channel_name_override: ShortText | UnsetType = UNSET
    call_url: Url | UnsetType = UNSET
    team_ids: Annotated[list[Id], Meta(max_length=200)] | UnsetType = UNSET


class IncidentEditPayload(Wire):
    """What shall change; what is left out stays. The last five are Tocsin's own."""

    name: Line | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    call_url: Url | UnsetType = UNSET
    severity_id: Id | UnsetType = UNSET
    incident_status_id: Id | UnsetType = UNSET
    custom_field_entries: CustomFieldEntries | UnsetType = UNSET
    incident_role_assignments: RoleAssignments | UnsetType = UNSET
    incident_timestamp_values: TimestampValues | UnsetType = UNSET
    slack_channel_name_override: ShortText | UnsetType = UNSET
    incident_type_id: Id | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    postmortem_document_url: Url | UnsetType = UNSET
    team_ids: Annotated[list[Id], Meta(max_length=200)] | UnsetType = UNSET


class IncidentsEditPayload(Wire):
    """An edit. There is no channel to notify; the field is required by the contract."""

    incident: IncidentEditPayload
    notify_incident_channel: bool
