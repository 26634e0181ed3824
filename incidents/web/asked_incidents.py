"""Which incidents an address of the list asks for: the same for the list, what changes on it, screens and feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.filters import OPEN_ONLY, Grammar, IncidentFilter, given_names

if TYPE_CHECKING:
    from incidents.models import Actor, Configuration
    from incidents.models.incident_queryset import IncidentQuerySet
    from incidents.web.list_address import ListAddress


def filtered_address(address: ListAddress, configuration: Configuration) -> ListAddress:
    """Return the address with its filters written out: to name none means the open incidents."""
    if given_names(address.query, configuration):
        return address
    name, value = OPEN_ONLY
    return address.with_values(name, [value])


def filter_of(
    filtered: ListAddress, visible: IncidentQuerySet, actor: Actor, configuration: Configuration
) -> IncidentFilter:
    """Return the filter that an address with filters means, its days in the zone of the request."""
    return IncidentFilter(
        filtered.query,
        visible,
        actor=actor,
        configuration=configuration,
        grammar=Grammar(zone=timezone.get_current_timezone()),
    )
