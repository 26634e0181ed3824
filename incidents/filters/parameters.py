"""The grammar of filters in addresses: `severity[gte]=major`, `incident_role[lead][one_of]=me`, as the API writes it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from incidents.filters.catalogue import CUSTOM_FIELD, ROLE, filter_fields, find_field
from incidents.filters.fields import FilterField, Kind, having, stored
from incidents.filters.values import shown
from incidents.models import BulkChangeRow
from incidents.models.search_index import search_condition

if TYPE_CHECKING:
    from incidents.models import Configuration

SEARCH, BULK_CHANGE = "search", "bulk_change"
_BRACKETS = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<item>[^\[\]]+)\])?\[(?P<operator>[^\[\]]*)\]\Z")


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A name of an address that asks for a filter: the field and the operator, or why there is no such filter."""

    name: str
    field: FilterField | None = None
    operator: str = ""
    problem: str = ""


def is_filter(name: str, configuration: Configuration) -> bool:
    """Tell whether the name of a parameter asks for a filter, even a wrong one; others are for somebody else."""
    return "[" in name or name in {SEARCH, ROLE, CUSTOM_FIELD} or name in filter_fields(configuration)


def read_parameter(name: str, configuration: Configuration) -> Parameter:
    """Return what the name of a filter means."""
    if name == SEARCH:
        return Parameter(name, SEARCH_FIELD, "contains")
    match = _BRACKETS.match(name)
    if match is None:
        return Parameter(name, problem=f"Say how to compare, as in {shown(name)}[one_of].")
    field = _field_of(match, configuration)
    if field is None:
        return Parameter(name, problem=_missing_field(match["name"], match["item"]))
    if match["operator"] not in field.conditions:
        operators = ", ".join(field.conditions)
        return Parameter(
            name,
            problem=f"“{shown(match['operator'])}” does not compare {field.label}. Use one of: {operators}.",
        )
    return Parameter(name, field, match["operator"])


def _field_of(match: re.Match[str], configuration: Configuration) -> FilterField | None:
    if match["name"] == BULK_CHANGE and not match["item"]:
        return BULK_CHANGE_FIELD
    return find_field(match["name"], match["item"] or "", configuration)


def _missing_field(name: str, item: str | None) -> str:
    if item and name == ROLE:
        return f"There is no incident role “{shown(item)}”."
    if item and name == CUSTOM_FIELD:
        return f"There is no custom field “{shown(item)}”."
    return f"Incidents cannot be filtered by “{shown(name)}”."


SEARCH_FIELD = FilterField(
    key=SEARCH, label="Text", kind=Kind.SEARCH, conditions={"contains": search_condition}
)
# Reports of bulk changes lead to it; no menu offers it, because it means something to one person alone.
BULK_CHANGE_FIELD = FilterField(
    key=BULK_CHANGE,
    label="Bulk change",
    kind=Kind.BULK_CHANGES,
    noun="bulk change",
    conditions={
        "one_of": lambda changes: having(BulkChangeRow.objects.filter(bulk_change__in=stored(changes)))
    },
)
