"""Checks what a person or a program sent against the configuration, and says all that is wrong with it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping

from django.utils import timezone

from incidents import text
from incidents.models import (
    Actor,
    Configuration,
    Incident,
    IncidentStatus,
    IncidentType,
    Severity,
    StatusCategory,
    User,
)
from incidents.models.ulid import is_ulid
from incidents.services.custom_fields import is_web_link
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import Problems
from incidents.services.lifecycle import refusal_of_start

MEMBER_LIMIT = 500
_EARLIEST = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
# Clocks differ, and "resolved in five minutes" is noted in advance now and then; a wrong year is what this catches.
_AHEAD = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """A draft that was found right, with rows in place of ids. A timestamp that is None is not set by the status either."""

    name: str
    summary: str
    mode: str
    visibility: str
    call_url: str
    postmortem_document_url: str
    slack_team_id: str
    slack_channel_id: str
    slack_channel_name: str
    severity: Severity | None
    incident_status: IncidentStatus
    incident_type: IncidentType | None
    roles: Mapping[str, str]
    timestamps: Mapping[str, datetime.datetime | None]
    team_ids: tuple[str, ...]
    member_ids: tuple[str, ...]
    separate_reason: str


def clean_draft(
    draft: IncidentDraft, actor: Actor, configuration: Configuration, problems: Problems
) -> Starting:
    """Return the draft with rows for ids, noting every problem; one query if people are named.

    What is returned may be used only if nothing was noted.
    """
    incident_type = clean_type(draft.incident_type_id, configuration, problems) or configuration.default_type
    if draft.number is not None and draft.mode != Incident.Mode.RETROSPECTIVE:
        problems.add("number", "Only a retrospective incident brings its number along.", "not_allowed")
    status = _clean_start(draft, incident_type, configuration, problems)
    visibility = clean_visibility(draft.visibility, incident_type, problems)
    roles = _with_reporter(check_roles(draft.roles, configuration, problems), actor, configuration)
    named = {*roles.values(), *draft.member_ids}
    people = clean_people(named, problems)
    clean_roles = {role_id: user_id for role_id, user_id in roles.items() if user_id in people}
    return Starting(
        name=clean_name(draft.name, problems),
        summary=problems.text("summary", draft.summary, limit=text.SUMMARY_LENGTH),
        mode=clean_mode(draft.mode, problems),
        visibility=visibility,
        call_url=clean_link("call_url", draft.call_url, problems),
        postmortem_document_url=clean_link(
            "postmortem_document_url", draft.postmortem_document_url, problems
        ),
        slack_team_id=problems.line("slack_team_id", draft.slack_team_id, limit=50),
        slack_channel_id=problems.line("slack_channel_id", draft.slack_channel_id, limit=50),
        slack_channel_name=problems.line("slack_channel_name", draft.slack_channel_name, limit=100),
        severity=clean_severity(draft.severity_id, configuration, problems),
        incident_status=status,
        incident_type=incident_type,
        roles=clean_roles,
        timestamps=clean_timestamps(draft.timestamps, configuration, problems),
        team_ids=clean_teams(draft.team_ids, configuration, problems),
        member_ids=_first_members(visibility, actor, people, draft.member_ids, clean_roles),
        separate_reason=problems.line("separate_reason", draft.separate_reason, limit=text.REASON_LENGTH),
    )


def clean_name(typed: str, problems: Problems) -> str:
    """Return the name, which an incident must have."""
    name = problems.line("name", typed, limit=text.NAME_LENGTH)
    if not typed.strip():
        problems.add("name", "Say in one line what is happening.", "is_required")
    elif not text.is_visible(name or typed):
        problems.add("name", "Use at least one letter or digit that can be seen.", "is_required")
    return name


def clean_severity(
    severity_id: str | None, configuration: Configuration, problems: Problems
) -> Severity | None:
    """Return the severity, which an incident must have (incident.io API V2, "severity_id")."""
    if not severity_id:
        problems.add("severity_id", "A severity is required: choose how bad it is.", "is_required")
        return None
    severity = configuration.severities.by_id.get(severity_id)
    if severity is None:
        problems.add("severity_id", "There is no such severity. Choose one from the list.", "unknown")
    return severity


def clean_type(type_id: str | None, configuration: Configuration, problems: Problems) -> IncidentType | None:
    """Return the incident type, or None where none was chosen."""
    if not type_id:
        return None
    incident_type = configuration.incident_types.by_id.get(type_id)
    if incident_type is None:
        problems.add(
            "incident_type_id", "There is no such incident type. Choose one from the list.", "unknown"
        )
    return incident_type


def clean_mode(mode: str, problems: Problems) -> str:
    """Return the mode if it is one."""
    if mode not in Incident.Mode.values:
        problems.add("mode", f"The mode is one of {', '.join(Incident.Mode.values)}.", "unknown")
    return mode


def clean_visibility(visibility: str, incident_type: IncidentType | None, problems: Problems) -> str:
    """Return the visibility if it is one, and one that the type allows."""
    if visibility not in Incident.Visibility.values:
        problems.add("visibility", "The visibility is public or private.", "unknown")
    elif visibility == Incident.Visibility.PUBLIC and incident_type and incident_type.private_incidents_only:
        problems.add(
            "visibility",
            f"{incident_type.name} incidents are private. Choose “Members only”.",
            "private_only",
        )
    return visibility


def clean_link(field: str, typed: str, problems: Problems) -> str:
    """Return a web link, or "" for none."""
    link = problems.line(field, typed, limit=text.URL_LENGTH)
    if link and not is_web_link(link):
        problems.add(field, "Enter a link that begins with https:// or http://.", "not_a_link")
    return link


def clean_teams(
    team_ids: Collection[str], configuration: Configuration, problems: Problems
) -> tuple[str, ...]:
    """Return the ids of the teams, each once."""
    if any(team_id not in configuration.teams.by_id for team_id in team_ids):
        problems.add("team_ids", "There is no such team. Choose from the list.", "unknown")
    return tuple(dict.fromkeys(team_ids))


def check_roles(
    roles: Mapping[str, str | None], configuration: Configuration, problems: Problems
) -> Mapping[str, str | None]:
    """Return the assignments of roles that exist."""
    for role_id in roles:
        if role_id not in configuration.incident_roles.by_id:
            problems.add("incident_role_assignments", "There is no such incident role.", "unknown")
    return {
        role_id: user_id
        for role_id, user_id in roles.items()
        if role_id in configuration.incident_roles.by_id
    }


def clean_people(user_ids: Collection[str], problems: Problems) -> dict[str, User]:
    """Return the active people of these ids; at most one query."""
    if not user_ids:
        return {}
    if len(user_ids) > MEMBER_LIMIT:
        problems.add("member_ids", f"Name at most {MEMBER_LIMIT} people.", "too_many")
        return {}
    ids = [user_id for user_id in user_ids if is_ulid(user_id)]
    found = {user.pk: user for user in User.objects.filter(pk__in=ids, is_active=True)}
    if len(found) < len(user_ids):
        problems.add("incident_role_assignments", "One of these people is not here any more.", "unknown")
    return found


def clean_timestamps(
    values: Mapping[str, datetime.datetime | None], configuration: Configuration, problems: Problems
) -> dict[str, datetime.datetime | None]:
    """Return the moments by timestamp id, None where one is to be emptied."""
    cleaned: dict[str, datetime.datetime | None] = {}
    latest = timezone.now() + _AHEAD
    for timestamp_id, moment in values.items():
        timestamp = configuration.incident_timestamps.by_id.get(timestamp_id)
        if timestamp is None:
            problems.add("incident_timestamp_values", "There is no such timestamp.", "unknown")
        elif moment is not None and not _EARLIEST <= moment <= latest:
            problems.add(
                f"incident_timestamp_values.{timestamp.pk}",
                f"“{timestamp.name}” must be between 1970 and now.",
                "out_of_range",
            )
        else:
            cleaned[timestamp_id] = moment
    return cleaned


def _clean_start(
    draft: IncidentDraft,
    incident_type: IncidentType | None,
    configuration: Configuration,
    problems: Problems,
) -> IncidentStatus:
    always_in_triage = incident_type is not None and incident_type.create_in_triage == "always"
    category = StatusCategory.TRIAGE if always_in_triage else StatusCategory.LIVE
    default = configuration.first_status(category) or next(iter(configuration.incident_statuses))
    if not draft.incident_status_id:
        return default
    status = configuration.incident_statuses.by_id.get(draft.incident_status_id)
    if status is None:
        problems.add("incident_status_id", "There is no such status. Choose one from the list.", "unknown")
        return default
    if refusal := refusal_of_start(status, mode=draft.mode, always_in_triage=always_in_triage):
        problems.add("incident_status_id", refusal, "not_allowed")
    return status


def _with_reporter(
    roles: Mapping[str, str | None], actor: Actor, configuration: Configuration
) -> dict[str, str]:
    named = {role_id: user_id for role_id, user_id in roles.items() if user_id}
    reporter = configuration.reporter_role
    if reporter is None or actor.user_id is None:
        return named
    return {reporter.pk: actor.user_id, **named}


def _first_members(
    visibility: str,
    actor: Actor,
    people: Mapping[str, User],
    member_ids: Collection[str],
    roles: Mapping[str, str],
) -> tuple[str, ...]:
    # Whoever declares a private incident, or has a part in it, would otherwise not see it.
    if visibility != Incident.Visibility.PRIVATE:
        return ()
    own = () if actor.user_id is None else (actor.user_id,)
    return tuple(dict.fromkeys([*own, *roles.values(), *(pk for pk in member_ids if pk in people)]))
