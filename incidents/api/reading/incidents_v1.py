"""Incidents in the older shape: made of those in the newer one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import UNSET, Raw, UnsetType

from incidents import models
from incidents.api.wire import incidents as wire
from incidents.api.wire import incidents_v1 as wire_v1
from incidents.api.wire.configuration import IncidentStatus
from incidents.api.wire.people import ActorV1
from incidents.models import StatusCategory

LAST_ACTIVITY = "last_activity"
_LIVE: Mapping[str, wire_v1.StatusV1] = {
    "investigating": "investigating",
    "fixing": "fixing",
    "monitoring": "monitoring",
}
_BY_CATEGORY: Mapping[str, wire_v1.StatusV1] = {
    StatusCategory.TRIAGE: "triage",
    StatusCategory.LIVE: "investigating",
    StatusCategory.PAUSED: "monitoring",
    StatusCategory.LEARNING: "closed",
    StatusCategory.CLOSED: "closed",
    StatusCategory.DECLINED: "declined",
    StatusCategory.CANCELED: "declined",
    StatusCategory.MERGED: "declined",
}


class _Written(msgspec.Struct):
    """What is taken over of a whole incident, the larger parts as the text that they are."""

    id: str
    reference: str
    name: str
    incident_status: IncidentStatus
    mode: wire.Mode
    visibility: wire.Visibility
    creator: ActorV1
    custom_field_entries: Raw
    incident_role_assignments: Raw
    incident_timestamp_values: list[wire.TimestampWithValue]
    created_at: str
    updated_at: str
    last_activity_at: str
    slack_team_id: str
    slack_channel_id: str
    permalink: str
    summary: str | UnsetType = UNSET
    severity: Raw | UnsetType = UNSET
    incident_type: Raw | UnsetType = UNSET
    call_url: str | UnsetType = UNSET
    postmortem_document_url: str | UnsetType = UNSET
    slack_channel_name: str | UnsetType = UNSET


_TAKEN_OVER = tuple(
    name
    for name in wire_v1.IncidentV1.__struct_fields__
    if name in _Written.__struct_fields__ and name != "mode"
)


def status_word(status: models.IncidentStatus) -> wire_v1.StatusV1:
    """Return the word of V1 for a status."""
    if status.category == StatusCategory.LIVE:
        return _LIVE.get(status.slug, "investigating")
    return _BY_CATEGORY[status.category]


def status_named(word: wire_v1.StatusV1, configuration: models.Configuration) -> models.IncidentStatus | None:
    """Return the first status that the word stands for."""
    return next((status for status in configuration.incident_statuses if status_word(status) == word), None)


def incidents_v1_of(
    incidents: Sequence[wire.Incident], configuration: models.Configuration
) -> list[wire_v1.IncidentV1]:
    """Return the incidents in the older shape; no query."""
    # Parts of them are JSON already, which reading them once more makes equal to the rest.
    written = msgspec.json.decode(msgspec.json.encode(incidents), type=list[_Written])
    return [_incident(one, configuration) for one in written]


def _incident(one: _Written, configuration: models.Configuration) -> wire_v1.IncidentV1:
    status = configuration.incident_statuses.by_id[one.incident_status.id]
    return wire_v1.IncidentV1(
        **{name: getattr(one, name) for name in _TAKEN_OVER},
        status=status_word(status),
        mode=one.mode if one.mode == "test" or one.mode == "tutorial" else "real",
        timestamps=[
            *(
                wire_v1.TimestampV1(
                    name=timestamp.incident_timestamp.name,
                    last_occurred_at=timestamp.value.value if timestamp.value else UNSET,
                )
                for timestamp in one.incident_timestamp_values
            ),
            wire_v1.TimestampV1(name=LAST_ACTIVITY, last_occurred_at=one.last_activity_at),
        ],
    )
