"""The least that a page can cost: raw statements and strings, without ORM, filters, forms or templates.

What the product does is measured against these in the same run, so that neither the machine nor its load matters.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import connection

from incidents.models.incident_record import raw_id
from incidents.models.incident_status import LOWEST_OPEN_RANK
from incidents.models.ulid import encode_ulid

if TYPE_CHECKING:
    from incidents.api.reading.fragments import Fragments
    from incidents.models import Actor, Configuration

_MODES = "mode IN ('standard', 'retrospective')"
_LIST = """
WITH mine AS (SELECT incident_id FROM incidents_incidentmembership WHERE user_id = %s)
SELECT i.number, i.name, i.visibility, CAST(i.severity_id AS TEXT), CAST(i.incident_status_id AS TEXT), i.created_at,
    i.updated_at, person.name, lasted.value_seconds,
    (
        SELECT {joined}(option.value, '|') FROM incidents_customfieldentry AS entry
        JOIN incidents_customfieldoption AS option ON option.id = entry.value_option_id
        WHERE entry.incident_id = i.id AND entry.custom_field_id IN ({tagged})
    ),
    (
        SELECT COUNT(*) FROM (
            SELECT 1 FROM incidents_incident WHERE status_category_rank >= %s AND {modes}
                AND (visibility = 'public' OR {member})
            LIMIT 1001
        ) AS capped
    )
FROM (
    SELECT * FROM incidents_incident WHERE status_category_rank >= %s AND {modes}
        AND (visibility = 'public' OR {member})
    ORDER BY status_category_rank DESC, severity_rank DESC, id DESC LIMIT 26
) AS i
LEFT JOIN incidents_incidentroleassignment AS lead ON lead.incident_id = i.id AND lead.incident_role_id = %s
LEFT JOIN incidents_user AS person ON person.id = lead.assignee_id
LEFT JOIN incidents_incidentdurationmetric AS lasted ON lasted.incident_id = i.id AND lasted.duration_metric_id = %s
ORDER BY i.status_category_rank DESC, i.severity_rank DESC, i.id DESC
"""
# What is cheaper for the database.
_MEMBER = {
    "postgresql": "id IN (SELECT incident_id FROM mine)",
    "sqlite": "EXISTS(SELECT 1 FROM mine WHERE mine.incident_id = incidents_incident.id)",
}


class ListFloor:
    """The list of what is open, as a table of 25 rows: one statement, and one string for each row."""

    def __init__(self, actor: Actor, configuration: Configuration) -> None:
        lead, metric = (
            configuration.lead_role,
            next(one for one in configuration.duration_metrics if one.is_headline),
        )
        assert lead is not None
        tagged = [raw_id(field.pk) for field in configuration.custom_fields if field.similarity]
        joined = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
        self._statement = _LIST.format(
            joined=joined,
            tagged=", ".join(["%s"] * len(tagged)),
            modes=_MODES,
            member=_MEMBER[connection.vendor],
        )
        member = raw_id(actor.user_id or "")
        self._given: list[Any] = [
            member,
            *tagged,
            LOWEST_OPEN_RANK,
            LOWEST_OPEN_RANK,
            raw_id(lead.pk),
            raw_id(metric.pk),
        ]
        self._severities = {raw_id(one.pk): escape(one.name) for one in configuration.severities}
        self._statuses = {raw_id(one.pk): escape(one.name) for one in configuration.incident_statuses}

    def draw(self) -> str:
        """Return the table."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement, self._given)
            rows = cursor.fetchall()
        return f"<table>{''.join([self._row(row) for row in rows[:25]])}</table><p>{rows[0][-1]}</p>"

    def _row(self, row: Any) -> str:
        number, name, visibility, severity, status, created, updated, lead, lasted, tags, _ = row
        lock = "<svg></svg>" if visibility == "private" else ""
        shown = "".join([f"<span>{escape(tag)}</span>" for tag in (tags or "").split("|")])
        return (
            f'<tr id="INC-{number}"><td>{self._severities.get(severity, "")}</td><td>INC-{number}</td>'
            f'<td>{lock}<a href="/incidents/INC-{number}/">{escape(name)}</a>{shown}</td>'
            f"<td>{self._statuses[status]}</td><td>{escape(lead or 'Nobody yet')}</td>"
            f"<td>{lasted or created}</td><td>{updated}</td></tr>"
        )


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
