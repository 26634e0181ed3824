"""Whole incidents, read by page: the row with what is joined to it, and its parts by statements of their own.

Ids that only lead from one table to another stay as the driver hands them over: most of what a page costs would be
their conversion. `raw_id` turns an id of ours into such a one.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from incidents.models.custom_field import CatalogEntry, CustomFieldEntry
from incidents.models.incident import Incident
from incidents.models.incident_selection import IncidentSelection, Sql, column_of, fetch_rows
from incidents.models.incident_timestamp import IncidentTimestampValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Field

    from incidents.models.incident_listing import Asked
    from incidents.models.incident_queryset import IncidentQuerySet

RawId = Any
"""An id as the driver hands it over."""


class Record(NamedTuple):
    """An incident's row with who created it and its issue in a tracker. `raw_id` leads to its parts."""

    raw_id: RawId
    number: int
    version: int
    name: str
    summary: str
    mode: str
    visibility: str
    incident_status_id: RawId
    severity_id: RawId
    incident_type_id: RawId
    created_at: datetime.datetime
    updated_at: datetime.datetime
    last_activity_at: datetime.datetime
    call_url: str
    postmortem_document_url: str
    slack_team_id: str
    slack_channel_id: str
    slack_channel_name: str
    slack_channel_url: str
    ms_teams_channel_url: str
    workload_minutes_working: int | None
    workload_minutes_late: int | None
    workload_minutes_sleeping: int | None
    creator_user_id: RawId
    creator_api_key_id: RawId
    creator_alert_id: RawId
    creator_workflow_id: RawId
    creator_name: str | None
    creator_email: str | None
    creator_role: str | None
    creator_slack_user_id: str | None
    issue_provider: str | None
    issue_name: str | None
    issue_permalink: str | None


_COLUMNS = ("id", *Record._fields[1:27])
_MOMENTS = ("created_at", "updated_at", "last_activity_at")
_FIELDS = tuple(column_of(Incident, name) if name in _MOMENTS else None for name in Record._fields)
_PAGE = """
SELECT page.*, COALESCE(person.name, api_key.name, alert.title, workflow.name), person.email, person.role,
    person.slack_user_id, issue.provider, issue.issue_name, issue.issue_permalink
FROM ({page}) AS page
LEFT JOIN incidents_user AS person ON person.id = page.creator_user_id
LEFT JOIN incidents_apikey AS api_key ON api_key.id = page.creator_api_key_id
LEFT JOIN incidents_alert AS alert ON alert.id = page.creator_alert_id
LEFT JOIN incidents_workflow AS workflow ON workflow.id = page.creator_workflow_id
LEFT JOIN incidents_externalissuereference AS issue ON issue.incident_id = page.id
ORDER BY {ordering}
"""


class Entry(NamedTuple):
    """A value in a custom field; one of the last five says what it is."""

    incident_id: RawId
    custom_field_id: RawId
    value_option_id: RawId
    value_catalog_entry_id: RawId
    value_text: str | None
    value_link: str | None
    value_numeric: Any
    entry_name: str | None
    entry_external_id: str | None
    entry_aliases: list[str] | None


class Assignment(NamedTuple):
    """Who has a role."""

    incident_id: RawId
    incident_role_id: RawId
    assignee_id: RawId
    name: str
    email: str
    role: str
    slack_user_id: str


class Measurement(NamedTuple):
    """A timestamp with its moment, or a duration metric with its status and seconds."""

    incident_id: RawId
    incident_timestamp_id: RawId
    duration_metric_id: RawId
    value: datetime.datetime | None
    status: str | None
    value_seconds: int | None


class Part(NamedTuple):
    """A team, a post-mortem document, or a debrief with its times."""

    incident_id: RawId
    kind: str
    part_id: RawId
    start_at: datetime.datetime | None
    end_at: datetime.datetime | None


_ENTRIES = """
SELECT entry.incident_id, entry.custom_field_id, entry.value_option_id, entry.value_catalog_entry_id,
    entry.value_text, entry.value_link, entry.value_numeric, named.name, named.external_id, named.aliases
FROM incidents_customfieldentry AS entry
LEFT JOIN incidents_catalogentry AS named ON named.id = entry.value_catalog_entry_id
WHERE entry.incident_id IN ({ids}) ORDER BY entry.position
"""
_ASSIGNMENTS = """
SELECT assignment.incident_id, assignment.incident_role_id, person.id, person.name, person.email, person.role,
    person.slack_user_id
FROM incidents_incidentroleassignment AS assignment
JOIN incidents_user AS person ON person.id = assignment.assignee_id
WHERE assignment.incident_id IN ({ids})
"""
_MEASUREMENTS = """
SELECT incident_id, incident_timestamp_id, NULL, value, NULL, NULL
FROM incidents_incidenttimestampvalue WHERE incident_id IN ({ids})
UNION ALL
SELECT incident_id, NULL, duration_metric_id, NULL, status, value_seconds
FROM incidents_incidentdurationmetric WHERE incident_id IN ({ids})
"""
_PARTS = """
SELECT incident_id, 'team', team_id, NULL, NULL FROM incidents_incident_teams WHERE incident_id IN ({ids})
UNION ALL
SELECT incident_id, 'document', id, NULL, NULL
FROM incidents_postmortemdocument WHERE incident_id IN ({ids})
UNION ALL
SELECT incident_id, 'debrief', id, start_at, end_at FROM incidents_debrief WHERE incident_id IN ({ids})
"""
_MOMENT = column_of(IncidentTimestampValue, "value")


@dataclasses.dataclass(frozen=True, slots=True)
class Records:
    """Incidents in their order with all their parts, which are in no order of incidents."""

    incidents: Sequence[Record]
    entries: Sequence[Entry]
    assignments: Sequence[Assignment]
    measurements: Sequence[Measurement]
    parts: Sequence[Part]


def read_records(incidents: IncidentQuerySet, asked: Asked) -> Records:
    """Read a page of whole incidents; five queries, one if there are none."""
    page = IncidentSelection(incidents, _COLUMNS).page(
        asked.order, size=asked.size, position=asked.place.position if asked.place else None
    )
    text = _PAGE.format(page=page.text, ordering=asked.order.sql())
    records = [Record._make(row) for row in fetch_rows(Sql(text, page.parameters), _FIELDS)]
    ids = [record.raw_id for record in records]
    if not ids:
        return Records([], [], [], [], [])
    return Records(
        records,
        [Entry._make(row) for row in _rows_of(_ENTRIES, ids, _entry_fields())],
        [Assignment._make(row) for row in _rows_of(_ASSIGNMENTS, ids, ())],
        [Measurement._make(row) for row in _rows_of(_MEASUREMENTS, ids, (None, None, None, _MOMENT))],
        [Part._make(row) for row in _rows_of(_PARTS, ids, (None, None, None, _MOMENT, _MOMENT))],
    )


def raw_id(pk: str) -> RawId:
    """Return an id as the driver hands it over."""
    return Incident._meta.pk.get_db_prep_value(pk, connection)


def _entry_fields() -> tuple[Field[Any, Any] | None, ...]:
    numeric = column_of(CustomFieldEntry, "value_numeric")
    return (None, None, None, None, None, None, numeric, None, None, column_of(CatalogEntry, "aliases"))


def _rows_of(
    statement: str, ids: Sequence[RawId], fields: Sequence[Field[Any, Any] | None]
) -> Iterator[Sequence[Any]]:
    text = statement.format(ids=", ".join(["%s"] * len(ids)))
    return iter(fetch_rows(Sql(text, tuple(ids) * statement.count("{ids}")), fields))
