"""The filter bar: a chip for each filter that holds, and the menu that adds one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from incidents.filters import SEARCH, Choice, FilterField, Kind, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incidents.filters import AppliedFilter
    from incidents.web.list_address import ListAddress

ANY_CATEGORY = ("status_category[one_of]", "any")
MOST_NAMED = 3
BLANKNESS = ("is_blank", "is_set")
_OPERATOR_WORDS = {
    "one_of": "is any of",
    "not_in": "is none of",
    "gte": "is at least",
    "lte": "is at most",
    "date_range": "is between",
    "contains": "contains",
    "is": "is",
    "is_blank": "is empty",
    "is_set": "is not empty",
}
_PERIOD_WORDS = {"gte": "is on or after", "lte": "is on or before", "date_range": "is between"}
_ICONS = {
    "severity": "shield-alert",
    "status": "activity",
    "status_category": "activity",
    "incident_type": "flag",
    "team": "users",
    "creator": "users",
    "created_at": "calendar",
    "updated_at": "clock",
    "mode": "tag",
    "visibility": "lock",
}


@dataclasses.dataclass(frozen=True, slots=True)
class OperatorLink:
    """Another way to compare with the same values."""

    words: str
    url: str
    is_current: bool


@dataclasses.dataclass(frozen=True, slots=True)
class FilterChip:
    """One filter in three parts: field, operator and values, each of which can be changed."""

    key: str
    name: str
    label: str
    icon: str
    operator_words: str
    value_words: str
    remove_url: str
    operators: tuple[OperatorLink, ...]
    values: ValuesForm
    kept: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ValuesForm:
    """The fields in which the values of a filter are chosen or typed."""

    name: str
    kind: str
    choices: tuple[tuple[Choice, bool], ...]
    typed: str = ""
    is_single: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class MenuField:
    """One field of the menu that adds filters."""

    key: str
    label: str
    icon: str
    kind: str
    choices: Sequence[Choice]
    can_be_empty: bool
    facet: str = ""


def filter_chips(applied: Iterable[AppliedFilter], address: ListAddress) -> list[FilterChip]:
    """Return a chip for every filter but the text, which has its box, and the one that lets everything pass."""
    shown = [one for one in applied if one.field.kind is not Kind.SEARCH and not lets_all_pass(one, address)]
    return [_chip(one, address) for one in shown]


def menu_fields(fields: Iterable[FilterField], facets: Mapping[str, str]) -> list[MenuField]:
    """Return what the menu offers; `facets` names the fields whose values are counted when it opens."""
    return [
        MenuField(
            key=field.key,
            label=field.label,
            icon=icon_of(field),
            kind=field.kind.name.lower(),
            choices=field.choices,
            can_be_empty="is_blank" in field.conditions,
            facet=facets.get(field.key, ""),
        )
        for field in fields
    ]


def everything(address: ListAddress) -> ListAddress:
    """Return the address of all incidents: to name no filter at all would mean the open ones."""
    name, value = ANY_CATEGORY
    return address.with_values(name, [value])


def remove_url(address: ListAddress, name: str, filters: Iterable[str]) -> str:
    """Return the address without one filter; without the last one it is that of all incidents."""
    smaller = address.without(name)
    return smaller.url if set(filters) - {name} else everything(smaller).url


def described(one: AppliedFilter) -> str:
    """Return a filter as a sentence: Severity is at least Major."""
    return " ".join(filter(None, (one.field.label, operator_words(one), value_words(one))))


def operator_words(one: AppliedFilter) -> str:
    """Return how a filter compares."""
    if one.operator in BLANKNESS:
        return _OPERATOR_WORDS["is_blank" if one.value == (one.operator == "is_blank") else "is_set"]
    if one.operator in {"one_of", "not_in"} and len(one.value) == 1:
        return "is" if one.operator == "one_of" else "is not"
    return _words_of(one.field, one.operator)


def value_words(one: AppliedFilter) -> str:
    """Return the values of a filter as people read them; nothing where the operator says it all."""
    if one.operator in BLANKNESS:
        return ""
    if isinstance(one.value, Period):
        return one.value.label
    if isinstance(one.value, tuple):
        labels = [choice.label for choice in one.value]
        if len(labels) > MOST_NAMED:
            labels = [*labels[: MOST_NAMED - 1], f"{len(labels) - MOST_NAMED + 1} more"]
        return ", ".join(labels)
    return str(one.value)


def icon_of(field: FilterField) -> str:
    """Return the icon of a field."""
    if field.kind is Kind.PEOPLE:
        return "users"
    return _ICONS.get(field.key, "tag")


def lets_all_pass(one: AppliedFilter, address: ListAddress) -> bool:
    """Say whether a filter is the one that stands for no filter at all."""
    name, value = ANY_CATEGORY
    return one.name == name and address.query.getlist(name) == [value]


def _words_of(field: FilterField, operator: str) -> str:
    words = _PERIOD_WORDS if field.kind is Kind.PERIOD else _OPERATOR_WORDS
    return words.get(operator, _OPERATOR_WORDS[operator])


def _chip(one: AppliedFilter, address: ListAddress) -> FilterChip:
    written = address.query.getlist(one.name)
    others = [name for name in address.query if name not in {one.name} and ("[" in name or name == SEARCH)]
    values = _values_form(one, written)
    kept = tuple(pair for pair in address.pairs if pair[0] not in {one.name, values.name})
    return FilterChip(
        key=one.name,
        name=one.name,
        label=one.field.label,
        icon=icon_of(one.field),
        operator_words=operator_words(one),
        value_words=value_words(one),
        remove_url=remove_url(address, one.name, [*others, one.name]),
        operators=_operators(one, written, address),
        values=values,
        kept=kept,
    )


def _operators(one: AppliedFilter, written: list[str], address: ListAddress) -> tuple[OperatorLink, ...]:
    base = one.name.rpartition("[")[0]
    is_empty = one.operator in BLANKNESS and one.value == (one.operator == "is_blank")
    links = []
    for operator in one.field.conditions:
        values = _carried(one, operator, written)
        if not values:
            continue
        changed = address.with_values(f"{base}[{operator}]", values, instead_of=one.name)
        is_current = (
            operator == ("is_blank" if is_empty else "is_set")
            if one.operator in BLANKNESS
            else operator == one.operator
        )
        links.append(OperatorLink(_words_of(one.field, operator), changed.url, is_current))
    return tuple(links)


def _carried(one: AppliedFilter, operator: str, written: list[str]) -> list[str]:
    """Return the values that stay when the operator changes; none where the new one needs others."""
    if operator in BLANKNESS:
        return ["true"]
    if one.operator in BLANKNESS:
        return []
    if one.field.kind is Kind.PERIOD:
        return _carried_period(one.operator, operator, written[0])
    return written[:1] if operator in {"gte", "lte"} else written


def _carried_period(old: str, new: str, written: str) -> list[str]:
    first, _, last = written.partition("~") if old == "date_range" else (written, "", written)
    return [{"gte": first, "lte": last, "date_range": f"{first}~{last}"}[new]]


def _values_form(one: AppliedFilter, written: list[str]) -> ValuesForm:
    field, name = one.field, one.name
    is_blankness = one.operator in BLANKNESS
    if is_blankness:
        name = f"{name.rpartition('[')[0]}[{next(iter(field.conditions))}]"
    chosen = {choice.value: choice for choice in _chosen(one.value)}
    offered = {choice.value: choice for choice in field.choices} | chosen
    return ValuesForm(
        name=name,
        kind=field.kind.name.lower(),
        choices=tuple((choice, value in chosen) for value, choice in offered.items()),
        typed="" if is_blankness or not written else written[0],
        is_single=one.operator in {"gte", "lte"},
    )


def _chosen(value: Any) -> Iterable[Choice]:
    return value if isinstance(value, tuple) else ()
