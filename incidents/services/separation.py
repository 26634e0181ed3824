"""Remembers that somebody saw a similar incident and held theirs to be another one."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from incidents.models import Actor, Incident, IncidentEvent
from incidents.models.ulid import is_ulid
from incidents.services.history import History

SEPARATION_LIMIT = 5


def visible_others(incident_ids: Collection[str], actor: Actor) -> list[Incident]:
    """Return the named incidents that the actor may see; one query, none if none are named."""
    if not incident_ids:
        return []
    named = [pk for pk in dict.fromkeys(incident_ids) if is_ulid(pk)][:SEPARATION_LIMIT]
    return list(Incident.objects.visible_to(actor).filter(id__in=named))


def record_separation(
    incident: Incident, others: Collection[Incident], reason: str, actor: Actor, now: datetime.datetime
) -> None:
    """Note on both sides that they are different incidents, and why.

    History keeps the id alone of the other side: who reads it learns the name only if they may see that incident.
    """
    for other in others:
        for about, counterpart in ((incident, other), (other, incident)):
            history = History(about.pk, actor, now)
            history.add(
                IncidentEvent.Kind.DECLARED_SEPARATELY, other_incident_id=counterpart.pk, reason=reason
            )
            history.write()
