"""One edit under way: what it changes in the incident's own row, and what history will tell of it."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django.db.models import F

from incidents.models import Actor, Configuration, Incident
from incidents.models.ulid import is_ulid
from incidents.services.errors import Problems, VersionConflictError
from incidents.services.history import History


@dataclasses.dataclass(slots=True)
class Changes:
    """Collects the changes of one verb; `incident` is locked, and holds the new values as they are noted."""

    incident: Incident
    actor: Actor
    configuration: Configuration
    now: datetime.datetime
    problems: Problems = dataclasses.field(default_factory=Problems)
    columns: dict[str, Any] = dataclasses.field(default_factory=dict)
    before: dict[str, Any] = dataclasses.field(default_factory=dict)
    history: History = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.incident.pk, self.actor, self.now)

    def set(self, **columns: Any) -> None:
        """Note new values of columns of the incident's row."""
        for column, value in columns.items():
            self.before.setdefault(column, getattr(self.incident, column))
            setattr(self.incident, column, value)
        self.columns.update(columns)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed, so that nothing is to be written."""
        return not self.history.events

    def save_row(self) -> None:
        """Store the row under a new version; one query.

        Raises:
            VersionConflictError: another transaction was quicker. It cannot be where the row was locked.
        """
        self.set(updated_at=self.now, last_activity_at=self.now)
        rows = Incident.objects.filter(pk=self.incident.pk, version=self.incident.version)
        if rows.update(**self.columns, version=F("version") + 1) != 1:
            raise VersionConflictError(self.incident)
        self.incident.version += 1


def lock_incident(incident_id: str, actor: Actor, *, version: int | None) -> Incident:
    """Return the incident, locked until the transaction ends; one query.

    SQLite has no row locks: its transactions begin IMMEDIATE, so that one writer is at work at a time.

    Raises:
        Incident.DoesNotExist: there is none that the actor may see.
        VersionConflictError: it is not at this version any more.
    """
    if not is_ulid(incident_id):
        raise Incident.DoesNotExist
    # Nothing is joined: PostgreSQL would match the row that it waited for with what was joined to the older one, and
    # find no incident where somebody has just changed its status.
    incident = Incident.objects.visible_to(actor).select_for_update().get(pk=incident_id)
    if version is not None and incident.version != version:
        raise VersionConflictError(incident)
    return incident
