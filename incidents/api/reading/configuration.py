"""The nouns of the configuration as the API shows them."""

from __future__ import annotations

from typing import cast

from msgspec import UNSET, UnsetType

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.wire import configuration as wire


def severity_of(row: models.Severity) -> wire.Severity:
    """Return a severity."""
    return wire.Severity(
        id=row.pk,
        name=row.name,
        description=row.description,
        rank=row.rank,
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
    )


def status_of(row: models.IncidentStatus) -> wire.IncidentStatus:
    """Return a status."""
    return wire.IncidentStatus(
        id=row.pk,
        name=row.name,
        description=row.description,
        category=cast("wire.Category", row.category),
        rank=row.rank,
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
    )


def type_of(row: models.IncidentType, owning_team_ids: list[str] | UnsetType = UNSET) -> wire.IncidentType:
    """Return a type."""
    return wire.IncidentType(
        id=row.pk,
        name=row.name,
        description=row.description,
        is_default=row.is_default,
        private_incidents_only=row.private_incidents_only,
        create_in_triage="always" if row.create_in_triage == "always" else "optional",
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
        owning_team_ids=owning_team_ids,
    )


def role_of(row: models.IncidentRole) -> wire.IncidentRole:
    """Return a role."""
    return wire.IncidentRole(
        id=row.pk,
        name=row.name,
        description=row.description,
        instructions=row.instructions,
        shortform=row.shortform,
        role_type="lead"
        if row.role_type == "lead"
        else "reporter"
        if row.role_type == "reporter"
        else "custom",
        created_at=in_api_time(row.created_at),
        updated_at=in_api_time(row.updated_at),
    )


def role_v1_of(row: models.IncidentRole) -> wire.IncidentRoleV1:
    """Return a role with whether somebody must have it, as incidents carry it too."""
    role = role_of(row)
    return wire.IncidentRoleV1(
        **{name: getattr(role, name) for name in role.__struct_fields__}, required=row.required
    )


def option_of(row: models.CustomFieldOption) -> wire.CustomFieldOption:
    """Return an option."""
    return wire.CustomFieldOption(
        id=row.pk, custom_field_id=row.custom_field_id, value=row.value, sort_key=row.sort_key
    )


def timestamp_of(row: models.IncidentTimestamp) -> wire.IncidentTimestamp:
    """Return a timestamp."""
    return wire.IncidentTimestamp(id=row.pk, name=row.name, rank=row.rank)
