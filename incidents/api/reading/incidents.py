"""From the rows of incidents to incidents on the wire, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec
from django.conf import settings
from msgspec import UNSET, Raw, UnsetType

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.reading.fragments import Fragments, fragments
from incidents.api.wire import incidents as wire
from incidents.api.wire.base import or_unset
from incidents.api.wire.people import Actor, AlertActor, NamedActor, User
from incidents.models.custom_field import plain_number
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_listing import Asked
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.models.incident_record import (
    Assignment,
    Entry,
    Measurement,
    Part,
    RawId,
    Record,
    Records,
    read_records,
    ulid_of,
)
from incidents.models.incident_selection import Sql

RowT = TypeVar("RowT", Entry, Assignment, Measurement, Part)
_KINDS_OF_USER = {"viewer", "responder", "administrator", "owner"}


def read_incidents(
    incidents: IncidentQuerySet, asked: Asked, configuration: models.Configuration, total: Sql
) -> tuple[list[wire.Incident], int | None]:
    """Return a page of whole incidents and what `total` counts, None without any; five queries, whatever their number."""
    records = read_records(incidents, asked, total)
    counted = records.incidents[0].total if records.incidents else None
    return _Writer(records, fragments(configuration)).incidents(), counted


def read_incident(
    incidents: IncidentQuerySet, configuration: models.Configuration
) -> tuple[wire.Incident, int] | None:
    """Return the one incident of a queryset with its version, or None; five queries."""
    records = read_records(incidents, Asked(order=NEWEST_FIRST, size=1))
    if not records.incidents:
        return None
    return _Writer(records, fragments(configuration)).incidents()[0], records.incidents[0].version


def write_incidents(records: Records, configuration: models.Configuration) -> list[wire.Incident]:
    """Return whole incidents that were read already; no query."""
    return _Writer(records, fragments(configuration)).incidents()


class _Writer:
    """Writes the incidents of one answer. People who come up often are written once."""

    def __init__(self, records: Records, pieces: Fragments) -> None:
        self.records = records.incidents
        self.pieces = pieces
        self.entries = _by_incident(records.entries)
        self.assignments = _by_incident(records.assignments)
        self.measurements = _by_incident(records.measurements)
        self.parts = _by_incident(records.parts)
        self.people: dict[RawId, bytes] = {}
        self.permalink = f"{settings.BASE_URL}/incidents/{REFERENCE_PREFIX}"

    def incidents(self) -> list[wire.Incident]:
        return [self._incident(record) for record in self.records]

    def _incident(self, record: Record) -> wire.Incident:
        pieces, pk = self.pieces, record.raw_id
        measurements = self.measurements[pk]
        parts = self.parts[pk]
        debriefs = [_debrief(part) for part in parts if part.kind == "debrief"]
        return wire.Incident(
            id=ulid_of(pk),
            reference=f"{REFERENCE_PREFIX}{record.number}",
            name=record.name,
            mode=cast("wire.Mode", record.mode),
            visibility=cast("wire.Visibility", record.visibility),
            incident_status=cast("Any", pieces.incident_statuses[record.incident_status_id]),
            creator=self._creator(record),
            custom_field_entries=cast("Any", self._entries(self.entries[pk])),
            incident_role_assignments=cast("Any", self._assignments(self.assignments[pk])),
            created_at=in_api_time(record.created_at),
            updated_at=in_api_time(record.updated_at),
            last_activity_at=in_api_time(record.last_activity_at),
            slack_team_id=record.slack_team_id,
            slack_channel_id=record.slack_channel_id,
            team_ids=[ulid_of(part.part_id) for part in parts if part.kind == "team"],
            has_debrief=bool(debriefs),
            debriefs=debriefs,
            postmortem_document_ids=[ulid_of(part.part_id) for part in parts if part.kind == "document"],
            incident_timestamp_values=cast("Any", self._timestamps(measurements)),
            duration_metrics=cast("Any", self._durations(measurements)),
            permalink=f"{self.permalink}{record.number}/",
            summary=or_unset(record.summary),
            severity=_piece(pieces.severities, record.severity_id),
            incident_type=_piece(pieces.incident_types, record.incident_type_id),
            call_url=or_unset(record.call_url),
            postmortem_document_url=or_unset(record.postmortem_document_url),
            slack_channel_name=or_unset(record.slack_channel_name),
            slack_channel_url=or_unset(record.slack_channel_url),
            ms_teams_channel_url=or_unset(record.ms_teams_channel_url),
            external_issue_reference=_issue(record),
            **_workload(record),
        )

    def _creator(self, record: Record) -> Actor:
        name = record.creator_name or ""
        if record.creator_user_id is not None:
            person = self._person(
                record.creator_user_id,
                (name, record.creator_email, record.creator_role, record.creator_slack_user_id),
            )
            return Actor(user=cast("Any", Raw(person)))
        if record.creator_api_key_id is not None:
            return Actor(api_key=NamedActor(id=ulid_of(record.creator_api_key_id), name=name))
        if record.creator_alert_id is not None:
            return Actor(alert=AlertActor(id=ulid_of(record.creator_alert_id), title=name))
        return Actor(workflow=NamedActor(id=ulid_of(record.creator_workflow_id or ""), name=name))

    def _person(self, pk: RawId, about: tuple[str, str | None, str | None, str | None]) -> bytes:
        person = self.people.get(pk)
        if person is None:
            name, email, role, slack_user_id = about
            person = self.people[pk] = msgspec.json.encode(
                User(
                    id=ulid_of(pk),
                    name=name,
                    role=cast("Any", role if role in _KINDS_OF_USER else "unset"),
                    email=or_unset(email),
                    slack_user_id=or_unset(slack_user_id),
                )
            )
        return person

    def _entries(self, entries: list[Entry]) -> list[Raw]:
        if not entries:
            return list(self.pieces.blank_entries.values())
        values: dict[RawId, list[bytes]] = {}
        for entry in entries:
            values.setdefault(entry.custom_field_id, []).append(self._value(entry))
        written = dict(self.pieces.blank_entries)
        for field_id, of_field in values.items():
            written[field_id] = Raw(self.pieces.entry_starts[field_id] + b",".join(of_field) + b"]}")
        return list(written.values())

    def _value(self, entry: Entry) -> bytes:
        if entry.value_option_id is not None:
            return self.pieces.option_values[entry.value_option_id]
        if entry.value_catalog_entry_id is not None:
            found = wire.CatalogEntry(
                id=ulid_of(entry.value_catalog_entry_id),
                name=entry.entry_name or "",
                external_id=or_unset(entry.entry_external_id),
                aliases=entry.entry_aliases or UNSET,
            )
            return msgspec.json.encode(wire.CustomFieldValue(value_catalog_entry=found))
        if entry.value_numeric is not None:
            return msgspec.json.encode(wire.CustomFieldValue(value_numeric=plain_number(entry.value_numeric)))
        return msgspec.json.encode(
            wire.CustomFieldValue(
                value_text=or_unset(entry.value_text), value_link=or_unset(entry.value_link)
            )
        )

    def _assignments(self, assignments: list[Assignment]) -> list[Raw]:
        written = dict(self.pieces.blank_assignments)
        for assignment in assignments:
            person = self._person(assignment.assignee_id, assignment[3:7])
            start = self.pieces.assignment_starts[assignment.incident_role_id]
            written[assignment.incident_role_id] = Raw(b'%b,"assignee":%b}' % (start, person))
        return list(written.values())

    def _timestamps(self, measurements: list[Measurement]) -> list[Raw]:
        written = dict(self.pieces.blank_timestamps)
        for one in measurements:
            if one.value is not None:
                start = self.pieces.timestamp_starts[one.measured_id]
                moment = in_api_time(one.value).encode()
                written[one.measured_id] = Raw(b'%b,"value":{"value":"%b"}}' % (start, moment))
        return list(written.values())

    def _durations(self, measurements: list[Measurement]) -> list[Raw]:
        found = {one.measured_id: one for one in measurements if one.status is not None}
        return [
            Raw(_duration(start, found[metric_id]))
            for metric_id, start in self.pieces.metric_starts.items()
            if metric_id in found
        ]


def _by_incident(rows: Iterable[RowT]) -> Mapping[RawId, list[RowT]]:
    grouped: defaultdict[RawId, list[RowT]] = defaultdict(list)
    for row in rows:
        grouped[row.incident_id].append(row)
    return grouped


def _piece(pieces: Mapping[RawId, Raw], pk: RawId | None) -> Any:
    return UNSET if pk is None else pieces[pk]


def _duration(start: bytes, measured: Measurement) -> bytes:
    status = (measured.status or "").encode()
    if measured.value_seconds is None:
        return b'%b,"status":"%b"}' % (start, status)
    return b'%b,"status":"%b","value_seconds":%d}' % (start, status, measured.value_seconds)


def _debrief(part: Part) -> wire.Debrief:
    assert part.start_at is not None  # noqa: S101 - a debrief has both times
    assert part.end_at is not None  # noqa: S101
    return wire.Debrief(
        id=ulid_of(part.part_id), start_at=in_api_time(part.start_at), end_at=in_api_time(part.end_at)
    )


def _issue(record: Record) -> wire.ExternalIssueReference | UnsetType:
    if record.issue_provider is None:
        return UNSET
    return wire.ExternalIssueReference(
        provider=cast("wire.Provider", record.issue_provider),
        issue_name=record.issue_name or "",
        issue_permalink=record.issue_permalink or "",
    )


def _workload(record: Record) -> dict[str, Any]:
    minutes = {
        "working": record.workload_minutes_working,
        "late": record.workload_minutes_late,
        "sleeping": record.workload_minutes_sleeping,
    }
    known = {kind: float(number) for kind, number in minutes.items() if number is not None}
    if not known:
        return {}
    return {f"workload_minutes_{kind}": number for kind, number in known.items()} | {
        "workload_minutes_total": sum(known.values())
    }
