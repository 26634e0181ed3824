"""What every single filter of the list costs in several orders, and filters in pairs; on PostgreSQL.

Tells beside the table which ones do not hold: their blocks, and what their plans must not have.
"""

from __future__ import annotations

import datetime
import itertools
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.datastructures import MultiValueDict

from incidents.filters import Grammar, IncidentFilter, Kind, filter_fields
from incidents.models import (
    Actor,
    Configuration,
    Incident,
    IncidentMembership,
    IncidentRoleAssignment,
    User,
)
from incidents.models.incident_listing import COLUMNS
from incidents.models.incident_order import BY_STATUS_CATEGORY, NEWEST_FIRST, RECENTLY_UPDATED_FIRST
from incidents.models.incident_selection import IncidentSelection
from tests.bench.measuring import Figure, blocks_of, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidents.filters import FilterField
    from incidents.models.incident_order import IncidentOrder
    from tests.bench.measuring import Statement

SIZE = 26
MOST_BLOCKS = 200
ORDERS = (NEWEST_FIRST, BY_STATUS_CATEGORY, RECENTLY_UPDATED_FIRST)


class Cost(NamedTuple):
    """What a page with one filter costs."""

    name: str
    order: IncidentOrder
    blocks: int
    faults: list[str]


def measure() -> dict[str, Figure]:
    """Return the most blocks, and how many plans have what none may have."""
    actor, configuration = _actor(), Configuration.current()
    costs = list(_single_costs(actor, configuration))
    pair = max(_pair_costs(actor, configuration), key=lambda cost: cost.blocks)
    for cost in costs:
        if cost.blocks > MOST_BLOCKS or cost.faults:
            print(f"  {cost.name}: {cost.blocks:,} blocks {', '.join(cost.faults)}", file=sys.stderr)
    scans = [cost for cost in costs if "seq scan" in cost.faults]
    sorts = [cost for cost in costs if any(fault.startswith("sort") for fault in cost.faults)]
    return {
        "filter-blocks": _worst([cost for cost in costs if cost.order is NEWEST_FIRST]),
        "filter-orders": _worst([cost for cost in costs if cost.order is not NEWEST_FIRST]),
        "filter-pairs": Figure(pair.blocks, pair.name),
        "filter-scans": Figure(len(scans), f"of {len(costs)}"),
        "filter-sorts": Figure(len(sorts), f"of {len(costs)}"),
    }


def sampled_filters(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Yield every filter that there is, as a name and a value of the address."""
    for field in filter_fields(configuration).values():
        for operator in field.conditions:
            for value in _values(field, operator):
                yield f"{field.key}[{operator}]", value


def page_statement(query: dict[str, list[str]], actor: Actor, order: IncidentOrder) -> Statement:
    """Return the statement of a first page with these parameters."""
    filtered = IncidentFilter(
        MultiValueDict(query),
        Incident.objects.visible_to(actor),
        actor=actor,
        configuration=Configuration.current(),
        grammar=Grammar(zone=datetime.UTC),
    )
    assert not filtered.errors, filtered.errors
    page = IncidentSelection(filtered.incidents, COLUMNS).page(order, size=SIZE)
    return page.text, page.parameters


def faults_of(plan: dict[str, Any]) -> list[str]:
    """Return what a plan must not have: a sequential scan of incidents, a sort of more rows than the page shows."""
    return sorted(set(_faults(plan["Plan"])))


def _single_costs(actor: Actor, configuration: Configuration) -> Iterator[Cost]:
    for name, value in sampled_filters(configuration):
        for order in ORDERS:
            yield _cost({name: [value]}, actor, order)


def _pair_costs(actor: Actor, configuration: Configuration) -> Iterator[Cost]:
    """Yield the costs of every two fields, each with the first of its filters."""
    firsts: dict[str, tuple[str, str]] = {}
    for name, value in sampled_filters(configuration):
        firsts.setdefault(name.rpartition("[")[0], (name, value))
    for (one, its_value), (other, other_value) in itertools.combinations(firsts.values(), 2):
        yield _cost({one: [its_value], other: [other_value]}, actor, NEWEST_FIRST)


def _cost(query: dict[str, list[str]], actor: Actor, order: IncidentOrder) -> Cost:
    statement = page_statement(query, actor, order)
    plan_of(statement)
    plan = plan_of(statement)
    told = " and ".join(f"{name}={value}" for name, (value,) in query.items())
    return Cost(f"{told} by {order.name}", order, blocks_of(plan), faults_of(plan))


def _worst(costs: list[Cost]) -> Figure:
    worst = max(costs, key=lambda cost: cost.blocks)
    dear = sum(cost.blocks > MOST_BLOCKS for cost in costs)
    return Figure(worst.blocks, f"{worst.name}; {dear} of {len(costs)} above {MOST_BLOCKS}")


def _actor() -> Actor:
    """Return somebody who leads incidents, and is a member of as few private ones as anybody."""
    leads = set(IncidentRoleAssignment.objects.order_by("-id").values_list("assignee", flat=True)[:1_000])
    members = Counter(IncidentMembership.objects.filter(user__in=leads).values_list("user", flat=True))
    return Actor.of_user(User.objects.get(pk=min(sorted(leads), key=lambda pk: members[pk])))


def _faults(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "incidents_incident":
        yield "seq scan"
    if node["Node Type"] == "Sort" and node["Plans"][0]["Actual Rows"] > SIZE:
        yield f"sort of {node['Plans'][0]['Actual Rows']:,}"
    for part in node.get("Plans", ()):
        yield from _faults(part)


def _values(field: FilterField, operator: str) -> tuple[str, ...]:
    if operator in {"is_blank", "is_set"}:
        return ("true",)
    if field.kind is Kind.CHOICES:
        return tuple(choice.value for choice in field.choices)
    return {
        Kind.PEOPLE: ("me",),
        Kind.PERIOD: (_recent_day(),) if operator == "date_range" else (_half_a_year_ago(),),
        Kind.NUMBER: ("100",),
        Kind.TEXT: ("a",),
        Kind.CATALOG: (),
    }[field.kind]


def _recent_day() -> str:
    day = datetime.datetime.now(tz=datetime.UTC).date() - datetime.timedelta(days=20)
    return f"{day}~{day + datetime.timedelta(days=1)}"


def _half_a_year_ago() -> str:
    return str(datetime.datetime.now(tz=datetime.UTC).date() - datetime.timedelta(days=180))
