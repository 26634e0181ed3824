"""JSON that many incidents share, written once per configuration and copied from then on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Raw

from incidents import models
from incidents.api.reading.configuration import (
    option_of,
    role_v1_of,
    severity_of,
    status_of,
    timestamp_of,
    type_of,
)
from incidents.api.wire.configuration import FieldType
from incidents.api.wire.incidents import CustomFieldInfo, DurationMetric
from incidents.models.configuration import NounT
from incidents.models.incident_record import RawId, raw_id

KeyT = TypeVar("KeyT")


@dataclasses.dataclass(frozen=True, slots=True)
class Fragments:
    """Pieces of JSON by ids as the driver hands them over.

    What ends in `_starts` is the beginning of an object to which an incident adds its own part; the `blank_` ones are
    whole objects of an incident that adds nothing, in the order of the configuration.
    """

    token: str
    severities: Mapping[RawId, Raw]
    incident_statuses: Mapping[RawId, Raw]
    incident_types: Mapping[RawId, Raw]
    option_values: Mapping[RawId, bytes]
    entry_starts: Mapping[RawId, bytes]
    blank_entries: Mapping[RawId, Raw]
    assignment_starts: Mapping[RawId, bytes]
    blank_assignments: Mapping[RawId, Raw]
    timestamp_starts: Mapping[RawId, bytes]
    blank_timestamps: Mapping[RawId, Raw]
    metric_starts: Mapping[RawId, bytes]


_cached: Fragments | None = None


def fragments(configuration: models.Configuration) -> Fragments:
    """Return the fragments of the configuration; no query."""
    global _cached
    if _cached is None or _cached.token != configuration.token:
        _cached = _write(configuration)
    return _cached


def _write(configuration: models.Configuration) -> Fragments:
    entry_starts = _pieces(
        configuration.custom_fields,
        lambda field: b'{"custom_field":%b,"values":[' % _json(_info_of(field, configuration)),
    )
    assignment_starts = _pieces(
        configuration.incident_roles, lambda role: b'{"role":%b' % _json(role_v1_of(role))
    )
    timestamp_starts = _pieces(
        configuration.incident_timestamps,
        lambda timestamp: b'{"incident_timestamp":%b' % _json(timestamp_of(timestamp)),
    )
    return Fragments(
        token=configuration.token,
        severities=_pieces(configuration.severities, lambda row: Raw(_json(severity_of(row)))),
        incident_statuses=_pieces(configuration.incident_statuses, lambda row: Raw(_json(status_of(row)))),
        incident_types=_pieces(configuration.incident_types, lambda row: Raw(_json(type_of(row)))),
        option_values=_pieces(
            (option for field in configuration.custom_fields for option in configuration.options[field.pk]),
            lambda row: b'{"value_option":%b}' % _json(option_of(row)),
        ),
        entry_starts=entry_starts,
        blank_entries={pk: Raw(start + b"]}") for pk, start in entry_starts.items()},
        assignment_starts=assignment_starts,
        blank_assignments={pk: Raw(start + b"}") for pk, start in assignment_starts.items()},
        timestamp_starts=timestamp_starts,
        blank_timestamps={pk: Raw(start + b"}") for pk, start in timestamp_starts.items()},
        metric_starts=_pieces(
            configuration.duration_metrics,
            lambda row: b'{"duration_metric":%b' % _json(DurationMetric(id=row.pk, name=row.name)),
        ),
    )


def _pieces(rows: Iterable[NounT], write: Callable[[NounT], KeyT]) -> dict[RawId, KeyT]:
    return {raw_id(row.pk): write(row) for row in rows}


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)


def _info_of(field: models.CustomField, configuration: models.Configuration) -> CustomFieldInfo:
    return CustomFieldInfo(
        id=field.pk,
        name=field.name,
        description=field.description,
        field_type=cast("FieldType", field.field_type),
        options=[option_of(option) for option in configuration.options[field.pk]],
    )
