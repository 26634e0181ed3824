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


def count_compared_besides(actor: Actor, most: int) -> int:
    """Return how many of them are private, or open and older than the window, counted up to the most; one query."""
    start = window_start_id()
    incidents = Incident.objects.in_default_modes().order_by()
    private = incidents.visible_to(actor).filter(visibility=Incident.Visibility.PRIVATE)
    older_open = incidents.public().open().filter(id__lt=start)
    parts = older_open.union(private.filter(id__gte=start), private.open().filter(id__lt=start), all=True)
    return parts.values("id")[:most].count()


def window_start_id() -> str:
    """Return the least id that an incident of the window can have."""
    return first_ulid_at(_window_start())


def is_compared(mode: str, *, is_open: bool, created_at: datetime.datetime) -> bool:
    """Tell whether others are compared with such an incident now; what is decided here is decided again on reading."""
    return mode in DEFAULT_MODES and (is_open or created_at >= _window_start())


def _window_start() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=WINDOW_DAYS)
