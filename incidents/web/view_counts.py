"""How many incidents each saved view of the navigation finds for the person who looks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.http import QueryDict

from incidents.models import Configuration, ConfigurationVersion, Incident, SavedView
from incidents.models.incident_order import CappedCount
from incidents.web.asked_incidents import filter_of
from incidents.web.incident_rows import counted
from incidents.web.list_address import ListAddress
from incidents.web.navigation_views import MOST_LINKS

if TYPE_CHECKING:
    from incidents.models import Actor

MOST_COUNTED = 100


@dataclasses.dataclass(frozen=True, slots=True)
class ViewCount:
    """The number of a view in words, exact up to a hundred; nothing where its filter names what is gone."""

    id: str
    words: str


def view_counts(actor: Actor) -> list[ViewCount]:
    """Count what the views of the navigation find, each no further than 101; one query for all of them.

    Besides, one query for the views, and one for each whose filter names people or catalog entries.
    """
    configuration = Configuration.current()
    views = SavedView.objects.visible_to(actor).own_first().values_list("id", "query")[:MOST_LINKS]
    visible = Incident.objects.visible_to(actor)
    filters = {
        pk: filter_of(ListAddress("", QueryDict(query)), visible, actor, configuration) for pk, query in views
    }
    readable = {pk: found for pk, found in filters.items() if not found.errors}
    numbers = ConfigurationVersion.objects.values_list(
        *(CappedCount(found.incidents, MOST_COUNTED) for found in readable.values())
    ).first()
    words = {pk: counted(number, MOST_COUNTED) for pk, number in zip(readable, numbers or (), strict=False)}
    return [ViewCount(pk, words.get(pk, "")) for pk in filters]
