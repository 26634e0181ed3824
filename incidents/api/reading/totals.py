"""How many incidents a list holds, where that is known without reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incidents.models.incident_selection import IncidentSelection, Sql

if TYPE_CHECKING:
    from incidents.filters import IncidentFilter
    from incidents.models import Actor

MOST_COUNTED = 1_000
_LISTED = "SELECT listed_public + {private} FROM incidents_referencecounter WHERE name = 'incident'"


def total_of(incident_filter: IncidentFilter, actor: Actor) -> Sql:
    """Return what counts the incidents: all of them without a filter, else no further than one beyond a thousand.

    Counting further would cost more than reading the page.
    """
    if not incident_filter.applied and actor.user is None:
        return Sql(_LISTED.format(private="listed_private" if actor.sees_every_incident else "0"), ())
    return IncidentSelection(incident_filter.incidents, ("id",)).count(MOST_COUNTED)


def is_exact(total: int, incident_filter: IncidentFilter) -> bool:
    """Tell whether a total that was counted is the whole of it."""
    return not incident_filter.applied or total <= MOST_COUNTED
