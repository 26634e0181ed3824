"""Whole incidents, read by page: the row with what is joined to it, and its parts by statements of their own.

Ids that only lead from one table to another are read as the text that the database makes of them: most of what a page
costs would be their conversion. `raw_id` and `ulid_of` lead there and back.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from incidents.models.custom_field import CatalogEntry, CustomFieldEntry
from incidents.models.incident import Incident
from incidents.models.incident_selection import IncidentSelection, Sql, column_of, fetch_rows
from incidents.models.incident_timestamp import IncidentTimestampValue
from incidents.models.ulid import encode_ulid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Field

    from incidents.models.incident_listing import Asked
    from incidents.models.incident_queryset import IncidentQuerySet

RawId = str
"""An id as the database writes it as text."""


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
    severity_id: RawId | None
    incident_type_id: RawId | None
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
    creator_user_id: RawId | None
    creator_api_key_id: RawId | None
    creator_alert_id: RawId | None
    creator_workflow_id: RawId | None
    merged_into_incident_id: RawId | None
    status_category_rank: int
    severity_rank: int
    creator_name: str | None
    creator_email: str | None
    creator_role: str | None
    creator_slack_user_id: str | None
    issue_provider: str | None
    issue_name: str | None
    issue_permalink: str | None
    total: int | None


NO_TOTAL = Sql("SELECT NULL", ())
_COLUMNS = ("id", *Record._fields[1:30])
_MOMENTS = ("created_at", "updated_at", "last_activity_at")
_SELECTED = ", ".join(
    f"CAST(page.{name} AS TEXT)"
    if name == "id" or (name.endswith("_id") and not name.startswith("slack"))
    else f"page.{name}"
    for name in _COLUMNS
)
_FIELDS = tuple(column_of(Incident, name) if name in _MOMENTS else None for name in Record._fields)
_PAGE = """
SELECT {columns}, COALESCE(person.name, api_key.name, alert.title, workflow.name), person.email, person.role,
    person.slack_user_id, issue.provider, issue.issue_name, issue.issue_permalink, ({total})
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
    value_option_id: RawId | None
    value_catalog_entry_id: RawId | None
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
    """A timestamp with its moment; or a duration metric with its status and seconds, and no moment."""

    incident_id: RawId
    measured_id: RawId
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
SELECT CAST(entry.incident_id AS TEXT), CAST(entry.custom_field_id AS TEXT), CAST(entry.value_option_id AS TEXT),
    CAST(entry.value_catalog_entry_id AS TEXT), entry.value_text, entry.value_link, entry.value_numeric,
    named.name, named.external_id, named.aliases
FROM incidents_customfieldentry AS entry
LEFT JOIN incidents_catalogentry AS named ON named.id = entry.value_catalog_entry_id
WHERE entry.incident_id {among} ORDER BY entry.position
"""
_ASSIGNMENTS = """
SELECT CAST(assignment.incident_id AS TEXT), CAST(assignment.incident_role_id AS TEXT), CAST(person.id AS TEXT),
    person.name, person.email, person.role, person.slack_user_id
FROM incidents_incidentroleassignment AS assignment
JOIN incidents_user AS person ON person.id = assignment.assignee_id
WHERE assignment.incident_id {among}
"""
_MEASUREMENTS = """
SELECT CAST(incident_id AS TEXT), CAST(incident_timestamp_id AS TEXT), value, NULL, NULL
FROM incidents_incidenttimestampvalue WHERE incident_id {among}
UNION ALL
SELECT CAST(incident_id AS TEXT), CAST(duration_metric_id AS TEXT), NULL, status, value_seconds
FROM incidents_incidentdurationmetric WHERE incident_id {among}
"""
# The debriefs come first: PostgreSQL takes the types of the columns from there.
_PARTS = """
SELECT CAST(incident_id AS TEXT), 'debrief', CAST(id AS TEXT), start_at, end_at
FROM incidents_debrief WHERE incident_id {among}
UNION ALL
SELECT CAST(incident_id AS TEXT), 'team', CAST(team_id AS TEXT), NULL, NULL
FROM incidents_incident_teams WHERE incident_id {among}
UNION ALL
SELECT CAST(incident_id AS TEXT), 'document', CAST(id AS TEXT), NULL, NULL
FROM incidents_postmortemdocument WHERE incident_id {among}
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


def read_records(incidents: IncidentQuerySet, asked: Asked, total: Sql = NO_TOTAL) -> Records:
    """Read a page of whole incidents; five queries, one if there are none. Each row carries the total."""
    page = IncidentSelection(incidents, _COLUMNS).page(
        asked.order, size=asked.size, position=asked.place.position if asked.place else None
    )
    text = _PAGE.format(columns=_SELECTED, total=total.text, page=page.text, ordering=asked.order.sql("page"))
    records = [
        Record._make(row) for row in fetch_rows(Sql(text, (*total.parameters, *page.parameters)), _FIELDS)
    ]
    ids = [record.raw_id for record in records]
    if not ids:
        return Records([], [], [], [], [])
    return Records(
        records,
        [Entry._make(row) for row in _rows_of(_ENTRIES, ids, _entry_fields())],
        [Assignment._make(row) for row in _rows_of(_ASSIGNMENTS, ids, ())],
        [Measurement._make(row) for row in _rows_of(_MEASUREMENTS, ids, (None, None, _MOMENT))],
        [Part._make(row) for row in _rows_of(_PARTS, ids, (None, None, None, _MOMENT, _MOMENT))],
    )


def raw_id(pk: str) -> RawId:
    """Return an id as the database writes it."""
    return str(Incident._meta.pk.get_db_prep_value(pk, connection))


def ulid_of(raw: RawId) -> str:
    """Return an id as people see it."""
    return encode_ulid(int(raw.replace("-", ""), 16))


def _entry_fields() -> tuple[Field[Any, Any] | None, ...]:
    numeric = column_of(CustomFieldEntry, "value_numeric")
    return (None, None, None, None, None, None, numeric, None, None, column_of(CatalogEntry, "aliases"))


def _rows_of(
    statement: str, ids: Sequence[RawId], fields: Sequence[Field[Any, Any] | None]
) -> Iterator[Sequence[Any]]:
    """Read the parts of some incidents. One parameter holds all ids: a driver takes long over hundreds of them."""
    is_postgresql = connection.vendor == "postgresql"
    among = "= ANY(%s::uuid[])" if is_postgresql else "IN (SELECT value FROM json_each(%s))"
    given = list(ids) if is_postgresql else json.dumps(ids)
    text = statement.format(among=among)
    return iter(fetch_rows(Sql(text, (given,) * text.count(among)), fields))
