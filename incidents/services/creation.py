"""Declaring an incident: the one way that every door takes."""

from __future__ import annotations

import dataclasses
import datetime

from django.db import transaction
from django.utils import timezone

from incidents.models import (
    Actor,
    Configuration,
    CustomField,
    Incident,
    IncidentEvent,
    IncidentMembership,
    IncidentRoleAssignment,
    IncidentTimestampValue,
)
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.models.ulid import new_ulid, ulid_at
from incidents.services.custom_fields import (
    CleanValues,
    clean_custom_fields,
    require_custom_fields,
    write_custom_fields,
)
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import Problems, require_declarer
from incidents.services.history import History, told
from incidents.services.idempotency import claim_key, clean_key
from incidents.services.lifecycle import timestamps_set_by
from incidents.services.metrics import write_duration_metrics
from incidents.services.references import NumberTakenError, number_incident
from incidents.services.search_text import write_search_text
from incidents.services.separation import record_separation, visible_others
from incidents.services.similarity import index_declared
from incidents.services.validation import Starting, clean_draft


@dataclasses.dataclass(frozen=True, slots=True)
class Created:
    """What create_incident made; `is_new` is False where the same request had made it before."""

    incident: Incident
    is_new: bool


def create_incident(
    draft: IncidentDraft, actor: Actor, *, created_at: datetime.datetime | None = None
) -> Created:
    """Declare an incident: one transaction with its roles, fields, timestamps, durations, history and postings.

    `created_at` is for history that is imported: it becomes the time in the id. About ten queries.

    Raises:
        PermissionDenied: the actor may not declare.
        ValidationError: by the names of the fields on the wire, with everything that is wrong.
        IdempotencyKeyReusedError: the draft's key stands for another draft.
    """
    require_declarer(actor)
    now = created_at or timezone.now()
    with transaction.atomic():
        configuration = Configuration.held()
        starting, fields = check_draft(draft, actor, configuration)
        incident = _build(starting, actor, now, new_ulid() if created_at is None else ulid_at(created_at))
        if draft.idempotency_key and (made_before := claim_key(draft, actor, incident.pk)):
            return Created(made_before, is_new=False)
        others = visible_others(draft.separate_from, actor)
        _write_parts(incident, starting, fields, configuration)
        history = History(incident.pk, actor, now)
        history.add(IncidentEvent.Kind.DECLARED, **_declaration(incident))
        history.write()
        index_declared(incident, configuration, has_values=any(fields.values()))
        # The counter's row is locked from here to the commit: all that can be written before it, is. Foreign keys
        # are checked at the commit, so that parts may come before their incident.
        _number(incident, draft.number)
        incident.save(force_insert=True)
        write_search_text(incident)
        record_separation(incident, others, starting.separate_reason, actor, now)
    return Created(incident, is_new=True)


def _number(incident: Incident, wanted: int | None) -> None:
    try:
        number_incident(incident, wanted)
    except NumberTakenError as error:
        problems = Problems()
        problems.add("number", str(error), "taken")
        problems.raise_if_any()


def check_draft(
    draft: IncidentDraft, actor: Actor, configuration: Configuration
) -> tuple[Starting, CleanValues]:
    """Return what would be stored; at most one query for people, and one for each catalog that is named.

    Raises:
        ValidationError: by the names of the fields on the wire, with everything that is wrong.
    """
    problems = Problems()
    clean_key(draft.idempotency_key, problems)
    starting = clean_draft(draft, actor, configuration, problems)
    fields = clean_custom_fields(draft.custom_fields, configuration, problems)
    filled = [field_id for field_id, values in fields.items() if values]
    require_custom_fields(filled, _asked_always(actor, configuration), problems, when="to declare")
    problems.raise_if_any()
    return starting, fields


def _asked_always(actor: Actor, configuration: Configuration) -> list[CustomField]:
    """Return the fields without which nothing is declared; an alert cannot fill in what people are asked for."""
    if actor.alert is not None:
        return []
    return [field for field in configuration.custom_fields if field.required == CustomField.Required.ALWAYS]


def _build(starting: Starting, actor: Actor, now: datetime.datetime, incident_id: str) -> Incident:
    severity = starting.severity
    return Incident(
        id=incident_id,
        name=starting.name,
        summary=starting.summary,
        mode=starting.mode,
        visibility=starting.visibility,
        call_url=starting.call_url,
        postmortem_document_url=starting.postmortem_document_url,
        slack_team_id=starting.slack_team_id,
        slack_channel_id=starting.slack_channel_id,
        slack_channel_name=starting.slack_channel_name,
        incident_status=starting.incident_status,
        status_category=starting.incident_status.category,
        severity=severity,
        severity_rank=NO_SEVERITY_RANK if severity is None else severity.rank,
        incident_type=starting.incident_type,
        created_at=now,
        updated_at=now,
        last_activity_at=now,
        **actor.creator_columns,
    )


def _write_parts(
    incident: Incident, starting: Starting, fields: CleanValues, configuration: Configuration
) -> None:
    IncidentRoleAssignment.objects.bulk_create(
        IncidentRoleAssignment(incident_id=incident.pk, incident_role_id=role_id, assignee_id=user_id)
        for role_id, user_id in starting.roles.items()
    )
    IncidentMembership.objects.bulk_create(
        IncidentMembership(incident_id=incident.pk, user_id=user_id) for user_id in starting.member_ids
    )
    Incident.teams.through.objects.bulk_create(
        Incident.teams.through(incident_id=incident.pk, team_id=team_id) for team_id in starting.team_ids
    )
    write_custom_fields(incident.pk, fields, is_new=True)
    moments = _moments(incident, starting, configuration)
    IncidentTimestampValue.objects.bulk_create(
        IncidentTimestampValue(incident_id=incident.pk, incident_timestamp_id=timestamp_id, value=moment)
        for timestamp_id, moment in moments.items()
    )
    write_duration_metrics(incident.pk, moments, is_open=incident.is_open, configuration=configuration)


def _moments(
    incident: Incident, starting: Starting, configuration: Configuration
) -> dict[str, datetime.datetime]:
    moments = dict.fromkeys(timestamps_set_by(starting.incident_status, configuration), incident.created_at)
    for timestamp in configuration.incident_timestamps:
        if timestamp.set_at_creation:
            moments[timestamp.pk] = incident.created_at
    given = {**moments, **starting.timestamps}
    return {timestamp_id: moment for timestamp_id, moment in given.items() if moment is not None}


def _declaration(incident: Incident) -> dict[str, object]:
    return {
        "name": incident.name,
        "incident_status": told(incident.incident_status),
        "category": incident.status_category,
        "severity": told(incident.severity),
        "incident_type": told(incident.incident_type),
        "mode": incident.mode,
        "visibility": incident.visibility,
    }
