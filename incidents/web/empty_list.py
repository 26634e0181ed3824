"""What the list says when it is empty: which filter is to blame, or that all is well."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.filters import SEARCH
from incidents.models import ConfigurationVersion
from incidents.models.incident_order import CappedCount
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.web.filter_bar import described, everything, remove_url
from incidents.web.incident_rows import MOST_COUNTED, counted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from incidents.filters import AppliedFilter, IncidentFilter
    from incidents.models.incident_queryset import IncidentQuerySet
    from incidents.web.list_address import ListAddress

CATEGORY, SEVERITY = "status_category", "severity"
MOST_BLAMED = 8


@dataclasses.dataclass(frozen=True, slots=True)
class LastIncident:
    """The latest incident that is over."""

    reference: str
    created_at: datetime.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Blame:
    """A filter without which the list would not be empty, and how many incidents it hides."""

    words: str
    label: str
    count: str
    is_one: bool
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class EmptyList:
    """Why there is nothing to see. `kind` is none, good or filtered."""

    kind: str
    clear_url: str
    last: LastIncident | None = None
    threshold: str = ""
    blame: Blame | None = None


def explain_empty_list(incident_filter: IncidentFilter, address: ListAddress) -> EmptyList:
    """Return why the list is empty; two queries at most."""
    clear_url = everything(_without_filters(address, incident_filter)).url
    applied = incident_filter.applied
    if _asks_for_fires(applied):
        last = _last_incident(incident_filter)
        if last is not None:
            return EmptyList("good", clear_url, last, threshold=_threshold(applied))
    visible, *hidden = _counts(incident_filter)
    if not visible:
        return EmptyList("none", clear_url)
    return EmptyList("filtered", clear_url, blame=_blame(incident_filter, hidden, address))


def _asks_for_fires(applied: Sequence[AppliedFilter]) -> bool:
    """Only open incidents are asked for, at most from some severity on."""
    fields = {one.field.key for one in applied}
    open_only = any(
        one.field.key == CATEGORY
        and one.operator == "one_of"
        and {choice.stored for choice in one.value} <= set(OPEN_CATEGORIES)
        for one in applied
    )
    return open_only and fields <= {CATEGORY, SEVERITY}


def _last_incident(incident_filter: IncidentFilter) -> LastIncident | None:
    others = [one for one in incident_filter.applied if one.field.key != CATEGORY]
    over = incident_filter.meeting(others).counted().order_by("-id")
    found = over.values_list("number", "created_at").first()
    return LastIncident(f"INC-{found[0]}", found[1]) if found else None


def _threshold(applied: Sequence[AppliedFilter]) -> str:
    return next((described(one) for one in applied if one.field.key == SEVERITY), "")


def _counts(incident_filter: IncidentFilter) -> list[int]:
    """Return whether the person sees any incident that counts, and how many each filter hides alone; one query."""
    hidden = [
        CappedCount(_all_but(one, incident_filter), MOST_COUNTED)
        for one in incident_filter.applied[:MOST_BLAMED]
    ]
    counts = ConfigurationVersion.objects.values_list(
        CappedCount(incident_filter.visible.counted(), 0), *hidden
    )
    return list(counts.first() or [0])


def _blame(incident_filter: IncidentFilter, hidden: list[int], address: ListAddress) -> Blame | None:
    """Return the filter that hides most, if leaving out one of them is enough."""
    most, one = max(zip(hidden, incident_filter.applied, strict=False), key=lambda pair: pair[0])
    if not most:
        return None
    return Blame(
        words=described(one),
        label=one.field.label.lower(),
        count=counted(most, MOST_COUNTED),
        is_one=most == 1,
        url=remove_url(address, one.name, [other.name for other in incident_filter.applied]),
    )


def _all_but(left_out: AppliedFilter, incident_filter: IncidentFilter) -> IncidentQuerySet:
    others = [one for one in incident_filter.applied if one is not left_out]
    return incident_filter.meeting(others)


def _without_filters(address: ListAddress, incident_filter: IncidentFilter) -> ListAddress:
    return address.without(SEARCH, *incident_filter.filters)
