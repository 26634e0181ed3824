"""Incident updates as the API shows them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from msgspec import UNSET

from incidents import models
from incidents.api.errors import in_api_time
from incidents.api.reading.actors import actor_of
from incidents.api.reading.configuration import severity_of, status_of
from incidents.api.wire import incident_updates as wire
from incidents.api.wire.base import or_unset
from incidents.models.sources import CREATORS

# Status and severity come with the row: the snapshot of the configuration may be older than an update.
_ALONG = ("new_incident_status", "new_severity", *CREATORS)


def updates_with_parts() -> QuerySet[models.IncidentUpdate]:
    """Return the updates with what answers tell of them; no query yet."""
    return models.IncidentUpdate.objects.select_related(*_ALONG)


def read_updates(rows: Sequence[models.IncidentUpdate], actor: models.Actor) -> list[wire.IncidentUpdate]:
    """Return the updates; one query if one of them tells of a merge. Needs updates_with_parts()."""
    named = {row.merged_into_incident_id for row in rows if row.merged_into_incident_id is not None}
    visible = models.Incident.objects.visible_to(actor).filter(pk__in=named)
    shown = set(visible.values_list("pk", flat=True)) if named else set()
    return [_update(row, shown) for row in rows]


def _update(row: models.IncidentUpdate, shown: Collection[str]) -> wire.IncidentUpdate:
    merged_into = row.merged_into_incident_id
    return wire.IncidentUpdate(
        id=row.pk,
        incident_id=row.incident_id,
        created_at=in_api_time(row.created_at),
        new_incident_status=status_of(row.new_incident_status),
        updater=actor_of(row),
        message=or_unset(row.message),
        new_severity=UNSET if row.new_severity is None else severity_of(row.new_severity),
        merged_into_incident_id=merged_into if merged_into in shown and merged_into else UNSET,
    )
