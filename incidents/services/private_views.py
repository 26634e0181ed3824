"""Records when an administrator looks at a private incident that they are no member of."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone

from incidents.models import Actor, Incident, IncidentEvent, IncidentMembership
from incidents.models.ulid import first_ulid_at

_ONCE_WITHIN = datetime.timedelta(hours=1)


def record_private_view(incident: Incident, actor: Actor) -> None:
    """Note the view in the history, once an hour and person; no query for public incidents, else one and the note."""
    if incident.is_private:
        record_private_views([incident.pk], actor)


def record_private_views(incident_ids: Sequence[str], actor: Actor) -> None:
    """Note in the histories of private incidents that they were seen; no query for none, else one and the notes."""
    if not incident_ids or not actor.sees_every_incident or actor.user_id is None:
        return
    now = timezone.now()
    memberships = IncidentMembership.objects.filter(incident=OuterRef("pk"), user_id=actor.user_id)
    views = IncidentEvent.objects.filter(
        incident=OuterRef("pk"),
        id__gte=first_ulid_at(now - _ONCE_WITHIN),
        kind=IncidentEvent.Kind.PRIVATE_VIEWED,
        creator_user_id=actor.user_id,
    )
    unnoted = Incident.objects.filter(~Exists(memberships), ~Exists(views), pk__in=incident_ids)
    IncidentEvent.objects.bulk_create(
        IncidentEvent(
            incident_id=pk,
            kind=IncidentEvent.Kind.PRIVATE_VIEWED,
            created_at=now,
            **actor.creator_columns,
        )
        for pk in unnoted.values_list("pk", flat=True)
    )
