"""An incident of the incident.io API (Incidents V2) as columns and texts, so that it is read as a row of CSV is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PLAIN = (
    "id",
    "reference",
    "name",
    "summary",
    "mode",
    "visibility",
    "created_at",
    "updated_at",
    "permalink",
    "call_url",
    "postmortem_document_url",
    "slack_channel_id",
    "slack_channel_name",
)
ROLE, FIELD, TIMESTAMP = "Role: ", "Field: ", "Timestamp: "
_NAME_LENGTH = 100
_MOST_VALUES = 100


def flatten(incident: dict[str, Any]) -> dict[str, str]:
    """Return what the incident says, without what it does not say. What has another shape is left out."""
    return {name[:_NAME_LENGTH]: value for name, value in _parts(incident) if value.strip()}


def _parts(incident: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _PLAIN:
        yield name, _text(incident.get(name))
    yield "severity", _name_of(incident.get("severity"))
    yield "incident_type", _name_of(incident.get("incident_type"))
    yield "incident_status", _name_of(incident.get("incident_status"))
    yield "status_category", _text(_dict(incident.get("incident_status")).get("category"))
    yield "creator", _person(_dict(incident.get("creator")).get("user"))
    yield "issue", _text(_dict(incident.get("external_issue_reference")).get("issue_permalink"))
    for one in _list(incident.get("incident_role_assignments")):
        yield ROLE + _name_of(one.get("role")), _person(one.get("assignee"))
    for one in _list(incident.get("custom_field_entries")):
        values = [_value(value) for value in _list(one.get("values"))]
        yield FIELD + _name_of(one.get("custom_field")), "; ".join(filter(None, values))
    for one in _list(incident.get("incident_timestamp_values")):
        yield TIMESTAMP + _name_of(one.get("incident_timestamp")), _text(_dict(one.get("value")).get("value"))


def _value(value: dict[str, Any]) -> str:
    if option := _dict(value.get("value_option")):
        return _text(option.get("value"))
    if entry := _dict(value.get("value_catalog_entry")):
        return _text(entry.get("name"))
    plain = (value.get(name) for name in ("value_text", "value_link", "value_numeric"))
    return next(filter(None, map(_text, plain)), "")


def _person(person: Any) -> str:
    found = _dict(person)
    email, name = _text(found.get("email")), _text(found.get("name"))
    return f"{name} <{email}>" if email and name else email or name


def _name_of(noun: Any) -> str:
    return _text(_dict(noun).get("name"))


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)][:_MOST_VALUES] if isinstance(value, list) else []
