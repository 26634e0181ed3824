"""How many incidents a list holds, where that is known without reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from incidents.models.incident_selection import IncidentSelection, Sql

if TYPE_CHECKING:
    from msgspec import UnsetType

    from incidents.models import Actor
    from incidents.models.incident_queryset import IncidentQuerySet

MOST_COUNTED = 1_000
_LISTED = "SELECT listed_public + {private} FROM incidents_referencecounter WHERE name = 'incident'"


def total_of(incidents: IncidentQuerySet, actor: Actor, *, is_filtered: bool) -> Sql:
    """Return what counts the incidents; without a filter they are all those of the default modes.

    With one it counts no further than one beyond a thousand: it would cost more than reading the page.
    """
    if not is_filtered and actor.user is None:
        return Sql(_LISTED.format(private="listed_private" if actor.sees_every_incident else "0"), ())
    return IncidentSelection(incidents, ("id",)).count(MOST_COUNTED)


def known_total(total: int | None, *, is_filtered: bool) -> int | UnsetType:
    """Return a total that was counted where it is the whole of it."""
    is_whole = total is not None and (not is_filtered or total <= MOST_COUNTED)
    return total if is_whole and total is not None else UNSET
