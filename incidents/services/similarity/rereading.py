"""Stored tokens read again, in batches, after the words of one meaning have changed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from incidents.models import Incident, TokenReading
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.models.ulid import NO_ULID, new_ulid
from incidents.services.similarity.postings import index_incidents
from incidents.services.similarity.window import window_start_id

BATCH = 200


def want_reading() -> None:
    """Have every incident that is compared read again; call it in the transaction that changed the words."""
    wanted = {"wanted": new_ulid(), "position": "", "read_count": 0, "total_count": 0}
    TokenReading.objects.update_or_create(id=1, defaults=wanted)


def read_again() -> bool:
    """Read the next batch in a transaction of its own, and tell whether there was one.

    Its incidents are locked: an edit at the same moment comes before or after, and its words are what stays.
    """
    with transaction.atomic():
        reading = TokenReading.objects.select_for_update().exclude(done=F("wanted")).first()
        if reading is None:
            return False
        if not reading.position:
            reading.total_count = sum(part.count() for part in _older_open_and_recent(NO_ULID))
        batch = _next_batch(reading.position or NO_ULID)
        index_incidents(batch)
        reading.read_count += len(batch)
        if len(batch) < BATCH:
            reading.done = reading.wanted
        else:
            reading.position = batch[-1].pk
        reading.save()
    return True


def _next_batch(position: str) -> list[Incident]:
    batch: list[Incident] = []
    for part in _older_open_and_recent(position):
        batch.extend(part.order_by("id").select_for_update(of=("self",))[: BATCH - len(batch)])
    return batch


def _older_open_and_recent(position: str) -> tuple[IncidentQuerySet, IncidentQuerySet]:
    """Return what is compared beyond a place, in two parts that follow each other, each found by one index."""
    start = window_start_id()
    beyond = Incident.objects.in_default_modes().filter(id__gt=position)
    return beyond.open().filter(id__lt=start), beyond.filter(id__gte=start)
