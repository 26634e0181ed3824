"""How many incidents a list holds, where that is known without reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from msgspec import UNSET, UnsetType

from incidents.models import ReferenceCounter
from incidents.models.incident_selection import IncidentSelection

if TYPE_CHECKING:
    from incidents.filters import IncidentFilter
    from incidents.models import Actor

MOST_COUNTED = 1_000


def total_of(incident_filter: IncidentFilter, actor: Actor) -> int | UnsetType:
    """Return the number of incidents: exact for all of them and up to a thousand, else nothing; one query.

    Counting further would cost more than reading the page.
    """
    if not incident_filter.applied and actor.user is None:
        counter = ReferenceCounter.objects.get(name="incident")
        return counter.listed_public + (counter.listed_private if actor.sees_every_incident else 0)
    count = IncidentSelection(incident_filter.incidents, ("id",)).count(MOST_COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(count.text, count.parameters)
        (number,) = cursor.fetchone()
    return number if number <= MOST_COUNTED else UNSET
