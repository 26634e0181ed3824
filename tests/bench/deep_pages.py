"""Whether a page far down costs more than the first one, in every order that has an index; on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidents.models import Actor, Incident, User
from incidents.models.incident_listing import COLUMNS
from incidents.models.incident_order import (
    BY_SEVERITY,
    BY_STATUS_CATEGORY,
    NEWEST_FIRST,
    OLDEST_FIRST,
    RECENTLY_UPDATED_FIRST,
)
from incidents.models.incident_selection import IncidentSelection
from tests.bench.measuring import READER, Figure, blocks_of, plan_of

if TYPE_CHECKING:
    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_queryset import IncidentQuerySet

ORDERS = (NEWEST_FIRST, OLDEST_FIRST, BY_SEVERITY, BY_STATUS_CATEGORY, RECENTLY_UPDATED_FIRST)
SIZE = 26
HOW_DEEP = 0.9


def measure() -> dict[str, Figure]:
    """Return the blocks of a deep page against those of the first, of the order where that is most."""
    actor = Actor.of_user(User.objects.get(email=READER))
    visible = Incident.objects.visible_to(actor)
    ratios = {order.name: _ratio(visible, order) for order in ORDERS}
    worst = max(ratios, key=lambda name: ratios[name][0])
    ratio, deep, first = ratios[worst]
    return {"deep-page": Figure(ratio, f"{deep} against {first}, by {worst}")}


def position_in(order: IncidentOrder) -> tuple[Any, ...]:
    """Return the place of an incident that far down; an OFFSET finds it, as slowly as pages would be found by one."""
    sign = "-" if order.is_descending else ""
    ordered = Incident.objects.order_by(*(f"{sign}{column}" for column in order.columns))
    return tuple(ordered.values_list(*order.columns)[int(HOW_DEEP * Incident.objects.count())])


def _ratio(visible: IncidentQuerySet, order: IncidentOrder) -> tuple[float, int, int]:
    selection = IncidentSelection(visible, COLUMNS)
    first = _blocks(selection, order, None)
    deep = _blocks(selection, order, position_in(order))
    return deep / first, deep, first


def _blocks(selection: IncidentSelection, order: IncidentOrder, position: tuple[Any, ...] | None) -> int:
    sql = selection.page(order, size=SIZE, position=position)
    plan_of((sql.text, sql.parameters))
    return blocks_of(plan_of((sql.text, sql.parameters)))
