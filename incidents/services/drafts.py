"""What every way in builds, and the verbs take: frozen descriptions of what somebody wants."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping
from typing import Final


class Unset(enum.Enum):
    """The value of a part of an edit that nobody touched; None means "empty it"."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """An incident that somebody wants to declare. Ids are ULIDs of configuration; text is raw, as it was typed.

    `custom_fields` maps a field's id to its values in order: ids of options or catalog entries, or text, by the
    field's type. `roles` maps a role's id to a user's id, `timestamps` a timestamp's id to its moment.
    `number` is the one that an incident of the past had elsewhere: INC-123 keeps its name. `separate_from` holds ids of incidents that the person saw and holds to be others, for `separate_reason`.
    """

    name: str
    summary: str = ""
    severity_id: str | None = None
    incident_status_id: str | None = None
    incident_type_id: str | None = None
    mode: str = "standard"
    visibility: str = "public"
    call_url: str = ""
    postmortem_document_url: str = ""
    slack_team_id: str = ""
    slack_channel_id: str = ""
    slack_channel_name: str = ""
    number: int | None = None
    custom_fields: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    roles: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    timestamps: Mapping[str, datetime.datetime | None] = dataclasses.field(default_factory=dict)
    team_ids: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()
    idempotency_key: str = ""
    separate_from: tuple[str, ...] = ()
    separate_reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEdit:
    """A partial change of an incident: what is UNSET stays; mappings name only what changes."""

    name: str | Unset = UNSET
    summary: str | Unset = UNSET
    severity_id: str | Unset | None = UNSET
    incident_status_id: str | Unset = UNSET
    incident_type_id: str | Unset | None = UNSET
    mode: str | Unset = UNSET
    visibility: str | Unset = UNSET
    call_url: str | Unset = UNSET
    postmortem_document_url: str | Unset = UNSET
    slack_channel_name: str | Unset = UNSET
    custom_fields: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    roles: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    timestamps: Mapping[str, datetime.datetime | None] = dataclasses.field(default_factory=dict)
    team_ids: tuple[str, ...] | Unset = UNSET


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraft:
    """An update that somebody wants to share: at least one of message, status and severity."""

    message: str = ""
    incident_status_id: str | None = None
    severity_id: str | None = None
