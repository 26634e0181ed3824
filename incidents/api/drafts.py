"""From what was sent to the drafts that the services take, remembering where each part stood."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import UNSET, UnsetType

from incidents.api.errors import Problem, invalid
from incidents.api.wire import incidents as wire
from incidents.models import User
from incidents.models.ulid import is_ulid
from incidents.services import drafts

if TYPE_CHECKING:
    from incidents.models import Configuration

ValueT = TypeVar("ValueT")
UNTITLED = "New incident"
_LONGEST_FROM_SUMMARY = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """Parts by id as services take them, and where problems with them are told: by the service's name for them."""

    values: Mapping[str, Any]
    pointers: Mapping[str, str]


def create_draft(
    payload: wire.IncidentsCreatePayload, configuration: Configuration
) -> tuple[drafts.IncidentDraft, dict[str, str]]:
    """Return the draft of an incident, and where its parts stood; one query if people are named.

    Raises:
        ApiError: 422 where people or values cannot be understood.
    """
    fields = _custom_fields(payload.custom_field_entries, "", configuration)
    roles = _roles(payload.incident_role_assignments, "")
    timestamps = _timestamps(payload.incident_timestamp_values, "")
    past = payload.retrospective_incident_options or wire.RetrospectiveOptions()
    draft = drafts.IncidentDraft(
        name=_name(payload),
        summary=payload.summary or "",
        severity_id=_id(payload.severity_id),
        incident_status_id=_id(payload.incident_status_id),
        incident_type_id=_id(payload.incident_type_id),
        mode=payload.mode,
        visibility=payload.visibility,
        call_url=payload.call_url or "",
        postmortem_document_url=past.postmortem_document_url or "",
        slack_team_id=payload.slack_team_id or "",
        slack_channel_id=past.slack_channel_id or "",
        slack_channel_name=payload.slack_channel_name_override or "",
        number=past.external_id or None,
        custom_fields=fields.values,
        roles=roles.values,
        timestamps=timestamps.values,
        team_ids=tuple(map(str.upper, payload.team_ids or ())),
        idempotency_key=payload.idempotency_key,
    )
    options = "/retrospective_incident_options"
    pointers = {
        "number": f"{options}/external_id",
        "postmortem_document_url": f"{options}/postmortem_document_url",
        "slack_channel_id": f"{options}/slack_channel_id",
        "slack_channel_name": "/slack_channel_name_override",
        **fields.pointers,
        **roles.pointers,
        **timestamps.pointers,
    }
    return draft, pointers


def edit_draft(
    payload: wire.IncidentEditPayload, configuration: Configuration
) -> tuple[drafts.IncidentEdit, dict[str, str]]:
    """Return what shall change, and where it stood; one query if people are named.

    Raises:
        ApiError: 422 where people or values cannot be understood.
    """
    start = "/incident"
    fields = _custom_fields(payload.custom_field_entries, start, configuration)
    roles = _roles(payload.incident_role_assignments, start)
    timestamps = _timestamps(payload.incident_timestamp_values, start)
    edit = drafts.IncidentEdit(
        name=kept(payload.name),
        summary=kept(payload.summary),
        call_url=kept(payload.call_url),
        severity_id=kept(_upper(payload.severity_id)),
        incident_status_id=kept(_upper(payload.incident_status_id)),
        incident_type_id=kept(_upper(payload.incident_type_id)),
        mode=kept(payload.mode),
        visibility=kept(payload.visibility),
        postmortem_document_url=kept(payload.postmortem_document_url),
        slack_channel_name=kept(payload.slack_channel_name_override),
        custom_fields=fields.values,
        roles=roles.values,
        timestamps=timestamps.values,
        team_ids=drafts.UNSET if payload.team_ids is UNSET else tuple(map(str.upper, payload.team_ids)),
    )
    names = [field.name for field in dataclasses.fields(edit)]
    pointers = {name: f"{start}/{name}" for name in names} | {
        "slack_channel_name": f"{start}/slack_channel_name_override",
        **fields.pointers,
        **roles.pointers,
        **timestamps.pointers,
    }
    return edit, pointers


def kept(value: ValueT | UnsetType) -> ValueT | drafts.Unset:
    """Return the value, or the services' word for one that nobody sent."""
    return drafts.UNSET if value is UNSET else value


def _name(payload: wire.IncidentsCreatePayload) -> str:
    """Return the name; it may be left out, and every incident has one."""
    if payload.name is not UNSET:
        return payload.name
    lines = (payload.summary or "").strip().splitlines()
    return lines[0].strip()[:_LONGEST_FROM_SUMMARY] if lines else UNTITLED


def _id(value: str | UnsetType) -> str | None:
    return value.upper() if value else None


def _upper(value: str | UnsetType) -> str | UnsetType:
    return value if value is UNSET else value.upper()


def _custom_fields(
    entries: list[wire.CustomFieldEntryPayload] | UnsetType, start: str, configuration: Configuration
) -> Placed:
    values: dict[str, tuple[str, ...]] = {}
    pointers = {"custom_field_entries": f"{start}/custom_field_entries"}
    problems = []
    for place, entry in enumerate(entries or ()):
        pointer = f"{start}/custom_field_entries/{place}"
        field = configuration.custom_fields.find(entry.custom_field_id)
        if field is None:
            problems.append(
                Problem("unknown", "There is no such custom field.", f"{pointer}/custom_field_id")
            )
            continue
        values[field.pk] = tuple(_value(value) for value in entry.values)
        pointers[f"custom_field_entries.{field.pk}"] = f"{pointer}/values"
    if problems:
        raise invalid(*problems)
    return Placed(values, pointers)


def _value(value: wire.CustomFieldValuePayload) -> str:
    """Return what was sent as the value: the field's type decides later what it means."""
    sent = (
        value.value_option_id,
        value.value_catalog_entry_id,
        value.value_text,
        value.value_link,
        value.value_numeric,
        value.value_timestamp,
        value.id,
    )
    return next((one for one in sent if one), "")


def _roles(assignments: list[wire.RoleAssignmentPayload] | UnsetType, start: str) -> Placed:
    pointer = f"{start}/incident_role_assignments"
    people = _people([one.assignee for one in assignments or () if one.assignee])
    values: dict[str, str | None] = {}
    problems = []
    for place, one in enumerate(assignments or ()):
        named = one.assignee if one.assignee and _names(one.assignee) else None
        user_id = (
            None if named is None else next((people[name] for name in _names(named) if name in people), None)
        )
        if named is not None and user_id is None:
            problems.append(Problem("unknown", "There is no such person.", f"{pointer}/{place}/assignee"))
        values[one.incident_role_id.upper()] = user_id
    if problems:
        raise invalid(*problems)
    return Placed(values, {"incident_role_assignments": pointer})


def _people(references: Iterable[wire.UserReferencePayload]) -> dict[tuple[str, str], str]:
    """Return the ids of people by what named them; one query, none for nobody."""
    names = [name for reference in references for name in _names(reference)]
    if not names:
        return {}
    rows = User.objects.named(
        ids=[value for kind, value in names if kind == "id" and is_ulid(value)],
        emails=[value for kind, value in names if kind == "email"],
        slack_user_ids=[value for kind, value in names if kind == "slack_user_id"],
    )
    found: dict[tuple[str, str], str] = {}
    for pk, email, slack_user_id in rows.values_list("id", "email", "slack_user_id"):
        found |= {("id", pk): pk, ("email", email): pk, ("slack_user_id", slack_user_id): pk}
    return found


def _names(reference: wire.UserReferencePayload) -> list[tuple[str, str]]:
    named = {
        "id": (reference.id or "").upper(),
        "email": (reference.email or "").lower(),
        "slack_user_id": reference.slack_user_id or "",
    }
    return [(kind, value) for kind, value in named.items() if value]


def _timestamps(values: list[wire.TimestampValuePayload] | UnsetType, start: str) -> Placed:
    pointer = f"{start}/incident_timestamp_values"
    moments: dict[str, datetime.datetime | None] = {}
    pointers = {"incident_timestamp_values": pointer}
    for place, one in enumerate(values or ()):
        pk = one.incident_timestamp_id.upper()
        moments[pk] = None if one.value is UNSET else _aware(one.value)
        pointers[f"incident_timestamp_values.{pk}"] = f"{pointer}/{place}/value"
    return Placed(moments, pointers)


def _aware(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment
