"""What the whole query of the list asks for, the page and its exports alike: which incidents, and in which order."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.utils.datastructures import MultiValueDict

from incidents.filters.incident_filter import Grammar, IncidentFilter, given_names
from incidents.models import Incident
from incidents.models.incident_order import (
    BY_LOWEST_SEVERITY,
    BY_SEVERITY,
    BY_STATUS_CATEGORY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
    RECENTLY_UPDATED_LAST,
)
from incidents.models.ulid import is_ulid

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from incidents.models import Actor, Configuration
    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

    Data = MultiValueDict[str, str]

SORT_BY, GROUP_BY, SELECTED = "sort_by", "group_by", "id"
STATUS_CATEGORY, NO_GROUPS = "status_category", "none"
MOST_SELECTED = 500
# To name no filter means the open incidents.
OPEN_ONLY = ("status_category[one_of]", "open")
_ORDERS = {
    order.name: order
    for order in (
        BY_SEVERITY,
        BY_LOWEST_SEVERITY,
        NEWEST_FIRST,
        OLDEST_FIRST,
        RECENTLY_UPDATED_FIRST,
        RECENTLY_UPDATED_LAST,
    )
}


@dataclasses.dataclass(frozen=True, slots=True)
class ListedIncidents:
    """The incidents of a list in their order; `problems` says by parameter what cannot be read, and then it has none."""

    incidents: IncidentQuerySet
    order: IncidentOrder
    problems: Mapping[str, str]


def read_order(data: Data) -> tuple[IncidentOrder, dict[str, str]]:
    """Return the order that the data asks for, and what in it cannot be, by parameter."""
    problems: dict[str, str] = {}
    sort_by = data.get(SORT_BY, BY_SEVERITY.name)
    if sort_by not in _ORDERS:
        problems[SORT_BY] = f"The list cannot be sorted like this. Use one of: {', '.join(_ORDERS)}."
    group_by = data.get(GROUP_BY, STATUS_CATEGORY)
    if group_by not in {STATUS_CATEGORY, NO_GROUPS}:
        problems[GROUP_BY] = f"Incidents can be grouped by {STATUS_CATEGORY} or {NO_GROUPS}."
    order = _ORDERS.get(str(sort_by), BY_SEVERITY)
    if order is BY_SEVERITY and group_by == STATUS_CATEGORY:
        order = BY_STATUS_CATEGORY
    return order, problems


def read_listed(
    data: Data, *, actor: Actor, configuration: Configuration, zone: datetime.tzinfo
) -> ListedIncidents:
    """Return every incident of the list that the data describes, whatever page of it was open.

    Incidents that were ticked, by `id`, are all there is, whatever the filters say. At most one query, for the people
    and the catalog entries that the data names.
    """
    filled = _without_blanks(data)
    order, problems = read_order(filled)
    visible = Incident.objects.visible_to(actor)
    if SELECTED in filled:
        selected, refusal = _read_selected(filled.getlist(SELECTED))
        if refusal:
            problems[SELECTED] = refusal
        return ListedIncidents(visible.filter(pk__in=selected), order, problems)
    if not given_names(filled, configuration):
        filled.setlist(OPEN_ONLY[0], [OPEN_ONLY[1]])
    incident_filter = IncidentFilter(
        filled, visible, actor=actor, configuration=configuration, grammar=Grammar(zone=zone)
    )
    problems |= {name: " ".join(messages) for name, messages in incident_filter.errors.items()}
    return ListedIncidents(incident_filter.incidents, order, problems)


def _without_blanks(data: Data) -> Data:
    """Return the data without what says nothing: a form was sent with empty fields."""
    filled = {name: [value for value in values if value.strip()] for name, values in data.lists()}
    return MultiValueDict({name: values for name, values in filled.items() if values})


def _read_selected(ids: list[str]) -> tuple[list[str], str]:
    if len(ids) > MOST_SELECTED:
        return [], f"Choose at most {MOST_SELECTED:,} incidents, or none and a filter."
    selected = [pk.upper() for pk in ids]
    return (selected, "") if all(map(is_ulid, selected)) else ([], "This is no id of an incident.")
