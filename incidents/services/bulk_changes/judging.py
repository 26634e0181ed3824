"""Tells beforehand what a bulk change would do to each incident."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django.core.exceptions import ValidationError

from incidents.models import (
    BulkChange,
    BulkChangeRow,
    Configuration,
    CustomField,
    CustomFieldEntry,
    Incident,
)
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.services.bulk_changes.values import Held, Wanted, read_held
from incidents.services.custom_fields import require_custom_fields
from incidents.services.errors import Problems
from incidents.services.lifecycle import refusal_of_move

MERGED = "It was merged: its page is kept as it was. Change the incident that goes on."
_Outcome = BulkChangeRow.Outcome


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one incident: `outcome` is changed, unchanged or refused."""

    incident: Incident
    held: Held
    outcome: BulkChangeRow.Outcome
    reason: str = ""


def judge_incidents(
    wanted: Wanted, incidents: Sequence[Incident], configuration: Configuration
) -> list[Verdict]:
    """Return a verdict on each incident, in their order; two queries at most."""
    held = read_held(wanted, incidents, configuration)
    unfilled = _unfilled(wanted, incidents, configuration)
    return [_judge(wanted, one, held[one.pk], configuration, unfilled.get(one.pk, "")) for one in incidents]


def _judge(
    wanted: Wanted, incident: Incident, held: Held, configuration: Configuration, unfilled: str
) -> Verdict:
    if incident.merged_into_incident_id is not None:
        return Verdict(incident, held, _Outcome.REFUSED, MERGED)
    if held.values == wanted.values:
        return Verdict(incident, held, _Outcome.UNCHANGED)
    if wanted.kind == BulkChange.Kind.STATUS:
        statuses = configuration.incident_statuses.by_id
        refusal = refusal_of_move(statuses[incident.incident_status_id], statuses[wanted.values[0]])
        if refusal or unfilled:
            return Verdict(incident, held, _Outcome.REFUSED, refusal or unfilled)
    return Verdict(incident, held, _Outcome.CHANGED)


def _unfilled(wanted: Wanted, incidents: Sequence[Incident], configuration: Configuration) -> dict[str, str]:
    """Return what is still to be filled in before the status, by incident; at most one query."""
    required = [
        field
        for field in configuration.custom_fields
        if field.required == CustomField.Required.BEFORE_RESOLUTION
    ]
    if wanted.kind != BulkChange.Kind.STATUS or not required:
        return {}
    status = configuration.incident_statuses.by_id[wanted.values[0]]
    if status.category not in {"learning", "closed"}:
        return {}
    leaving = [one.pk for one in incidents if one.status_category in OPEN_CATEGORIES]
    filled: dict[str, set[str]] = {pk: set() for pk in leaving}
    entries = CustomFieldEntry.objects.filter(incident__in=leaving, custom_field__in=required)
    for incident_id, field_id in entries.order_by().values_list("incident_id", "custom_field_id"):
        filled[incident_id].add(field_id)
    return {pk: _words(fields, required, status.name) for pk, fields in filled.items()}


def _words(filled: set[str], required: list[CustomField], status_name: str) -> str:
    problems = Problems()
    require_custom_fields(filled, required, problems, when=f"before the status {status_name}")
    try:
        problems.raise_if_any()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
