"""Tokens removed once their incident is neither open nor recent."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from incidents.models import Incident, IncidentToken
from incidents.models.incident_status import LOWEST_OPEN_RANK
from incidents.models.ulid import NO_ULID
from incidents.services.similarity.window import window_start_id

BATCH = 500


def prune_tokens(after: str = NO_ULID) -> str | None:
    """Remove the tokens of the next incidents that are compared no more; a transaction of its own.

    Returns the id after which to go on, or None where nothing is left to look at. An incident that is opened again at
    the same moment keeps its tokens.
    """
    tokens = IncidentToken.objects.filter(incident_id__gt=after, incident_id__lt=window_start_id())
    ids = list(tokens.order_by("incident_id").values_list("incident_id", flat=True).distinct()[:BATCH])
    if not ids:
        return None
    open_now = Q(status_category_rank__gte=LOWEST_OPEN_RANK)
    with transaction.atomic():
        over = (
            Incident.objects.filter(pk__in=ids)
            .exclude(open_now)
            .order_by("id")
            .select_for_update(of=("self",))
        )
        gone = [incident.pk for incident in over.only("id")]
        IncidentToken.objects.filter(incident_id__in=gone).delete()
    return ids[-1]
