"""Writes down what happens to one incident of the demo: its updates and its history, as the services would."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from incidents.management.seeding.bulk import Mint, stored_id, stored_json, stored_moment, ulid_of
from incidents.management.seeding.tables import Tables
from incidents.models import Configuration, IncidentEvent, IncidentStatus, Severity
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.services.history import told
from incidents.services.lifecycle import timestamps_cleared_by, timestamps_set_by

Creator = tuple[str | None, str | None, str | None, str | None]
_Kind = IncidentEvent.Kind


@dataclasses.dataclass(frozen=True, slots=True)
class Update:
    """What somebody writes at a moment."""

    id: str
    message: str
    creator: Creator
    moment: datetime.datetime


@dataclasses.dataclass(slots=True)
class Recording:
    """One incident as it stands, and the rows about it so far; ids are as columns take them."""

    incident_id: str
    configuration: Configuration
    tables: Tables
    mint: Mint
    status: IncidentStatus
    severity: Severity | None
    moments: dict[str, datetime.datetime]
    changed_at: datetime.datetime
    version: int = 1
    messages: list[str] = dataclasses.field(default_factory=list)

    def note(
        self,
        kind: IncidentEvent.Kind,
        creator: Creator,
        moment: datetime.datetime,
        *,
        update_id: str | None = None,
        **details: Any,
    ) -> None:
        """Add an event to the history."""
        self.tables.events.add(
            self.mint.at(moment),
            self.incident_id,
            kind.value,
            stored_json(details),
            update_id,
            stored_moment(moment),
            *creator,
        )

    def note_on_both(
        self,
        kind: IncidentEvent.Kind,
        creator: Creator,
        moment: datetime.datetime,
        other_id: str,
        **details: Any,
    ) -> None:
        """Add an event to the history of this incident and of another one, each by the id of the other."""
        own = self.incident_id
        for about, counterpart in ((own, other_id), (other_id, own)):
            self.incident_id = about
            self.note(kind, creator, moment, other_incident_id=ulid_of(counterpart), **details)
        self.incident_id = own

    def edit(
        self, kind: IncidentEvent.Kind, creator: Creator, moment: datetime.datetime, **details: Any
    ) -> None:
        """Add a change that comes without an update."""
        self.note(kind, creator, moment, **details)
        self._changed(moment)

    def share(
        self,
        update: Update,
        *,
        status: IncidentStatus | None = None,
        severity: Severity | None = None,
        survivor_id: str | None = None,
    ) -> None:
        """Add an update with the change it tells of; the survivor is what the incident is merged into."""
        if severity is not None:
            self._change_severity(severity, update)
        if status is not None:
            self._change_status(status, update)
        if survivor_id is not None:
            self._tell_with(update, _Kind.MERGED, merged_into_incident_id=ulid_of(survivor_id))
        self._tell_with(update, _Kind.UPDATE_SHARED)
        severity_id = None if severity is None else stored_id(severity.pk)
        self._add_update(update, severity_id, survivor_id, is_report=False)

    def report(self, update: Update) -> None:
        """Add what somebody else saw of the same incident."""
        self._tell_with(update, _Kind.REPORT_ADDED)
        self._add_update(update, None, None, is_report=True)

    def tell_of_task(
        self, kind: IncidentEvent.Kind, creator: Creator, moment: datetime.datetime, **details: Any
    ) -> None:
        """Add what happened to an action or a follow-up, which is no change of the incident itself."""
        self.note(kind, creator, moment, **details)
        self.changed_at = max(self.changed_at, moment)

    def _add_update(
        self, update: Update, severity_id: str | None, survivor_id: str | None, *, is_report: bool
    ) -> None:
        if update.message:
            self.messages.append(update.message)
        self.tables.updates.add(
            update.id,
            self.incident_id,
            update.message,
            stored_id(self.status.pk),
            severity_id,
            survivor_id,
            is_report,
            stored_moment(update.moment),
            *update.creator,
        )
        self._changed(update.moment)

    def _change_severity(self, after: Severity, update: Update) -> None:
        before, self.severity = self.severity, after
        self._tell_with(
            update,
            _Kind.SEVERITY_CHANGED,
            **{"from": told(before), "to": told(after)},
            from_rank=NO_SEVERITY_RANK if before is None else before.rank,
            to_rank=after.rank,
        )

    def _change_status(self, after: IncidentStatus, update: Update) -> None:
        before, self.status = self.status, after
        self._tell_with(
            update,
            _Kind.STATUS_CHANGED,
            **{"from": told(before), "to": told(after)},
            from_category=before.category,
            to_category=after.category,
        )
        for timestamp_id in timestamps_cleared_by(before, after, self.configuration):
            self.moments.pop(timestamp_id, None)
        for timestamp_id in timestamps_set_by(after, self.configuration):
            self.moments.setdefault(timestamp_id, update.moment)

    def _tell_with(self, update: Update, kind: IncidentEvent.Kind, **details: Any) -> None:
        self.note(kind, update.creator, update.moment, update_id=update.id, **details)

    def _changed(self, moment: datetime.datetime) -> None:
        self.version += 1
        self.changed_at = moment
