"""Alerts: the one way that everything a monitoring system reports takes."""

from __future__ import annotations

import dataclasses
import enum
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from incidents import text
from incidents.models import (
    Actor,
    Alert,
    AlertSource,
    Configuration,
    Incident,
    IncidentAlert,
    IncidentEvent,
    StatusCategory,
)
from incidents.models.alert import KEY_LENGTH
from incidents.models.incident_status import LOWEST_OPEN_RANK
from incidents.models.ulid import encode_ulid, new_ulid
from incidents.services.changes import lock_incident
from incidents.services.creation import Created
from incidents.services.custom_fields import is_web_link
from incidents.services.declaring import HeldBack, declare_by_policy
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import Problems, require_declarer
from incidents.services.history import History, told
from incidents.services.similarity import Match
from incidents.services.tasks import touch_incident

MOST_METADATA = 20_000
"""Characters of all names and values in the metadata of an alert."""
DEEPEST_METADATA = 20

_COLUMNS = (
    "id",
    "source",
    "deduplication_key",
    "title",
    "description",
    "source_url",
    "metadata",
    "status",
    "count",
    "firing_id",
    "created_at",
    "last_seen_at",
)
# One statement counts a repeat and decides, between requests that race, which one begins to fire.
_UPSERT = """
INSERT INTO incidents_alert (
    id, source_id, deduplication_key, title, description, source_url, metadata, status, "count", firing_id,
    created_at, last_seen_at
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (source_id, deduplication_key) DO UPDATE SET
    status = excluded.status,
    "count" = incidents_alert."count" + excluded."count",
    firing_id = CASE
        WHEN incidents_alert.status = 'resolved' AND excluded.status = 'firing' THEN excluded.firing_id
        ELSE incidents_alert.firing_id
    END,
    last_seen_at = excluded.last_seen_at
RETURNING id, firing_id
"""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AlertDraft:
    """What a monitoring system reports. The same key of the same source is the same alert; without one it is new."""

    title: str
    status: str = "firing"
    deduplication_key: str = ""
    description: str = ""
    source_url: str = ""
    metadata: Mapping[str, Any] | None = None


class Outcome(enum.StrEnum):
    """What became of an alert."""

    COUNTED = "counted"
    ATTACHED = "attached"
    DECLARED = "declared"
    REFUSED = "refused"


@dataclasses.dataclass(frozen=True, slots=True)
class Ingested:
    """What ingest_alert did; `incident` is the one that the alert declared or was attached to just now."""

    alert_id: str
    deduplication_key: str
    outcome: Outcome
    incident: Incident | None = None


def ingest_alert(draft: AlertDraft, source: AlertSource, actor: Actor) -> Ingested:
    """Take in what a monitoring system reports, in one transaction; `actor` is who brings it.

    A repeat is counted by one statement and makes nothing. An alert that begins to fire, for the first time or after
    it was resolved, asks the duplicate check, and follows the policy of its source: it is attached to the open
    incident that it repeats, or declares one in triage, of which it is the creator. A resolved one only says so.

    Raises:
        PermissionDenied: the actor may not declare.
        ValidationError: by the names of the fields on the wire, with everything that is wrong.
        Incident.DoesNotExist: the incident that it repeats went out of sight meanwhile; nothing is stored.
    """
    require_declarer(actor)
    clean = _clean(draft)
    event_id = new_ulid()
    with transaction.atomic():
        alert_id, firing_id = _count(clean, source, event_id)
        if firing_id != event_id or _has_open_incident(alert_id):
            return Ingested(alert_id, clean.deduplication_key, Outcome.COUNTED)
        return _place(Alert.objects.get(pk=alert_id), source)


def _clean(draft: AlertDraft) -> AlertDraft:
    """Return the draft through the text gate, with a key."""
    problems = Problems()
    title = problems.line("title", draft.title, limit=500)
    if not text.is_visible(title[:500]) and problems.is_empty:
        problems.add("title", "Say in one line what is happening.", "is_required")
    if draft.status not in Alert.Status.values:
        problems.add("status", f"The status is one of {', '.join(Alert.Status.values)}.", "unknown")
    cleaned = dataclasses.replace(
        draft,
        title=title,
        deduplication_key=problems.line("deduplication_key", draft.deduplication_key, limit=KEY_LENGTH)
        or new_ulid(),
        description=problems.text("description", draft.description, limit=text.SUMMARY_LENGTH),
        source_url=problems.line("source_url", draft.source_url, limit=text.URL_LENGTH),
    )
    _check_metadata(draft.metadata, problems)
    problems.raise_if_any()
    return cleaned


def _check_metadata(metadata: Mapping[str, Any] | None, problems: Problems) -> None:
    """Note what no database takes as JSON, and what is too much."""
    try:
        texts = list(_texts(metadata, DEEPEST_METADATA)) if metadata else []
    except RecursionError:
        problems.add("metadata", f"Nest it at most {DEEPEST_METADATA} deep.", "too_deep")
        return
    problems.text("metadata", "\n".join(texts), limit=MOST_METADATA)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if depth == 0:
        raise RecursionError
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield str(name)
            yield from _texts(part, depth - 1)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part, depth - 1)
    else:
        yield str(value)


def _count(draft: AlertDraft, source: AlertSource, event_id: str) -> tuple[str, str | None]:
    """Store the alert, or count it; return its id and that of the event with which it began to fire."""
    now = timezone.now()
    is_firing = draft.status == Alert.Status.FIRING
    values = (
        event_id,
        source.pk,
        draft.deduplication_key,
        draft.title,
        draft.description,
        draft.source_url,
        dict(draft.metadata) if draft.metadata else None,
        draft.status,
        int(is_firing),
        event_id if is_firing else None,
        now,
        now,
    )
    stored = [_stored(column, value) for column, value in zip(_COLUMNS, values, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, stored)
        alert_id, firing_id = cursor.fetchone()
    return _ulid(alert_id), None if firing_id is None else _ulid(firing_id)


def _stored(column: str, value: Any) -> Any:
    field = Alert._meta.get_field(column)
    assert isinstance(field, models.Field)  # noqa: S101 - these are columns
    return field.get_db_prep_save(value, connection)


def _ulid(found: uuid.UUID | str) -> str:
    """Return the id as the models have it: PostgreSQL hands over a uuid, SQLite its hexadecimal digits."""
    return encode_ulid((found if isinstance(found, uuid.UUID) else uuid.UUID(found)).int)


def _has_open_incident(alert_id: str) -> bool:
    """Tell whether somebody is at work on the alert; who may see that incident does not matter, nothing is told."""
    links = IncidentAlert.objects.filter(alert=alert_id)
    return links.filter(incident__status_category_rank__gte=LOWEST_OPEN_RANK).exists()


def _place(alert: Alert, source: AlertSource) -> Ingested:
    """Declare an incident, or find the one that the alert belongs to, as the source's policy says."""
    configuration = Configuration.current()
    draft = _incident_draft(alert, source, configuration)
    policy = source.policy or configuration.duplicates.alert_policy
    declared = declare_by_policy(draft, Actor.of_alert(alert), policy, attach=_attach)
    key = alert.deduplication_key
    if isinstance(declared, HeldBack):
        return Ingested(alert.pk, key, Outcome.REFUSED)
    incident = declared.created.incident
    IncidentAlert.objects.bulk_create([IncidentAlert(incident=incident, alert=alert)], ignore_conflicts=True)
    outcome = Outcome.ATTACHED if declared.was_attached else Outcome.DECLARED
    return Ingested(alert.pk, key, outcome, incident)


def _incident_draft(alert: Alert, source: AlertSource, configuration: Configuration) -> IncidentDraft:
    triage = configuration.first_status(StatusCategory.TRIAGE)
    kind = configuration.default_type
    is_private = kind is not None and kind.private_incidents_only
    return IncidentDraft(
        name=_shortened(alert.title),
        summary=_summary(alert),
        severity_id=source.severity_id or next(iter(configuration.severities)).pk,
        incident_status_id=triage.pk if triage else None,
        visibility=Incident.Visibility.PRIVATE if is_private else Incident.Visibility.PUBLIC,
    )


def _shortened(title: str) -> str:
    return title if len(title) <= text.NAME_LENGTH else f"{title[: text.NAME_LENGTH - 1]}…"


def _summary(alert: Alert) -> str:
    """Return the description with the link to the alert below it, where both fit."""
    if not is_web_link(alert.source_url):
        return alert.description
    with_link = f"{alert.description}\n\n<{alert.source_url}>".strip()
    return with_link if len(with_link) <= text.SUMMARY_LENGTH else alert.description


def _attach(draft: IncidentDraft, match: Match, actor: Actor) -> Created:
    """Tell the incident that another alert is about it; how often it came is read from the alert."""
    incident = lock_incident(match.incident_id, actor, version=None)
    now = timezone.now()
    history = History(incident.pk, actor, now)
    history.add(IncidentEvent.Kind.ALERT_ATTACHED, alert=told(actor.alert))
    history.write()
    touch_incident(incident, now)
    return Created(incident, is_new=False)
