"""What every single filter of the list costs: `DATABASE_URL=… python -m tests.bench.filters`, on PostgreSQL.

Prints for each filter and order the blocks that a page of 25 touches, its milliseconds, and what its plan must not have.
"""

from __future__ import annotations

import datetime
import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import django
from django.db import connection
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incidents.filters import FilterField
    from incidents.models import Actor, Configuration
    from incidents.models.incident_order import IncidentOrder
    from incidents.models.incident_selection import Sql

SIZE = 26
RUNS = 2


def sampled_filters(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Yield every filter that there is, as a name and a value of the address."""
    from incidents.filters import filter_fields

    for field in filter_fields(configuration).values():
        for operator in field.conditions:
            for value in _values(field, operator):
                yield f"{field.key}[{operator}]", value


def page_statement(query: dict[str, list[str]], actor: Actor, order: IncidentOrder) -> Sql:
    """Return the statement of a first page with these parameters."""
    from incidents.filters import Grammar, IncidentFilter
    from incidents.models import Configuration, Incident
    from incidents.models.incident_listing import COLUMNS
    from incidents.models.incident_selection import IncidentSelection

    filtered = IncidentFilter(
        MultiValueDict(query),
        Incident.objects.visible_to(actor),
        actor=actor,
        configuration=Configuration.current(),
        grammar=Grammar(zone=datetime.UTC),
    )
    assert not filtered.errors, filtered.errors
    return IncidentSelection(filtered.incidents, COLUMNS).page(order, size=SIZE)


def plan_of(sql: Sql) -> dict[str, Any]:
    """Return the plan as it ran."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql.text}", sql.parameters)
        plan = cursor.fetchone()[0]
    return dict((json.loads(plan) if isinstance(plan, str) else plan)[0])


def blocks_of(plan: dict[str, Any]) -> int:
    """Return how many blocks a plan touched."""
    node = plan["Plan"]
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def faults_of(plan: dict[str, Any]) -> list[str]:
    """Return what a plan must not have: a sequential scan of incidents, a sort of more rows than the page shows."""
    return sorted(set(_faults(plan["Plan"])))


def _faults(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "incidents_incident":
        yield "seq scan"
    if node["Node Type"] == "Sort" and node["Plans"][0]["Actual Rows"] > SIZE:
        yield f"sort of {node['Plans'][0]['Actual Rows']:,}"
    for part in node.get("Plans", ()):
        yield from _faults(part)


def _values(field: FilterField, operator: str) -> tuple[str, ...]:
    from incidents.filters import Kind

    if operator in {"is_blank", "is_set"}:
        return ("true",)
    if field.kind is Kind.CHOICES:
        return tuple(choice.value for choice in field.choices)
    return {
        Kind.PEOPLE: ("me",),
        Kind.PERIOD: ("2026-11-01~2026-11-02",) if operator == "date_range" else ("2026-06-01",),
        Kind.NUMBER: ("100",),
        Kind.TEXT: ("a",),
        Kind.CATALOG: (),
    }[field.kind]


def main() -> None:
    """Print the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_site.settings")
    django.setup()
    from incidents.models import Actor, Configuration, IncidentMembership, IncidentRoleAssignment, User
    from incidents.models.incident_order import BY_STATUS_CATEGORY, NEWEST_FIRST, RECENTLY_UPDATED_FIRST

    # Somebody who leads incidents, and is a member of as few private ones as anybody.
    leads = set(IncidentRoleAssignment.objects.order_by("-id").values_list("assignee", flat=True)[:1_000])
    members = Counter(IncidentMembership.objects.filter(user__in=leads).values_list("user", flat=True))
    actor = Actor.of_user(User.objects.get(pk=min(sorted(leads), key=lambda pk: members[pk])))
    for name, value in sampled_filters(Configuration.current()):
        for order in (NEWEST_FIRST, BY_STATUS_CATEGORY, RECENTLY_UPDATED_FIRST):
            sql = page_statement({name: [value]}, actor, order)
            plans = [plan_of(sql) for _ in range(RUNS)]
            milliseconds = min(plan["Execution Time"] for plan in plans)
            faults = ", ".join(faults_of(plans[-1]))
            label = f"{name}={value}"
            print(f"{label:60} {order.name:28} {blocks_of(plans[-1]):>8,} {milliseconds:>9.2f} ms  {faults}")


if __name__ == "__main__":
    main()
