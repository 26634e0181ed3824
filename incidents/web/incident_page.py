"""What the incident page shows, read whole before its template begins: no query may start there."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.models import IncidentRole, IncidentStatus, IncidentType, Severity
from incidents.services.lifecycle import Move, moves_from
from incidents.web.forms.relationship import RelationshipForm
from incidents.web.incident_relationships import Ties, read_ties
from incidents.web.incident_side import (
    DurationRow,
    FieldRow,
    Link,
    RoleRow,
    TimestampRow,
    WorkloadPart,
    duration_rows,
    issue_link,
    read_documents,
    read_fields,
    read_moments,
    read_roles,
    safe_url,
    timestamp_rows,
    workload_parts,
)
from incidents.web.incident_steps import Step, read_steps
from incidents.web.incident_tasks import IncidentTasks, can_change, read_tasks
from incidents.web.merged_incidents import Merging, read_merging
from incidents.web.sentence import creator_words
from incidents.web.timeline import Timeline, read_timeline

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from incidents.models import Actor, Configuration, Incident, Team, User


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IncidentHead:
    """Name, status, severity, lead, time and steps: what a change made in place draws anew."""

    incident: Incident
    configuration: Configuration
    can_change: bool
    status: IncidentStatus
    severity: Severity | None
    moves: tuple[Move, ...]
    lead: RoleRow | None
    open_seconds: int | None
    steps: tuple[Step, ...]

    @property
    def step_place(self) -> int:
        """The place of the current step, from 1."""
        return 1 + next(place for place, step in enumerate(self.steps) if step.is_current)

    @property
    def current_step(self) -> Step:
        """The step that the incident is in."""
        return self.steps[self.step_place - 1]

    @property
    def allowed_moves(self) -> tuple[Move, ...]:
        """The statuses it may change to."""
        return tuple(move for move in self.moves if move.is_allowed)

    @property
    def worst_first(self) -> tuple[Severity, ...]:
        """The severities as people look for them."""
        return tuple(reversed(self.configuration.severities.rows))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSide:
    """The details beside the incident."""

    incident: Incident
    can_change: bool
    incident_type: IncidentType | None
    roles: tuple[RoleRow, ...]
    fields: tuple[FieldRow, ...]
    timestamps: tuple[TimestampRow, ...]
    durations: tuple[DurationRow, ...]
    workload: tuple[WorkloadPart, ...]
    documents: tuple[Link, ...]
    teams: tuple[Team, ...]
    members: tuple[User, ...]
    links: Mapping[str, str]
    issue: Link | None
    creator_name: str

    @property
    def workload_seconds(self) -> int:
        """The sum of all work, as the duration filter takes it."""
        return sum(part.seconds for part in self.workload)

    @property
    def measured(self) -> tuple[DurationRow, ...]:
        """The durations that have a value, or cannot have one because they end before they start."""
        return tuple(row for row in self.durations if row.seconds is not None or row.is_invalid)

    @property
    def unmeasured(self) -> tuple[DurationRow, ...]:
        """The durations that wait for a timestamp."""
        return tuple(row for row in self.durations if row.seconds is None and not row.is_invalid)

    @property
    def has_reporter(self) -> bool:
        """Whether a person is named as the reporter; else the creator is shown."""
        reporters = (row for row in self.roles if row.role.role_type == IncidentRole.RoleType.REPORTER)
        return any(row.assignee for row in reporters)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """Everything on the page."""

    incident: Incident
    configuration: Configuration
    can_respond: bool
    can_change: bool
    merging: Merging
    ties: Ties
    relationship_form: RelationshipForm
    head: IncidentHead
    side: IncidentSide
    tasks: IncidentTasks
    timeline: Timeline

    @property
    def call_url(self) -> str:
        """The address of the call, where it may be offered."""
        return self.side.links["call_url"]


def read_incident_page(
    incident: Incident,
    actor: Actor,
    configuration: Configuration,
    *,
    kinds: str = "",
    before: str = "",
    shows_all: bool = False,
) -> IncidentPage:
    """Read the page; at most fifteen queries however much the incident holds, a few more where it was merged.

    `shows_all` is about its tasks.
    """
    now = timezone.now()
    merging = read_merging(incident, actor)
    roles = read_roles(incident, configuration)
    moments = read_moments(incident)
    return IncidentPage(
        incident=incident,
        configuration=configuration,
        can_respond=actor.can_respond,
        can_change=can_change(incident, actor),
        merging=merging,
        ties=read_ties(incident, actor),
        relationship_form=RelationshipForm(incident=incident, actor=actor),
        head=_head(incident, actor, configuration, roles=roles, moments=moments),
        side=IncidentSide(
            incident=incident,
            can_change=can_change(incident, actor),
            incident_type=configuration.incident_types.by_id.get(incident.incident_type_id or ""),
            roles=roles,
            fields=read_fields(incident, configuration),
            timestamps=timestamp_rows(moments, configuration),
            durations=duration_rows(incident, moments, configuration, now),
            workload=workload_parts(incident),
            documents=read_documents(incident, merging.incidents),
            teams=tuple(incident.teams.all()),
            members=read_members(incident),
            links=_links(incident),
            issue=issue_link(incident),
            creator_name=creator_words(incident),
        ),
        tasks=read_tasks(incident, actor, merged=merging.incidents, shows_all=shows_all),
        timeline=read_timeline(
            incident, actor, configuration, merged=merging.incidents, kinds=kinds, before=before
        ),
    )


def read_incident_head(incident: Incident, actor: Actor, configuration: Configuration) -> IncidentHead:
    """Read the head alone; three queries."""
    roles, moments = read_roles(incident, configuration), read_moments(incident)
    return _head(incident, actor, configuration, roles=roles, moments=moments)


def read_members(incident: Incident) -> tuple[User, ...]:
    """Return who may see a private incident, by name; no query for public ones."""
    if not incident.is_private:
        return ()
    memberships = incident.memberships.select_related("user").order_by("user__name", "user_id")
    return tuple(membership.user for membership in memberships)


def _head(
    incident: Incident,
    actor: Actor,
    configuration: Configuration,
    *,
    roles: tuple[RoleRow, ...],
    moments: Mapping[str, datetime.datetime],
) -> IncidentHead:
    status = configuration.incident_statuses.by_id[incident.incident_status_id]
    lead_type = IncidentRole.RoleType.LEAD
    return IncidentHead(
        incident=incident,
        configuration=configuration,
        can_change=can_change(incident, actor),
        status=status,
        severity=configuration.severities.by_id.get(incident.severity_id or ""),
        moves=tuple(moves_from(status, configuration)),
        lead=next((row for row in roles if row.role.role_type == lead_type), None),
        open_seconds=_open_seconds(incident, moments, configuration),
        steps=read_steps(incident, configuration),
    )


def _open_seconds(
    incident: Incident, moments: Mapping[str, datetime.datetime], configuration: Configuration
) -> int | None:
    """Return how long it lasted, or lasts by now, by the metric that lists show; None where it is not known."""
    headline = next((metric for metric in configuration.duration_metrics if metric.is_headline), None)
    start = moments.get(headline.from_timestamp_id) if headline else None
    end = moments.get(headline.to_timestamp_id) if headline else None
    if incident.is_open:
        return max(0, int((timezone.now() - (start or incident.created_at)).total_seconds()))
    if start is None or end is None or end < start:
        return None
    return int((end - start).total_seconds())


def _links(incident: Incident) -> dict[str, str]:
    """Return the addresses of the row that a page may offer, by column."""
    columns = ("call_url", "postmortem_document_url", "slack_channel_url", "ms_teams_channel_url")
    return {column: safe_url(getattr(incident, column)) for column in columns}
