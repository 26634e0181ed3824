"""The help of the search box: what can be asked of each field."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from incidents.filters import FilterField, Kind, filter_fields
from incidents.filters.term_meanings import field_names

if TYPE_CHECKING:
    from incidents.models import Configuration

_EXAMPLES = {
    Kind.PEOPLE: "me",
    Kind.PERIOD: "<7d",
    Kind.NUMBER: ">=100",
    Kind.TEXT: "word",
    Kind.CATALOG: "name-in-addresses",
}


@dataclasses.dataclass(frozen=True, slots=True)
class HelpLine:
    """A field with examples of how to ask for it."""

    label: str
    examples: tuple[str, ...]


def help_lines(configuration: Configuration) -> list[HelpLine]:
    """Return a line for every field that has a value to show, in the order of the filter menu."""
    lines: dict[str, HelpLine] = {}
    for name, field in field_names(filter_fields(configuration).values()).items():
        examples = tuple(f"{name}:{value}" for value in _values(field))
        if examples and field.key not in lines:
            empty = (f"no:{name}",) if "is_blank" in field.conditions else ()
            lines[field.key] = HelpLine(field.label, (*examples, *empty))
    return list(lines.values())


def _values(field: FilterField) -> tuple[str, ...]:
    if field.kind is not Kind.CHOICES:
        return (_EXAMPLES[field.kind],)
    if not field.choices:
        return ()
    if "gte" in field.conditions:
        return (f">={field.choices[len(field.choices) // 2].value}",)
    return (field.choices[0].value,)
