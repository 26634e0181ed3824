"""What feeds tell of incidents, read whole: a hundred at most, and never a private one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.conf import settings

from incidents.models import IncidentTimestampValue
from incidents.models.incident import REFERENCE_PREFIX

if TYPE_CHECKING:
    import datetime

    from incidents.models import Configuration, Incident
    from incidents.models.incident_queryset import IncidentQuerySet

MOST_ENTRIES = 100


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An incident in a feed; `ended_at` is None while it lasts, or where nobody noted the end."""

    id: str
    reference: str
    name: str
    summary: str
    severity: str
    status: str
    is_open: bool
    started_at: datetime.datetime
    ended_at: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime

    @property
    def title(self) -> str:
        """The line that people see in a list."""
        severity = f"{self.severity}: " if self.severity else ""
        return f"{severity}{self.name} ({self.reference}, {self.status})"

    @property
    def url(self) -> str:
        """The page of the incident."""
        return f"{settings.BASE_URL}/incidents/{self.reference}/"


def read_entries(
    incidents: IncidentQuerySet, configuration: Configuration, *, order: tuple[str, ...]
) -> list[FeedEntry]:
    """Return the first incidents of an order; two queries. Feeds are kept for years, so none of them is private."""
    found = list(incidents.filter(visibility="public").order_by(*order)[:MOST_ENTRIES])
    moments = _moments([incident.pk for incident in found], configuration)
    return [_entry(incident, moments, configuration) for incident in found]


def _entry(
    incident: Incident, moments: dict[tuple[str, str], datetime.datetime], configuration: Configuration
) -> FeedEntry:
    severity = configuration.severities.by_id.get(incident.severity_id or "")
    start_id, end_id = _ends(configuration)
    return FeedEntry(
        id=incident.pk,
        reference=f"{REFERENCE_PREFIX}{incident.number}",
        name=incident.name,
        summary=incident.summary,
        severity=severity.name if severity else "",
        status=configuration.incident_statuses.by_id[incident.incident_status_id].name,
        is_open=incident.is_open,
        started_at=moments.get((incident.pk, start_id), incident.created_at),
        ended_at=moments.get((incident.pk, end_id)),
        created_at=incident.created_at,
        updated_at=incident.updated_at,
    )


def _ends(configuration: Configuration) -> tuple[str, str]:
    """Return the timestamps between which an incident lasts, as the list counts it: from reported to resolved."""
    metric = next((metric for metric in configuration.duration_metrics if metric.is_headline), None)
    return (metric.from_timestamp_id, metric.to_timestamp_id) if metric else ("", "")


def _moments(
    incident_ids: list[str], configuration: Configuration
) -> dict[tuple[str, str], datetime.datetime]:
    ends = [end for end in _ends(configuration) if end]
    if not incident_ids or not ends:
        return {}
    values = IncidentTimestampValue.objects.filter(incident__in=incident_ids, incident_timestamp__in=ends)
    rows = values.values_list("incident_id", "incident_timestamp_id", "value")
    return {(incident_id, timestamp_id): value for incident_id, timestamp_id, value in rows}
