"""What the incidents of a merge hold that may differ: the choices there are, and the edit that they come to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from incidents.models import (
    Configuration,
    CustomField,
    CustomFieldEntry,
    Incident,
    IncidentRole,
    IncidentRoleAssignment,
    IncidentTimestampValue,
)
from incidents.services.custom_fields import MULTI_SELECT_LIMIT
from incidents.services.drafts import UNSET, IncidentEdit

Part = Literal["severity", "incident_type", "text", "role", "custom_field", "timestamp", "teams"]


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """What one incident holds: as an edit takes it, and as people read it, one word for each value."""

    raw: Any
    labels: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Property:
    """One property of several incidents, by the id of each that has a value in it. Lists are joined, never chosen."""

    key: str
    name: str
    part: Part
    noun_id: str
    held: Mapping[str, Held]
    is_list: bool = False

    def differs(self, survivor: Incident) -> bool:
        """Tell whether another incident holds what the survivor does not."""
        own = self.held.get(survivor.pk)
        if self.is_list:
            return len(self.joined(survivor)) > len(own.raw if own else ())
        return any(held.raw != (own and own.raw) for held in self.held.values())

    def joined(self, survivor: Incident) -> dict[str, str]:
        """Return the values of a list with their labels: the survivor's first, and of the rest what fits."""
        first = sorted(self.held, key=lambda pk: (pk != survivor.pk, pk))
        values: dict[str, str] = {}
        for pk in first:
            for raw, label in zip(self.held[pk].raw, self.held[pk].labels, strict=True):
                if raw in values or len(values) < MULTI_SELECT_LIMIT:
                    values.setdefault(raw, label)
        return values


def read_properties(incidents: Sequence[Incident], configuration: Configuration) -> tuple[Property, ...]:
    """Return what may differ, in the order in which a page tells it; four queries."""
    return tuple(
        found
        for found in (
            *_own_columns(incidents, configuration),
            *_roles(incidents, configuration),
            *_custom_fields(incidents, configuration),
            *_timestamps(incidents, configuration),
            _teams(incidents),
        )
        if found.held
    )


def edit_of(
    properties: Iterable[Property],
    survivor: Incident,
    choices: Mapping[str, str],
    configuration: Configuration,
) -> IncidentEdit:
    """Return what changes in the survivor: its lists grow, and for the rest it takes what was chosen.

    `choices` maps the key of a property to the id of the incident whose value goes on.
    """
    values: dict[str, Any] = {}
    for differing in properties:
        if not differing.differs(survivor):
            continue
        if differing.is_list:
            raw: Any = tuple(differing.joined(survivor))
        else:
            chosen = differing.held.get(choices.get(differing.key, survivor.pk))
            if chosen is None or not may_take(differing, chosen, survivor, configuration):
                continue
            raw = chosen.raw
        _put(values, differing, raw)
    return IncidentEdit(**values)


def may_take(taken: Property, held: Held, survivor: Incident, configuration: Configuration) -> bool:
    """Tell whether the survivor can have a value: a merge decides nothing about who sees it."""
    if taken.part != "incident_type" or survivor.is_private:
        return True
    return not configuration.incident_types.by_id[held.raw].private_incidents_only


def _put(values: dict[str, Any], taken: Property, raw: Any) -> None:
    match taken.part:
        case "severity" | "incident_type":
            values[f"{taken.part}_id"] = raw
        case "text":
            values[taken.key] = raw
        case "role":
            values.setdefault("roles", {})[taken.noun_id] = raw
        case "custom_field":
            values.setdefault("custom_fields", {})[taken.noun_id] = raw
        case "timestamp":
            values.setdefault("timestamps", {})[taken.noun_id] = raw
        case "teams":
            values["team_ids"] = raw


def is_empty(edit: IncidentEdit) -> bool:
    """Tell whether an edit names nothing."""
    return all(value is UNSET or value == {} for value in dataclasses.asdict(edit).values())


def _own_columns(incidents: Sequence[Incident], configuration: Configuration) -> Iterator[Property]:
    severities, types = configuration.severities.by_id, configuration.incident_types.by_id
    yield Property(
        "severity",
        "Severity",
        "severity",
        "",
        {
            incident.pk: Held(severity.pk, (severity.name,))
            for incident in incidents
            if (severity := severities.get(incident.severity_id or "")) is not None
        },
    )
    yield Property(
        "incident_type",
        "Type",
        "incident_type",
        "",
        {
            incident.pk: Held(incident_type.pk, (incident_type.name,))
            for incident in incidents
            if (incident_type := types.get(incident.incident_type_id or "")) is not None
        },
    )
    for column, name in (("summary", "Summary"), ("call_url", "Call link")):
        held = {incident.pk: getattr(incident, column) for incident in incidents}
        yield Property(
            column, name, "text", "", {pk: Held(text, (text,)) for pk, text in held.items() if text}
        )


def _roles(incidents: Sequence[Incident], configuration: Configuration) -> Iterator[Property]:
    rows = IncidentRoleAssignment.objects.filter(incident__in=incidents, assignee__is_active=True)
    held: dict[str, dict[str, Held]] = {}
    for row in rows.select_related("assignee"):
        named = held.setdefault(row.incident_role_id, {})
        named[row.incident_id] = Held(row.assignee_id, (row.assignee.name,))
    for role in configuration.incident_roles:
        # Who reported an incident stays who it was.
        if role.role_type != IncidentRole.RoleType.REPORTER:
            yield Property(f"incident_role[{role.slug}]", role.name, "role", role.pk, held.get(role.pk, {}))


def _custom_fields(incidents: Sequence[Incident], configuration: Configuration) -> Iterator[Property]:
    rows = CustomFieldEntry.objects.filter(incident__in=incidents).order_by("position")
    values: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for row in rows.select_related("value_option", "value_catalog_entry"):
        raw = row.value_option_id or row.value_catalog_entry_id or row.label
        values.setdefault(row.custom_field_id, {}).setdefault(row.incident_id, []).append((raw, row.label))
    for field in configuration.custom_fields:
        yield Property(
            f"custom_field[{field.slug}]",
            field.name,
            "custom_field",
            field.pk,
            {
                pk: Held(tuple(raw for raw, _ in pairs), tuple(label for _, label in pairs))
                for pk, pairs in values.get(field.pk, {}).items()
            },
            is_list=field.field_type == CustomField.FieldType.MULTI_SELECT,
        )


def _timestamps(incidents: Sequence[Incident], configuration: Configuration) -> Iterator[Property]:
    """The moments that people note; those that statuses set tell what happened to each incident."""
    set_by_statuses = {pk for ids in configuration.timestamps_by_status.values() for pk in ids}
    noted = [
        timestamp
        for timestamp in configuration.incident_timestamps
        if not timestamp.set_at_creation and timestamp.pk not in set_by_statuses
    ]
    rows = IncidentTimestampValue.objects.filter(incident__in=incidents, incident_timestamp__in=noted)
    for timestamp in noted:
        held = {
            row.incident_id: Held(row.value, (row.value.isoformat(),))
            for row in rows
            if row.incident_timestamp_id == timestamp.pk
        }
        yield Property(
            f"incident_timestamp[{timestamp.slug}]", timestamp.name, "timestamp", timestamp.pk, held
        )


def _teams(incidents: Sequence[Incident]) -> Property:
    through = Incident.teams.through
    rows = (
        through.objects.filter(incident__in=incidents).select_related("team").order_by("team__name", "team")
    )
    held: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        held.setdefault(row.incident_id, []).append((row.team_id, row.team.name))
    return Property(
        "teams",
        "Teams",
        "teams",
        "",
        {
            pk: Held(tuple(raw for raw, _ in pairs), tuple(label for _, label in pairs))
            for pk, pairs in held.items()
        },
        is_list=True,
    )
