"""Records when an administrator looks at a private incident that they are no member of."""

from __future__ import annotations

import datetime

from django.db.models import Exists
from django.utils import timezone

from incidents.models import Actor, Incident, IncidentEvent
from incidents.models.ulid import first_ulid_at
from incidents.services.history import History

_ONCE_WITHIN = datetime.timedelta(hours=1)


def record_private_view(incident: Incident, actor: Actor) -> None:
    """Note the view in the history, once an hour and person; no query for public incidents, else one and the note."""
    if not incident.is_private or not actor.sees_every_incident or actor.user_id is None:
        return
    now = timezone.now()
    memberships = incident.memberships.filter(user_id=actor.user_id)
    views = incident.events.filter(
        id__gte=first_ulid_at(now - _ONCE_WITHIN),
        kind=IncidentEvent.Kind.PRIVATE_VIEWED,
        creator_user_id=actor.user_id,
    )
    if Incident.objects.filter(Exists(memberships) | Exists(views), pk=incident.pk).exists():
        return
    history = History(incident.pk, actor, now)
    history.add(IncidentEvent.Kind.PRIVATE_VIEWED)
    history.write()
