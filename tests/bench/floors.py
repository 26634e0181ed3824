"""The least that a page can cost: raw statements and strings, without ORM, filters, forms or templates.

What the product does is measured against these in the same run, so that neither the machine nor its load matters.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import connection

from incidents.api.reading.fragments import Fragments
from incidents.models.ulid import encode_ulid

_MODES = "mode IN ('standard', 'retrospective')"


def json_list(pieces: Fragments, size: int) -> bytes:
    """Return the newest incidents as the API does, from one statement for each table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CAST(i.id AS TEXT), number, i.name, summary, mode, visibility, CAST(incident_status_id AS TEXT),"
            " CAST(severity_id AS TEXT), CAST(incident_type_id AS TEXT), i.created_at, i.updated_at, last_activity_at,"
            " CAST(u.id AS TEXT), u.name, u.email, u.role FROM incidents_incident i"
            f" LEFT JOIN incidents_user u ON u.id = creator_user_id WHERE {_MODES} ORDER BY i.id DESC LIMIT %s",
            [size],
        )
        rows = cursor.fetchall()
        among, given = _among([row[0] for row in rows])
        entries = _grouped(
            cursor,
            "SELECT CAST(incident_id AS TEXT), CAST(custom_field_id AS TEXT), CAST(value_option_id AS TEXT), value_text"
            f" FROM incidents_customfieldentry WHERE incident_id {among}",
            given,
        )
        people = _grouped(
            cursor,
            "SELECT CAST(incident_id AS TEXT), CAST(incident_role_id AS TEXT), CAST(u.id AS TEXT), u.name, u.email, u.role"
            " FROM incidents_incidentroleassignment JOIN incidents_user u ON u.id = assignee_id"
            f" WHERE incident_id {among}",
            given,
        )
        moments = _grouped(
            cursor,
            "SELECT CAST(incident_id AS TEXT), CAST(incident_timestamp_id AS TEXT), value"
            f" FROM incidents_incidenttimestampvalue WHERE incident_id {among}",
            given,
        )
        durations = _grouped(
            cursor,
            "SELECT CAST(incident_id AS TEXT), CAST(duration_metric_id AS TEXT), status, value_seconds"
            f" FROM incidents_incidentdurationmetric WHERE incident_id {among}",
            given,
        )
    none: list[Any] = []
    return b'{"incidents":[%b]}' % b",".join(
        [
            _incident(
                row,
                pieces,
                entries.get(row[0], none),
                people.get(row[0], none),
                moments.get(row[0], none),
                durations.get(row[0], none),
            )
            for row in rows
        ]
    )


def _among(ids: list[str]) -> tuple[str, Any]:
    if connection.vendor == "postgresql":
        return "= ANY(%s::uuid[])", ids
    return "IN (SELECT value FROM json_each(%s))", msgspec.json.encode(ids).decode()


def _grouped(cursor: Any, statement: str, given: Any) -> dict[str, list[Any]]:
    cursor.execute(statement, [given])
    grouped: dict[str, list[Any]] = {}
    for row in cursor.fetchall():
        grouped.setdefault(row[0], []).append(row)
    return grouped


def _incident(row: Any, pieces: Fragments, entries: Any, people: Any, moments: Any, durations: Any) -> bytes:
    pk, number, name, summary, mode, visibility, status, severity, kind, created, updated, active, *user = row
    dumps = msgspec.json.encode
    fields = {
        field: start
        + b",".join(
            pieces.option_values[e[2]] if e[2] else b'{"value_text":%b}' % dumps(e[3] or "")
            for e in entries
            if e[1] == field
        )
        for field, start in pieces.entry_starts.items()
    }
    roles = dict.fromkeys(pieces.assignment_starts, b"")
    for _, role, *person in people:
        roles[role] = b',"assignee":%b' % _person(person)
    times = {m[1]: b',"value":{"value":"%b"}' % _time(m[2]) for m in moments}
    metrics = {
        d[1]: b',"status":"%b"' % d[2].encode() + (b"" if d[3] is None else b',"value_seconds":%d' % d[3])
        for d in durations
    }
    return (
        b'{"id":"%b","reference":"INC-%d","name":%b,"summary":%b,"mode":"%b","visibility":"%b",'
        b'"incident_status":%b,"severity":%b,"incident_type":%b,"created_at":"%b","updated_at":"%b",'
        b'"last_activity_at":"%b","creator":{"user":%b},"custom_field_entries":[%b],'
        b'"incident_role_assignments":[%b],"incident_timestamp_values":[%b],"duration_metrics":[%b],'
        b'"slack_team_id":"","slack_channel_id":"","team_ids":[],"has_debrief":false,"debriefs":[],'
        b'"postmortem_document_ids":[],"permalink":"http://127.0.0.1:8000/incidents/INC-%d/"}'
        % (
            encode_ulid(int(pk.replace("-", ""), 16)).encode(),
            number,
            dumps(name),
            dumps(summary),
            mode.encode(),
            visibility.encode(),
            bytes(pieces.incident_statuses[status]),
            bytes(pieces.severities[severity]) if severity else b"null",
            bytes(pieces.incident_types[kind]) if kind else b"null",
            _time(created),
            _time(updated),
            _time(active),
            _person(user) if user[0] else b"{}",
            b",".join([f + b"]}" for f in fields.values()]),
            b",".join([start + roles[role] + b"}" for role, start in pieces.assignment_starts.items()]),
            b",".join([start + times.get(t, b"") + b"}" for t, start in pieces.timestamp_starts.items()]),
            b",".join(
                [start + metrics[m] + b"}" for m, start in pieces.metric_starts.items() if m in metrics]
            ),
            number,
        )
    )


def _person(person: Any) -> bytes:
    pk, name, email, role = person
    dumps = msgspec.json.encode
    return b'{"id":"%b","name":%b,"role":"%b","email":%b}' % (
        encode_ulid(int(pk.replace("-", ""), 16)).encode(),
        dumps(name),
        role.encode(),
        dumps(email),
    )


def _time(moment: Any) -> bytes:
    if isinstance(moment, str):
        return f"{moment.replace(' ', 'T')}Z".encode()
    return f"{moment.isoformat()[:26]}Z".encode()
