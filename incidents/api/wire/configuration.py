"""What administrators configure: severities, statuses, types, roles, custom fields, timestamps."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from incidents.api.wire.base import Moment, Wire

LARGEST_RANK = 32_767
Rank = Annotated[int, Meta(ge=0, le=LARGEST_RANK)]
Name = Annotated[str, Meta(min_length=1, max_length=50)]
Description = Annotated[str, Meta(max_length=1_000)]
FilledDescription = Annotated[str, Meta(min_length=1, max_length=1_000)]
Instructions = Annotated[str, Meta(max_length=5_000)]
Shortform = Annotated[str, Meta(max_length=20)]
Category = Literal["triage", "live", "paused", "learning", "closed", "declined", "canceled", "merged"]
FieldType = Literal["single_select", "multi_select", "text", "link", "numeric"]


class Severity(Wire):
    """How bad an incident is; a higher rank is worse."""

    id: str
    name: str
    description: str
    rank: int
    created_at: Moment
    updated_at: Moment


class SeverityPayload(Wire):
    """A severity to store."""

    name: Name
    description: Description
    rank: Rank | UnsetType = UNSET


class SeveritiesList(Wire):
    """Every severity, the least bad first."""

    severities: list[Severity]


class SeveritiesShow(Wire):
    """One severity."""

    severity: Severity


class IncidentStatus(Wire):
    """A step in the life of an incident."""

    id: str
    name: str
    description: str
    category: Category
    rank: int
    created_at: Moment
    updated_at: Moment


class IncidentStatusCreatePayload(Wire):
    """A status to add. The other categories have the statuses that they need."""

    name: Name
    description: Description
    category: Literal["live", "learning", "closed"]
    rank: Rank | UnsetType = UNSET


class IncidentStatusUpdatePayload(Wire):
    """A status to store. Its category stays."""

    name: Name
    description: Description
    rank: Rank | UnsetType = UNSET


class IncidentStatusesList(Wire):
    """Every status, in the order in which incidents pass them."""

    incident_statuses: list[IncidentStatus]


class IncidentStatusesShow(Wire):
    """One status."""

    incident_status: IncidentStatus


class IncidentType(Wire):
    """A kind of incident with rules of its own."""

    id: str
    name: str
    description: str
    is_default: bool
    private_incidents_only: bool
    create_in_triage: Literal["always", "optional"]
    created_at: Moment
    updated_at: Moment
    owning_team_ids: list[str] | UnsetType = UNSET


class IncidentTypesList(Wire):
    """Every type."""

    incident_types: list[IncidentType]


class IncidentTypesShow(Wire):
    """One type."""

    incident_type: IncidentType


class IncidentRole(Wire):
    """A part that a person plays in an incident (IncidentRoleV2)."""

    id: str
    name: str
    description: str
    instructions: str
    shortform: str
    role_type: Literal["lead", "reporter", "custom"]
    created_at: Moment
    updated_at: Moment


class IncidentRoleV1(IncidentRole):
    """A part that a person plays in an incident, with whether somebody must."""

    required: bool | UnsetType = UNSET


class IncidentRolePayload(Wire):
    """A role to store."""

    name: Name
    description: FilledDescription
    instructions: Instructions
    shortform: Shortform


class IncidentRoleCreatePayloadV1(IncidentRolePayload):
    """A role to add, with whether somebody must have it."""

    required: bool


class IncidentRoleUpdatePayloadV1(IncidentRolePayload):
    """A role to store, with whether somebody must have it."""

    required: bool | UnsetType = UNSET


class IncidentRolesList(Wire):
    """Every role."""

    incident_roles: list[IncidentRole]


class IncidentRolesShow(Wire):
    """One role."""

    incident_role: IncidentRole


class IncidentRolesListV1(Wire):
    """Every role."""

    incident_roles: list[IncidentRoleV1]


class IncidentRolesShowV1(Wire):
    """One role."""

    incident_role: IncidentRoleV1


class CustomFieldOption(Wire):
    """A value that a select offers."""

    id: str
    custom_field_id: str
    value: str
    sort_key: int


class IncidentTimestamp(Wire):
    """A moment that matters in an incident."""

    id: str
    name: str
    rank: int


class IncidentTimestampsList(Wire):
    """Every timestamp, in the order of the page."""

    incident_timestamps: list[IncidentTimestamp]


class IncidentTimestampsShow(Wire):
    """One timestamp."""

    incident_timestamp: IncidentTimestamp
