"""The incidents that go on in one, or the one in which an incident goes on: as far as the reader may see them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.models import Incident, StatusCategory
from incidents.services.unmerging import (
    UNDO_WITHIN,
    last_merge_into,
    latest_merge,
    obstacle_to_undo,
    sources_of,
)
from incidents.web.sentence import creator_words

if TYPE_CHECKING:
    import datetime

    from incidents.models import Actor, IncidentMerge

SHOWN_AT_ONCE = 5


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """How an incident hangs together with others by merges.

    `into` is where a merged incident goes on; it is None also where the reader may not know of it. `undo_of` is the
    incident at whose address the last merge is undone, while that is exact.
    """

    is_merged: bool = False
    into: Incident | None = None
    incidents: tuple[Incident, ...] = ()
    merge: IncidentMerge | None = None
    undo_of: Incident | None = None

    @property
    def ids(self) -> list[str]:
        """The ids of what was merged into the incident."""
        return [incident.pk for incident in self.incidents]

    @property
    def first(self) -> tuple[Incident, ...]:
        """Those that are shown at once."""
        return self.incidents[:SHOWN_AT_ONCE]

    @property
    def rest(self) -> tuple[Incident, ...]:
        """The others."""
        return self.incidents[SHOWN_AT_ONCE:]

    @property
    def merged_by(self) -> str:
        """Who merged, as people call them."""
        return creator_words(self.merge) if self.merge else ""

    @property
    def undo_until(self) -> datetime.datetime | None:
        """The moment up to which the merge can be undone."""
        return self.merge.created_at + UNDO_WITHIN if self.merge and self.undo_of else None


def read_merging(incident: Incident, actor: Actor) -> Merging:
    """Read it; one query for an incident without merges, at most six for one with."""
    if incident.status_category == StatusCategory.MERGED:
        return _of_merged(incident, actor)
    incidents = read_merged(incident, actor)
    if not incidents:
        return Merging()
    merge = last_merge_into(incident.pk)
    return Merging(incidents=incidents, merge=merge, undo_of=_undo_of(merge, actor))


def read_merged(incident: Incident, actor: Actor) -> tuple[Incident, ...]:
    """Return what was merged into an incident, newest first; one query, and at most 500 rows."""
    if incident.merged_into_incident_id is not None:
        return ()
    rows = Incident.objects.visible_to(actor).merged_into(incident.pk)
    return tuple(rows.only("id", "number", "name", "visibility").newest_first())


def _of_merged(incident: Incident, actor: Actor) -> Merging:
    into = incident.merged_into_incident
    if into is not None and into.is_private and not actor.sees_every_incident:
        into = Incident.objects.visible_to(actor).filter(pk=into.pk).first()
    if into is None:
        return Merging(is_merged=True)
    merge = latest_merge(incident.pk)
    is_this = merge is not None and merge.survivor_id == into.pk
    return Merging(
        is_merged=True, into=into, merge=merge, undo_of=_undo_of(merge if is_this else None, actor)
    )


def _undo_of(merge: IncidentMerge | None, actor: Actor) -> Incident | None:
    """Return an incident at whose address the actor can undo a merge, or None; three queries while it is new."""
    if merge is None or obstacle_to_undo(merge):
        return None
    named = sources_of(merge)
    visible = list(Incident.objects.visible_to(actor).filter(pk__in=named))
    return visible[0] if len(visible) == len(named) else None
