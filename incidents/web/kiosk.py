"""What a wall screen shows: the worst incidents in large type, and how many there are of each severity."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_listing import Asked, Joined, read_listing
from incidents.models.incident_order import BY_SEVERITY
from incidents.models.severity import NO_SEVERITY_RANK

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence
    from typing import Any

    from incidents.models import Configuration, IncidentStatus, Severity
    from incidents.models.incident_queryset import IncidentQuerySet

MOST_ROWS = 20
MOST_COUNTED = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class KioskRow:
    """One incident, as far as it can be read from across a room."""

    reference: str
    name: str
    severity: Severity | None
    status: IncidentStatus
    lead_name: str
    age_seconds: int


@dataclasses.dataclass(frozen=True, slots=True)
class SeverityCount:
    """How many incidents have a severity; None for those without one."""

    severity: Severity | None
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Kiosk:
    """The whole screen; `is_capped` says that there are more than were counted."""

    rows: Sequence[KioskRow]
    counts: Sequence[SeverityCount]
    total: int
    is_capped: bool

    @property
    def hidden(self) -> int:
        """How many incidents have no room."""
        return self.total - len(self.rows)


def read_kiosk(incidents: IncidentQuerySet, configuration: Configuration) -> Kiosk:
    """Read the screen, counted no further than a thousand; one query."""
    lead = configuration.lead_role
    listing = read_listing(
        incidents,
        Asked(order=BY_SEVERITY, size=MOST_ROWS),
        Joined(lead_role_id=lead.pk if lead else None, duration_metric_id=None),
        most_counted=MOST_COUNTED,
        is_tallied=True,
    )
    now = timezone.now()
    return Kiosk(
        rows=[_row(record, configuration, now) for record in listing.records],
        counts=_counts(listing.tally, configuration),
        total=min(listing.count, MOST_COUNTED),
        is_capped=listing.count > MOST_COUNTED,
    )


def _row(record: Sequence[Any], configuration: Configuration, now: datetime.datetime) -> KioskRow:
    (_, number, name, _, _, severity_id, status_id, _, _, created_at, _, _, lead_name, *_) = record
    return KioskRow(
        reference=f"{REFERENCE_PREFIX}{number}",
        name=name,
        severity=configuration.severities.by_id.get(severity_id),
        status=configuration.incident_statuses.by_id[status_id],
        lead_name=lead_name or "",
        age_seconds=int((now - created_at).total_seconds()),
    )


def _counts(tally: Mapping[str, int], configuration: Configuration) -> list[SeverityCount]:
    """Return a count for each rank that occurs, worst first; severities that share a rank share it."""
    by_rank = {severity.rank: severity for severity in configuration.severities}
    counts = [
        SeverityCount(by_rank[severity.rank], tally[str(severity.rank)])
        for severity in sorted(by_rank.values(), key=lambda severity: -severity.rank)
        if str(severity.rank) in tally
    ]
    if without := tally.get(str(NO_SEVERITY_RANK), 0):
        counts.append(SeverityCount(None, without))
    return counts
