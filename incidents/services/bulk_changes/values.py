"""What a bulk change sets, and what incidents hold of it: the same words for both, so that they can be compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import Truncator

from incidents.models import (
    BulkChange,
    Configuration,
    CustomField,
    CustomFieldEntry,
    Incident,
    IncidentEvent,
    IncidentRoleAssignment,
    StatusCategory,
)
from incidents.models.bulk_change import LABEL_LENGTH
from incidents.models.custom_field import plain_number
from incidents.services.custom_fields import clean_custom_fields, require_custom_fields
from incidents.services.drafts import IncidentEdit
from incidents.services.errors import Problems
from incidents.services.validation import clean_people, clean_severity

_Kind = BulkChange.Kind
EVENT_KINDS = {
    _Kind.STATUS: IncidentEvent.Kind.STATUS_CHANGED,
    _Kind.SEVERITY: IncidentEvent.Kind.SEVERITY_CHANGED,
    _Kind.LEAD: IncidentEvent.Kind.ROLE_CHANGED,
    _Kind.CUSTOM_FIELD: IncidentEvent.Kind.FIELD_CHANGED,
}
_NOTHING = {_Kind.SEVERITY: "none", _Kind.LEAD: "nobody", _Kind.CUSTOM_FIELD: "empty"}


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """The values of one property: by id or as text, and as people read them."""

    values: tuple[str, ...] = ()
    label: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be set. `field_id` is the one of a custom field, else empty; no values empty the property."""

    kind: BulkChange.Kind
    values: tuple[str, ...]
    label: str
    field_id: str = ""

    def edit(self, configuration: Configuration) -> IncidentEdit:
        """Return the edit that sets it on one incident."""
        first = self.values[0] if self.values else None
        if self.kind == _Kind.STATUS:
            return IncidentEdit(incident_status_id=first or "")
        if self.kind == _Kind.SEVERITY:
            return IncidentEdit(severity_id=first)
        if self.kind == _Kind.LEAD:
            role = configuration.lead_role
            return IncidentEdit(roles={role.pk if role else "": first})
        return IncidentEdit(custom_fields={self.field_id: self.values})

    def with_values(self, values: Iterable[str]) -> Wanted:
        """Return the same property with other values."""
        return dataclasses.replace(self, values=tuple(values))


def clean_wanted(
    kind: BulkChange.Kind, values: Sequence[str], configuration: Configuration, *, field_id: str = ""
) -> Wanted:
    """Return what the values mean; one query for a person or a catalog.

    Raises:
        ValidationError: by the names of the fields on the wire.
    """
    problems = Problems()
    given = tuple(value for value in values if value.strip())
    if kind == _Kind.CUSTOM_FIELD:
        wanted = _clean_answer(given, configuration, problems, field_id=field_id)
    elif kind == _Kind.LEAD:
        wanted = _clean_lead(given, configuration, problems)
    elif kind == _Kind.SEVERITY:
        severity = clean_severity(given[0] if given else None, configuration, problems)
        wanted = Wanted(kind, given[:1], str(severity or ""))
    else:
        wanted = _clean_status(given, configuration, problems)
    problems.raise_if_any()
    return wanted


def _clean_status(given: tuple[str, ...], configuration: Configuration, problems: Problems) -> Wanted:
    status = configuration.incident_statuses.by_id.get(given[0]) if given else None
    if status is None:
        problems.add("incident_status_id", "There is no such status. Choose one from the list.", "unknown")
    elif status.category == StatusCategory.MERGED:
        problems.add(
            "incident_status_id", "An incident becomes merged by merging it into another one.", "not_allowed"
        )
    return Wanted(_Kind.STATUS, given[:1], str(status or ""))


def _clean_lead(given: tuple[str, ...], configuration: Configuration, problems: Problems) -> Wanted:
    if configuration.lead_role is None:
        problems.add("incident_role_assignments", "There is no role of a lead any more.", "unknown")
    people = clean_people(given[:1], problems)
    label = next(iter(map(str, people.values())), _NOTHING[_Kind.LEAD])
    return Wanted(_Kind.LEAD, given[:1], _short(label))


def _clean_answer(
    given: tuple[str, ...], configuration: Configuration, problems: Problems, *, field_id: str
) -> Wanted:
    cleaned = clean_custom_fields({field_id: given}, configuration, problems)
    required = [
        field
        for field in configuration.custom_fields
        if field.pk == field_id and field.required == CustomField.Required.ALWAYS
    ]
    filled = [pk for pk, found in cleaned.items() if found]
    if not given:
        require_custom_fields(filled, required, problems, when="to save")
    found = cleaned.get(field_id, ())
    values = tuple(
        plain_number(one.value) if one.column == "value_numeric" else str(one.value)  # type: ignore[arg-type]
        for one in found
    )
    label = ", ".join(one.label for one in found) or _NOTHING[_Kind.CUSTOM_FIELD]
    return Wanted(_Kind.CUSTOM_FIELD, values, _short(label), field_id)


def read_held(wanted: Wanted, incidents: Sequence[Incident], configuration: Configuration) -> dict[str, Held]:
    """Return what each incident holds of the property, by its id; at most one query."""
    if wanted.kind == _Kind.STATUS:
        statuses = configuration.incident_statuses.by_id
        return {
            one.pk: Held((one.incident_status_id,), str(statuses.get(one.incident_status_id, "")))
            for one in incidents
        }
    if wanted.kind == _Kind.SEVERITY:
        severities = configuration.severities.by_id
        return {
            one.pk: Held((one.severity_id,), str(severities.get(one.severity_id, "")))
            if one.severity_id
            else Held((), _NOTHING[_Kind.SEVERITY])
            for one in incidents
        }
    found = _read_leads if wanted.kind == _Kind.LEAD else _read_answers
    held = found(wanted, [one.pk for one in incidents], configuration)
    return {one.pk: held.get(one.pk, Held((), _NOTHING[wanted.kind])) for one in incidents}


def _read_leads(wanted: Wanted, ids: list[str], configuration: Configuration) -> dict[str, Held]:
    role = configuration.lead_role
    assignments = IncidentRoleAssignment.objects.filter(incident__in=ids, incident_role=role)
    people = assignments.select_related("assignee").only("incident_id", "assignee__name", "assignee__email")
    return {one.incident_id: Held((one.assignee_id,), _short(str(one.assignee))) for one in people}


def _read_answers(wanted: Wanted, ids: list[str], configuration: Configuration) -> dict[str, Held]:
    entries = CustomFieldEntry.objects.filter(incident__in=ids, custom_field=wanted.field_id)
    found: dict[str, list[CustomFieldEntry]] = {}
    for entry in entries.select_related("value_option", "value_catalog_entry").order_by("position"):
        found.setdefault(entry.incident_id, []).append(entry)
    return {
        pk: Held(tuple(map(_value_of, own)), _short(", ".join(entry.label for entry in own)))
        for pk, own in found.items()
    }


def _value_of(entry: CustomFieldEntry) -> str:
    chosen: Any = entry.value_option_id or entry.value_catalog_entry_id
    return str(chosen) if chosen else entry.label


def _short(label: str) -> str:
    return Truncator(label).chars(LABEL_LENGTH)
