"""The filter of the list, as an address means it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.filters import Grammar, IncidentFilter, given_names
from incidents.models import Incident

if TYPE_CHECKING:
    from incidents.models import Actor, Configuration
    from incidents.web.list_address import ListAddress

OPEN_ONLY = ("status_category[one_of]", "open")


def filtered_address(address: ListAddress, configuration: Configuration) -> ListAddress:
    """Return the address with its filters written out: to name none means the open incidents."""
    if given_names(address.query, configuration):
        return address
    name, value = OPEN_ONLY
    return address.with_values(name, [value])


def read_filter(filtered: ListAddress, actor: Actor, configuration: Configuration) -> IncidentFilter:
    """Return the filter of what the actor may see; the days it names are those of the reader."""
    return IncidentFilter(
        filtered.query,
        Incident.objects.visible_to(actor),
        actor=actor,
        configuration=configuration,
        grammar=Grammar(zone=timezone.get_current_timezone()),
    )
