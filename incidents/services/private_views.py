"""Records when an administrator looks at a private incident that they are no member of."""

from __future__ import annotations

import datetime

from django.utils import timezone

from incidents.models import Actor, Incident, IncidentEvent
from incidents.models.ulid import first_ulid_at
from incidents.services.history import History

_ONCE_WITHIN = datetime.timedelta(hours=1)


def record_private_view(incident: Incident, actor: Actor) -> None:
    """Note the view in the incident's history, once an hour and person; no query for public incidents."""
    if not incident.is_private or not actor.sees_every_incident or actor.user_id is None:
        return
    if incident.memberships.filter(user_id=actor.user_id).exists():
        return
    now = timezone.now()
    recent = incident.events.filter(id__gte=first_ulid_at(now - _ONCE_WITHIN))
    if recent.filter(kind=IncidentEvent.Kind.PRIVATE_VIEWED, creator_user_id=actor.user_id).exists():
        return
    history = History(incident.pk, actor, now)
    history.add(IncidentEvent.Kind.PRIVATE_VIEWED)
    history.write()
