"""What the terms of the search box mean: each a filter of the address, or a message that says what is wrong with it."""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import re
from typing import TYPE_CHECKING

from incidents.filters.fields import FilterField, Kind
from incidents.filters.values import shown
from incidents.text import fold, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incidents.filters.search_language import SearchTerm
    from incidents.filters.values import Choice

IS, NO, HAS = "is", "no", "has"
_OPERATORS = {"": "", "=": "is", ">=": "gte", "<=": "lte", ">": "gte", "<": "lte"}
_OPPOSITES = {"is_blank": "is_set", "is_set": "is_blank"}
_AGO = re.compile(r"(\d{1,4})([hdw])\Z")
_AGO_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_RANGE = re.compile(r"(\S+?)(?:\.\.|~)(\S+)\Z")
_NEVER_CLOSE = 0.6


class TermError(ValueError):
    """A term means nothing here; the message says why, for the person who typed it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Meaning:
    """A filter as the address writes it."""

    name: str
    values: tuple[str, ...]


class TermMeanings:
    """Translates terms by the fields of an installation, for a reader's days."""

    def __init__(
        self, fields: Mapping[str, FilterField], now: datetime.datetime, zone: datetime.tzinfo
    ) -> None:
        self.fields = fields
        self.names = field_names(fields.values())
        self.now = now
        self.zone = zone

    def meaning(self, term: SearchTerm) -> Meaning:
        """Return the filter that a term means.

        Raises:
            TermError: there is no such field or value, or the field cannot be compared like this.
        """
        if fold(term.key) in {NO, HAS}:
            return self._blankness(term)
        if fold(term.key) == IS:
            return self._whatever_is(term)
        field = self._field(term.key)
        if field.kind is Kind.PERIOD:
            return self._period(field, term)
        if term.comparison:
            return self._compared(field, term)
        if field.kind is Kind.CHOICES:
            return self._chosen(self._category_or(field, term), term)
        first = next(iter(field.conditions))
        return Meaning(f"{field.name}[{_signed(first, field, term)}]", term.values)

    def _field(self, key: str) -> FilterField:
        field = self.names.get(fold(key))
        if field is None:
            hint = _nearest(fold(key), [*self.names, IS, NO, HAS])
            raise TermError(f"There is no field “{shown(key)}”.{hint}")
        return field

    def _blankness(self, term: SearchTerm) -> Meaning:
        if len(term.values) != 1:
            raise TermError(f"Name one field in “{shown(str(term))}”.")
        field = self._field(term.values[0])
        operator = "is_blank" if fold(term.key) == NO else "is_set"
        if term.is_negative:
            operator = _OPPOSITES[operator]
        if operator not in field.conditions:
            raise TermError(f"{field.label} cannot be asked for as empty.")
        return Meaning(f"{field.name}[{operator}]", ("true",))

    def _whatever_is(self, term: SearchTerm) -> Meaning:
        """Return the filter of the first field that knows the values: `is:private`, `is:open`, `is:test`."""
        fields = sorted(self.fields.values(), key=lambda field: field.key != "status_category")
        for field in fields:
            if field.kind is Kind.CHOICES and all(field.find(value) for value in term.values):
                return self._chosen(field, term)
        known = [choice.value for field in fields for choice in field.choices]
        named = ", ".join(shown(value) for value in term.values)
        raise TermError(f"Incidents are never “{named}”.{_nearest(fold(term.values[0]), known)}")

    def _category_or(self, field: FilterField, term: SearchTerm) -> FilterField:
        """A status that is called like a category means the category: it holds the status, and more like it."""
        category = self.fields.get("status_category")
        if field.key == "status" and category and all(category.find(value) for value in term.values):
            return category
        return field

    def _chosen(self, field: FilterField, term: SearchTerm) -> Meaning:
        for value in term.values:
            if not field.find(value):
                category = self.fields.get("status_category") if field.key == "status" else None
                raise TermError(_no_choice(field, value, _known(category) if category else ()))
        if term.is_negative and "not_in" not in field.conditions:
            left_out = {choice.value for value in term.values for choice in field.find(value)}
            others = tuple(choice.value for choice in field.choices if choice.value not in left_out)
            if not others:
                raise TermError(f"“{shown(str(term))}” leaves nothing of {field.label}.")
            return Meaning(f"{field.name}[one_of]", others)
        return Meaning(f"{field.name}[{_signed('one_of', field, term)}]", tuple(map(fold, term.values)))

    def _compared(self, field: FilterField, term: SearchTerm) -> Meaning:
        operator = _OPERATORS[term.comparison]
        if operator == "is" and "is" not in field.conditions:
            return self.meaning(dataclasses.replace(term, comparison=""))
        if operator not in field.conditions or term.is_negative or len(term.values) != 1:
            raise TermError(f"{field.label} cannot be compared as in “{shown(str(term))}”.")
        value = term.values[0]
        if field.kind is Kind.CHOICES:
            value = _next_choice(field, value, term.comparison)
        elif term.comparison in {"<", ">"}:
            raise TermError(f"Compare {field.label} with {term.comparison}=.")
        return Meaning(f"{field.name}[{operator}]", (value,))

    def _period(self, field: FilterField, term: SearchTerm) -> Meaning:
        if term.is_negative or len(term.values) != 1:
            raise TermError(f"{field.label} takes one date, without a minus.")
        value = term.values[0]
        ago = _AGO.match(value)
        if ago:
            return self._ago(field, term, ago)
        if term.comparison in {"", "="}:
            first, last = _RANGE.match(value).groups() if _RANGE.match(value) else (value, value)  # type: ignore[union-attr]
            return Meaning(f"{field.name}[date_range]", (f"{first}~{last}",))
        moved = {">": 1, "<": -1}.get(term.comparison, 0)
        return Meaning(f"{field.name}[{_OPERATORS[term.comparison]}]", (_moved_day(value, moved),))

    def _ago(self, field: FilterField, term: SearchTerm, ago: re.Match[str]) -> Meaning:
        """`<7d` is less than seven days ago, so at or after that moment."""
        unit = _AGO_UNITS[ago[2]]
        moment = (self.now - datetime.timedelta(**{unit: int(ago[1])})).astimezone(self.zone)
        written = moment.strftime("%Y-%m-%dT%H:%M") if unit == "hours" else moment.date().isoformat()
        operator = "lte" if term.comparison in {">", ">="} else "gte"
        return Meaning(f"{field.name}[{operator}]", (written,))


def field_names(fields: Iterable[FilterField]) -> Mapping[str, FilterField]:
    """Return the fields by every name they have in the search box; the first name of a field is the one to show."""
    names: dict[str, FilterField] = {}
    ordered = list(fields)
    for field in ordered:
        names.setdefault(_short_name(field), field)
    for field in ordered:
        for name in (_item_of(field.key), field.key, slug(field.label)):
            names.setdefault(name, field)
    return names


def _short_name(field: FilterField) -> str:
    """`incident_role[lead]` is `lead`, `incident_type` is `type`, `created_at` is `created`."""
    name, bracket, _ = field.name.partition("[")
    if bracket:
        return _item_of(field.name)
    if name == "status_category":
        return slug(field.label)
    return name.removeprefix("incident_").removesuffix("_at")


def _item_of(key: str) -> str:
    return key.partition("[")[2].rstrip("]") or key


def _signed(operator: str, field: FilterField, term: SearchTerm) -> str:
    if not term.is_negative:
        return operator
    if operator == "one_of" and "not_in" in field.conditions:
        return "not_in"
    raise TermError(f"{field.label} cannot be left out by a minus.")


def _known(field: FilterField) -> list[str]:
    return [*(choice.value for choice in field.choices), *field.words]


def _no_choice(field: FilterField, value: str, others: Sequence[str] = ()) -> str:
    known = [*_known(field), *others]
    hint = _nearest(fold(value), known)
    if not hint and len(known) <= 8:
        hint = f" There are: {', '.join(known)}."
    return f"There is no {field.noun} “{shown(value)}”.{hint}"


def _nearest(written: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(written[:50], known, n=1, cutoff=_NEVER_CLOSE)
    return f" Did you mean {found[0]}?" if found else ""


def _next_choice(field: FilterField, value: str, comparison: str) -> str:
    """Return the choice itself, or for > and < the next one in that direction."""
    found = field.find(value)
    if not found:
        raise TermError(_no_choice(field, value))
    if comparison in {">=", "<="}:
        return found[0].value
    is_up = comparison == ">"
    ordered: list[Choice] = sorted(field.choices, key=lambda choice: choice.stored, reverse=not is_up)
    beyond = [
        one for one in ordered if (one.stored > found[0].stored) == is_up and one.stored != found[0].stored
    ]
    if not beyond:
        raise TermError(f"No {field.noun} is {'above' if is_up else 'below'} {found[0].label}.")
    return beyond[0].value


def _moved_day(value: str, days: int) -> str:
    """Return the day after or before: `>2026-11-01` leaves that day out. What is no day stays, and is refused later."""
    try:
        return (
            (datetime.date.fromisoformat(value) + datetime.timedelta(days=days)).isoformat()
            if days
            else value
        )
    except (ValueError, OverflowError):
        return value
