"""Which incidents are compared: the open ones and the recent ones, without tests and tutorials."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from incidents.models import Actor, Incident
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.models.incident_status import LOWEST_OPEN_RANK
from incidents.models.ulid import first_ulid_at

WINDOW_DAYS = 30
COMPARED_LIMIT = 1_000


def compared_by(actor: Actor) -> IncidentQuerySet:
    """Keep the incidents that the actor may see and that a new one is compared with."""
    since = Q(id__gte=window_start_id())
    visible = Incident.objects.visible_to(actor).in_default_modes()
    return visible.filter(since | Q(status_category_rank__gte=LOWEST_OPEN_RANK))


def compared_in_parts(actor: Actor) -> tuple[IncidentQuerySet, ...]:
    """Return the same incidents in parts, each of which one index finds; public ones first, for they are cheap."""
    start = window_start_id()
    public = Incident.objects.public().in_default_modes()
    private = (
        Incident.objects.visible_to(actor).in_default_modes().filter(visibility=Incident.Visibility.PRIVATE)
    )
    return (
        public.filter(id__gte=start),
        public.open().filter(id__lt=start),
        private.filter(id__gte=start),
        private.open().filter(id__lt=start),
    )


def window_start_id() -> str:
    """Return the least id that an incident of the window can have."""
    return first_ulid_at(_window_start())


def is_compared(incident: Incident) -> bool:
    """Tell whether others are compared with the incident now; what is decided here is decided again on reading."""
    is_recent = incident.created_at >= _window_start()
    return incident.mode in DEFAULT_MODES and (incident.is_open or is_recent)


def _window_start() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=WINDOW_DAYS)
