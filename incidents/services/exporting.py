"""Reading every incident of a list, however many there are, for files that people take along."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from incidents.models import Actor
from incidents.models.incident_listing import Asked, Place
from incidents.models.incident_order import IncidentOrder
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.models.incident_record import Record, Records, read_records, ulid_of
from incidents.services.private_views import record_private_views

logger = logging.getLogger(__name__)

CHUNK = 500


def read_for_export(incidents: IncidentQuerySet, order: IncidentOrder, actor: Actor) -> Iterator[Records]:
    """Yield the incidents in their order, chunk by chunk; five queries each, and no transaction between them.

    Each chunk begins behind the last incident of the one before, so that memory and the time of a statement stay the
    same. In an order by creation an export holds each incident exactly once. In the others an incident that changes
    its place meanwhile may be there twice, or not at all.
    """
    place: Place | None = None
    count = 0
    while True:
        records = read_records(incidents, Asked(order=order, size=CHUNK, place=place))
        if not records.incidents:
            break
        private = [ulid_of(one.raw_id) for one in records.incidents if one.visibility == "private"]
        record_private_views(private, actor)
        yield records
        count += len(records.incidents)
        if len(records.incidents) < CHUNK:
            break
        place = Place(_position(records.incidents[-1], order))
    logger.info("exported %s incidents for %s", count, actor.user_id)


def _position(record: Record, order: IncidentOrder) -> tuple[object, ...]:
    return tuple(
        ulid_of(record.raw_id) if column == "id" else getattr(record, column) for column in order.columns
    )
