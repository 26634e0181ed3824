"""An incident as the edit form shows it: the values of each control, in the words that a browser sends back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.models import CustomFieldEntry
from incidents.services.metrics import moments_of
from incidents.web.forms.answers import answer_name

if TYPE_CHECKING:
    from django.http import QueryDict

    from incidents.models import Configuration, Incident, User

Values = Mapping[str, tuple[str, ...]]
TEXT_COLUMNS = ("name", "summary", "mode", "visibility", "call_url", "postmortem_document_url")


def role_name(slug: str) -> str:
    """Return the name of the control for a role."""
    return f"incident_role[{slug}]"


def timestamp_name(slug: str) -> str:
    """Return the name of the control for a timestamp."""
    return f"incident_timestamp[{slug}]"


def read_values(
    incident: Incident, configuration: Configuration, assignees: Mapping[str, User]
) -> dict[str, tuple[str, ...]]:
    """Return the values by the name of the control, none where there is nothing; three queries."""
    values = {column: getattr(incident, column) for column in TEXT_COLUMNS}
    status = configuration.incident_statuses.by_id.get(incident.incident_status_id)
    severity = configuration.severities.by_id.get(incident.severity_id or "")
    incident_type = configuration.incident_types.by_id.get(incident.incident_type_id or "")
    values["incident_status"] = status.slug if status else ""
    values["severity"] = severity.slug if severity else ""
    values["incident_type"] = incident_type.slug if incident_type else ""
    for role in configuration.incident_roles:
        values[role_name(role.slug)] = assignees[role.pk].email if role.pk in assignees else ""
    moments = moments_of(incident.pk)
    zone = timezone.get_current_timezone()
    for timestamp in configuration.incident_timestamps:
        moment = moments.get(timestamp.pk)
        written = moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
        values[timestamp_name(timestamp.slug)] = written
    singles = {name: normalised([value]) for name, value in values.items()}
    return singles | _answers(incident, configuration) | {"team": _teams(incident)}


def read_assignees(incident: Incident) -> dict[str, User]:
    """Return who has which role, by the role's id; one query."""
    assignments = incident.role_assignments.select_related("assignee")
    return {assignment.incident_role_id: assignment.assignee for assignment in assignments}


def posted_values(data: QueryDict, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what a browser sent, by the names of the controls."""
    return {name: normalised(data.getlist(name)) for name in names}


def base_values(written: str, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what the person saw when they began, as the form kept it; nothing of what is no such text."""
    try:
        kept = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        name: normalised([str(value) for value in kept[name]])
        for name in names
        if isinstance(kept.get(name), list)
    }


def write_base(values: Values) -> str:
    """Return the values as one text for a hidden control."""
    return json.dumps({name: list(chosen) for name, chosen in values.items()}, ensure_ascii=False)


def normalised(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that say something, with line ends as they are stored."""
    lines = (value.replace("\r\n", "\n").replace("\r", "\n") for value in values)
    return tuple(value for value in lines if value.strip())


def are_same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two sets of values are the same; the order in which boxes are ticked says nothing."""
    return sorted(one) == sorted(other)


def _answers(incident: Incident, configuration: Configuration) -> dict[str, tuple[str, ...]]:
    names = {field.pk: answer_name(field) for field in configuration.custom_fields}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    entries = CustomFieldEntry.objects.filter(incident=incident).order_by("custom_field_id", "position")
    for entry in entries.select_related("value_option", "value_catalog_entry"):
        if entry.custom_field_id in names:
            found[names[entry.custom_field_id]].append(_answer(entry))
    return {name: normalised(chosen) for name, chosen in found.items()}


def _answer(entry: CustomFieldEntry) -> str:
    chosen = entry.value_option or entry.value_catalog_entry
    return entry.label if chosen is None else chosen.slug


def _teams(incident: Incident) -> tuple[str, ...]:
    return tuple(incident.teams.values_list("slug", flat=True))
