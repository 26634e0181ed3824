"""Writes the append-only history."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Protocol

from incidents.models import Actor, IncidentEvent, IncidentUpdate


class Named(Protocol):
    """A row of configuration, or a person."""

    @property
    def pk(self) -> Any:
        """The id."""


def told(row: Named | None) -> dict[str, str] | None:
    """Return what history keeps of a row: its id, and its name as it is now."""
    return None if row is None else {"id": row.pk, "name": str(row)}


@dataclasses.dataclass(slots=True)
class History:
    """Collects the events of one verb on one incident, and writes them together."""

    incident_id: str
    actor: Actor
    now: datetime.datetime
    events: list[IncidentEvent] = dataclasses.field(default_factory=list)

    def add(self, kind: IncidentEvent.Kind, **details: Any) -> None:
        """Note that something happened; `details` is what IncidentEvent says of it."""
        self.events.append(
            IncidentEvent(
                incident_id=self.incident_id,
                kind=kind,
                details=details,
                created_at=self.now,
                **self.actor.creator_columns,
            )
        )

    def write(self, incident_update: IncidentUpdate | None = None) -> None:
        """Store what was noted, as part of an update if one is given; one query."""
        for event in self.events:
            event.incident_update = incident_update
        IncidentEvent.objects.bulk_create(self.events)
