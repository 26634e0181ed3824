"""What stands beside an incident: roles, fields, timestamps, durations, workload and links."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db.models import CharField, F, Q, TextField, Value
from django.db.models.functions import Cast

from incidents.models import (
    CustomFieldEntry,
    IncidentAttachment,
    IncidentDurationMetric,
    IncidentRole,
    PostmortemDocument,
)
from incidents.services.custom_fields import is_web_link
from incidents.services.metrics import measure, moments_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping

    from incidents.models import Configuration, DurationMetric, Incident, User

_Status = IncidentDurationMetric.Status


@dataclasses.dataclass(frozen=True, slots=True)
class RoleRow:
    """A role and who has it; the reporter stays who it was."""

    role: IncidentRole
    assignee: User | None

    @property
    def can_change(self) -> bool:
        """Whether somebody else can take the role."""
        return self.role.role_type != IncidentRole.RoleType.REPORTER or self.assignee is None


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """Words with an address. `url` is empty where the address is none that a page may offer.

    `origin` is the reference of a merged incident that it belongs to.
    """

    label: str
    url: str
    note: str = ""
    origin: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class FieldRow:
    """A custom field and the incident's values in it."""

    name: str
    is_select: bool
    values: tuple[Link, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class TimestampRow:
    """A timestamp, and the seconds since the one before it that is set."""

    name: str
    moment: datetime.datetime | None
    delta_seconds: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class DurationRow:
    """A duration metric with its value, which grows while it is running."""

    name: str
    seconds: int | None
    is_running: bool
    is_invalid: bool


@dataclasses.dataclass(frozen=True, slots=True)
class WorkloadPart:
    """One kind of work; `x` and `width` are percent of the bar."""

    name: str
    css_class: str
    minutes: int
    x: float
    width: float

    @property
    def seconds(self) -> int:
        """The same in seconds, as the duration filter takes them."""
        return self.minutes * 60


def read_roles(incident: Incident, configuration: Configuration) -> tuple[RoleRow, ...]:
    """Return every role in order, with who has it; one query."""
    assignments = incident.role_assignments.select_related("assignee")
    held = {assignment.incident_role_id: assignment.assignee for assignment in assignments}
    return tuple(RoleRow(role, held.get(role.pk)) for role in configuration.incident_roles)


def read_fields(incident: Incident, configuration: Configuration) -> tuple[FieldRow, ...]:
    """Return every custom field in order, with the incident's values; one query."""
    entries = CustomFieldEntry.objects.filter(incident=incident).order_by("custom_field_id", "position")
    values: dict[str, list[Link]] = {}
    for entry in entries.select_related("value_option", "value_catalog_entry"):
        url = safe_url(entry.value_link or "")
        values.setdefault(entry.custom_field_id, []).append(Link(entry.label, url))
    return tuple(
        FieldRow(field.name, field.is_select, tuple(values.get(field.pk, ())))
        for field in configuration.custom_fields
    )


def read_moments(incident: Incident) -> dict[str, datetime.datetime]:
    """Return the timestamps that are set, by timestamp id; one query."""
    return moments_of(incident.pk)


def timestamp_rows(
    moments: Mapping[str, datetime.datetime], configuration: Configuration
) -> tuple[TimestampRow, ...]:
    """Return every timestamp in order; no query."""
    rows = []
    before: datetime.datetime | None = None
    for timestamp in configuration.incident_timestamps:
        moment = moments.get(timestamp.pk)
        delta = int((moment - before).total_seconds()) if moment and before else None
        rows.append(TimestampRow(timestamp.name, moment, delta))
        before = moment or before
    return tuple(rows)


def duration_rows(
    incident: Incident,
    moments: Mapping[str, datetime.datetime],
    configuration: Configuration,
    now: datetime.datetime,
) -> tuple[DurationRow, ...]:
    """Return every duration metric in order; those that run are measured up to now. No query."""
    return tuple(_duration(incident, metric, moments, now) for metric in configuration.duration_metrics)


def _duration(
    incident: Incident,
    metric: DurationMetric,
    moments: Mapping[str, datetime.datetime],
    now: datetime.datetime,
) -> DurationRow:
    start, end = moments.get(metric.from_timestamp_id), moments.get(metric.to_timestamp_id)
    status, seconds = measure(start, end, is_open=incident.is_open)
    is_running = status == _Status.CALCULATING
    if is_running and start is not None:
        seconds = max(0, int((now - start).total_seconds()))
    return DurationRow(metric.name, seconds, is_running, status == _Status.INVALID_TIMESTAMPS)


def workload_parts(incident: Incident) -> tuple[WorkloadPart, ...]:
    """Return the kinds of work of which minutes are known, with their place in the bar; no query."""
    kinds = (
        ("Working", "bar-quiet", incident.workload_minutes_working),
        ("Late", "bar-late", incident.workload_minutes_late),
        ("Sleeping", "bar-night", incident.workload_minutes_sleeping),
    )
    total = incident.workload_minutes_total or 0
    parts: list[WorkloadPart] = []
    x = 0.0
    for name, css_class, minutes in kinds:
        if minutes:
            width = minutes * 100 / total
            parts.append(WorkloadPart(name, css_class, minutes, round(x, 2), round(max(width - 1, 0.5), 2)))
            x += width
    return tuple(parts)


def read_documents(incident: Incident, merged: Collection[Incident] = ()) -> tuple[Link, ...]:
    """Return the post-mortem documents and then the attachments, those of merged incidents too; one query."""
    references = {one.pk: one.reference for one in merged}
    of_incidents = Q(incident__in=[incident.pk, *references])
    documents = PostmortemDocument.objects.filter(of_incidents).annotate(
        place=Value(1), label=F("title"), address=Cast("document_url", TextField()), note=F("status")
    )
    attachments = IncidentAttachment.objects.filter(of_incidents).annotate(
        place=Value(2),
        label=F("title"),
        address=Cast("permalink", TextField()),
        note=Value("", output_field=CharField()),
    )
    columns = ("place", "id", "label", "address", "note", "incident_id")
    rows = documents.values_list(*columns).union(attachments.values_list(*columns), all=True)
    status_names = dict(PostmortemDocument.Status.choices)
    return tuple(
        Link(
            label or address,
            safe_url(address),
            str(status_names.get(note, "")),
            origin=references.get(incident_id, ""),
        )
        for _, _, label, address, note, incident_id in sorted(rows)
    )


def issue_link(incident: Incident) -> Link | None:
    """Return the issue that follows the incident elsewhere; needs it selected along."""
    issue = getattr(incident, "external_issue_reference", None)
    if issue is None:
        return None
    return Link(issue.issue_name, safe_url(issue.issue_permalink), issue.get_provider_display())


def safe_url(address: str) -> str:
    """Return the address if a page may offer it as a link, else nothing."""
    return address if is_web_link(address) else ""
