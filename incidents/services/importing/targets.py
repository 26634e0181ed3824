"""What a column of a file can fill, and the guess from its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from incidents.models import Configuration
from incidents.services.importing.flattening import FIELD, ROLE, TIMESTAMP
from incidents.text import slug

ROLE_KEY, FIELD_KEY, TIMESTAMP_KEY = "role.", "field.", "timestamp."
NAME, SUMMARY, CREATED_AT, SOURCE_ID = "name", "summary", "created_at", "source_id"
SEVERITY, STATUS, STATUS_CATEGORY, INCIDENT_TYPE = (
    "severity",
    "incident_status",
    "status_category",
    "incident_type",
)
NUMBER, MODE, VISIBILITY, CREATOR, PERMALINK = "number", "mode", "visibility", "creator", "permalink"

_LABELS = {
    NAME: "Name",
    SUMMARY: "Summary",
    SEVERITY: "Severity",
    STATUS: "Status",
    STATUS_CATEGORY: "Category of the status",
    INCIDENT_TYPE: "Type",
    CREATED_AT: "Declared at",
    CREATOR: "Declared by",
    SOURCE_ID: "Id in the source",
    NUMBER: "Reference, as INC-123",
    VISIBILITY: "Visibility",
    MODE: "Mode",
    PERMALINK: "Link to the source",
    "call_url": "Link to the call",
    "postmortem_document_url": "Link to the post-mortem",
    "slack_channel_name": "Slack channel",
}
# How other tools call it, as slugs; FireFighter's columns have dots, which slugs make hyphens.
_NAMES = {
    NAME: "name title headline subject incident incident-name incident-title short-description",
    SUMMARY: "summary description details body long-description",
    SEVERITY: "severity priority priority-name priority-value urgency sev",
    STATUS: "status state incident-status incident-state",
    STATUS_CATEGORY: "status-category",
    INCIDENT_TYPE: "type incident-type kind",
    CREATED_AT: "created-at created created-on declared-at declared opened-at opened reported-at date",
    CREATOR: "creator created-by-email created-by declared-by opened-by author",
    SOURCE_ID: "id incident-id key external-id number-id",
    NUMBER: "reference ref number",
    VISIBILITY: "visibility private",
    MODE: "mode",
    PERMALINK: "permalink url link html-url status-page-url",
    "call_url": "call-url",
    "postmortem_document_url": "postmortem-document-url postmortem-url postmortem",
    "slack_channel_name": "slack-channel-name slack-channel",
}
_BY_NAME = {name: key for key, names in _NAMES.items() for name in names.split()}
_LEAD = {"lead", "incident-lead", "commander", "incident-commander", "owner", "owner-mail", "assignee"}
_LEAD |= {"roles-commander-email"}
# A timestamp by the slug of the default configuration, for words that tools use.
_TIMESTAMPS = {
    "impact-started": {"started", "started-at", "start", "start-time", "impact-start", "impact-started-at"},
    "resolved": {"resolved-at", "ended", "ended-at", "end", "end-time", "mitigated-at", "mitigated"},
    "closed": {"closed-at"},
    "accepted": {"acknowledged", "acknowledged-at", "accepted-at"},
}


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """Something that a column can fill: how it is stored, and how people read it."""

    key: str
    label: str


def import_targets(configuration: Configuration) -> list[Target]:
    """Return everything that a column can fill, in the order of a form; no query."""
    return [
        *(Target(key, label) for key, label in _LABELS.items()),
        *(Target(ROLE_KEY + role.slug, role.name) for role in configuration.incident_roles),
        *(Target(FIELD_KEY + field.slug, field.name) for field in configuration.custom_fields),
        *(Target(TIMESTAMP_KEY + one.slug, one.name) for one in configuration.incident_timestamps),
    ]


def guess_targets(columns: Iterable[str], configuration: Configuration) -> dict[str, str]:
    """Return for each column what its name says it fills, "" for nothing; nothing is filled by two columns."""
    known = {target.key for target in import_targets(configuration)}
    taken: set[str] = set()
    guessed: dict[str, str] = {}
    for column in columns:
        key = next((key for key in _guesses(column, configuration) if key in known and key not in taken), "")
        guessed[column] = key
        taken.add(key)
    return guessed


def _guesses(column: str, configuration: Configuration) -> Iterator[str]:
    prefixed = {ROLE: ROLE_KEY, FIELD: FIELD_KEY, TIMESTAMP: TIMESTAMP_KEY}
    for prefix, key in prefixed.items():
        if column.startswith(prefix):
            yield key + slug(column.removeprefix(prefix))
            return
    named = slug(column.replace(".", " "))
    if named in _BY_NAME:
        yield _BY_NAME[named]
    for key in prefixed.values():
        yield key + named
    if named in _LEAD and configuration.lead_role is not None:
        yield ROLE_KEY + configuration.lead_role.slug
    yield from (TIMESTAMP_KEY + key for key, names in _TIMESTAMPS.items() if named in names)
    yield from _firefighter(named)


def _firefighter(named: str) -> Iterator[str]:
    """Yield what the nested columns of FireFighter's export fill: roles.scribe.email, environment.value."""
    if named == "roles-communication-lead-email":
        yield ROLE_KEY + "communications-lead"
    if named.startswith("roles-") and named.endswith("-email"):
        yield ROLE_KEY + named.removeprefix("roles-").removesuffix("-email")
    for ending in ("-name", "-value"):
        if named.endswith(ending):
            yield FIELD_KEY + named.removesuffix(ending)
