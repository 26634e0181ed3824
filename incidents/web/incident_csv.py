"""Incidents as lines of CSV: a column for everything that one incident can say."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
from collections import defaultdict
from typing import TYPE_CHECKING, Self

from django.conf import settings

from incidents.models import CustomField, Incident
from incidents.models.custom_field import plain_number
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_record import raw_id, ulid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from incidents.models import Actor, Configuration
    from incidents.models.incident_record import Entry, RawId, Record, Records

# With this in front Excel reads UTF-8; every reader of CSV that matters skips it.
BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets take for the beginning of a formula, also in the wide forms of East Asian keyboards.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """How people read what is configured, by ids as the database writes them."""

    statuses: Mapping[RawId, tuple[str, str]]
    severities: Mapping[RawId | None, str]
    incident_types: Mapping[RawId | None, str]
    options: Mapping[RawId, str]

    @classmethod
    def of(cls, configuration: Configuration) -> Self:
        """Return the names of everything that an incident can refer to."""
        return cls(
            statuses={raw_id(one.pk): (one.name, one.category) for one in configuration.incident_statuses},
            severities={raw_id(one.pk): one.name for one in configuration.severities},
            incident_types={raw_id(one.pk): one.name for one in configuration.incident_types},
            options={
                raw_id(option.pk): option.value
                for field in configuration.custom_fields
                for option in configuration.options[field.pk]
            },
        )


@dataclasses.dataclass(slots=True)
class Line:
    """One incident with the texts of its parts, each by the id of what it belongs to."""

    record: Record
    names: Names
    people: dict[RawId, str] = dataclasses.field(default_factory=dict)
    values: defaultdict[RawId, list[str]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    moments: dict[RawId, datetime.datetime] = dataclasses.field(default_factory=dict)
    seconds: dict[RawId, int] = dataclasses.field(default_factory=dict)
    merged_into: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A head, and what an incident says below it. Text is made harmless; numbers, times and references stay."""

    head: str
    say: Callable[[Line], str]
    is_text: bool = False

    def cell(self, line: Line) -> str:
        """Return what stands in the file."""
        said = self.say(line)
        return harmless(said) if self.is_text else said


class IncidentTable:
    """The columns of one export, which stay as they were when it began."""

    def __init__(self, configuration: Configuration) -> None:
        self.columns = _distinct(_columns(configuration))

    def head(self) -> str:
        """Return the first line."""
        return csv_text([[harmless(column.head) for column in self.columns]])

    def lines(self, records: Records, configuration: Configuration, actor: Actor) -> str:
        """Return a line for each incident; one query if any of them was merged."""
        return csv_text(
            [column.cell(line) for column in self.columns] for line in _lines(records, configuration, actor)
        )


def harmless(text: str) -> str:
    """Return the text with an apostrophe in front where a spreadsheet would read a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_text(rows: Iterable[list[str]]) -> str:
    """Return lines of CSV as RFC 4180 has them."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _columns(configuration: Configuration) -> Iterator[Column]:
    yield Column("Reference", lambda line: f"{REFERENCE_PREFIX}{line.record.number}")
    yield Column("ID", lambda line: ulid_of(line.record.raw_id))
    yield Column("Name", lambda line: line.record.name, is_text=True)
    yield Column("Status", lambda line: line.names.statuses[line.record.incident_status_id][0], is_text=True)
    yield Column("Status category", lambda line: line.names.statuses[line.record.incident_status_id][1])
    yield Column(
        "Severity", lambda line: line.names.severities.get(line.record.severity_id, ""), is_text=True
    )
    yield Column(
        "Type", lambda line: line.names.incident_types.get(line.record.incident_type_id, ""), is_text=True
    )
    yield Column("Mode", lambda line: line.record.mode)
    yield Column("Visibility", lambda line: line.record.visibility)
    lead = configuration.lead_role
    for role in sorted(configuration.incident_roles, key=lambda role: role is not lead):
        yield Column(role.name, _by_id("people", role.pk), is_text=True)
    for field in configuration.custom_fields:
        is_number = field.field_type == CustomField.FieldType.NUMERIC
        yield Column(field.name, _joined(field.pk), is_text=not is_number)
    for timestamp in configuration.incident_timestamps:
        yield Column(timestamp.name, _moment_of(timestamp.pk))
    for metric in configuration.duration_metrics:
        yield Column(f"{metric.name} (seconds)", _by_id("seconds", metric.pk))
    yield Column("Creator", _creator, is_text=True)
    yield Column("Created at", lambda line: _in_utc(line.record.created_at))
    yield Column("Updated at", lambda line: _in_utc(line.record.updated_at))
    yield Column("Permalink", lambda line: _permalink(line.record.number))
    yield Column("Summary", lambda line: line.record.summary, is_text=True)
    yield Column("Merged into", lambda line: line.merged_into)


def _distinct(columns: Iterator[Column]) -> tuple[Column, ...]:
    """Return the columns with no head twice: a custom field may have the name of a property."""
    found: dict[str, Column] = {}
    for column in columns:
        head, number = column.head, 2
        while head in found:
            head, number = f"{column.head} ({number})", number + 1
        found[head] = dataclasses.replace(column, head=head)
    return tuple(found.values())


def _lines(records: Records, configuration: Configuration, actor: Actor) -> list[Line]:
    names = Names.of(configuration)
    lines = {record.raw_id: Line(record, names) for record in records.incidents}
    for assignment in records.assignments:
        person = f"{assignment.name} <{assignment.email}>" if assignment.name else assignment.email
        lines[assignment.incident_id].people[assignment.incident_role_id] = person
    for entry in records.entries:
        lines[entry.incident_id].values[entry.custom_field_id].append(_value(entry, names))
    for one in records.measurements:
        if one.value is not None:
            lines[one.incident_id].moments[one.measured_id] = one.value
        elif one.value_seconds is not None:
            lines[one.incident_id].seconds[one.measured_id] = one.value_seconds
    survivors = _survivors(records, actor)
    for line in lines.values():
        line.merged_into = survivors.get(line.record.merged_into_incident_id or "", "")
    return list(lines.values())


def _value(entry: Entry, names: Names) -> str:
    if entry.value_option_id is not None:
        return names.options[entry.value_option_id]
    if entry.value_numeric is not None:
        return plain_number(entry.value_numeric)
    return entry.entry_name or entry.value_text or entry.value_link or ""


def _survivors(records: Records, actor: Actor) -> dict[RawId, str]:
    """Return the references of what incidents were merged into, as far as the actor may know of them."""
    ids = {ulid_of(one.merged_into_incident_id) for one in records.incidents if one.merged_into_incident_id}
    if not ids:
        return {}
    rows = Incident.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "number")
    return {raw_id(pk): f"{REFERENCE_PREFIX}{number}" for pk, number in rows}


def _creator(line: Line) -> str:
    record = line.record
    if record.creator_email and record.creator_name:
        return f"{record.creator_name} <{record.creator_email}>"
    return record.creator_name or record.creator_email or ""


def _by_id(part: str, pk: str) -> Callable[[Line], str]:
    key = raw_id(pk)
    return lambda line: str(getattr(line, part).get(key, ""))


def _joined(field_id: str) -> Callable[[Line], str]:
    key = raw_id(field_id)
    return lambda line: "; ".join(line.values.get(key, ()))


def _moment_of(timestamp_id: str) -> Callable[[Line], str]:
    key = raw_id(timestamp_id)
    return lambda line: _in_utc(line.moments[key]) if key in line.moments else ""


def _in_utc(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _permalink(number: int) -> str:
    return f"{settings.BASE_URL}/incidents/{REFERENCE_PREFIX}{number}/"
