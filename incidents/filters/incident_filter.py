"""The one filter of incidents, for pages, exports and the API alike."""

from __future__ import annotations

import dataclasses
import functools
import operator
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q
from django.utils.functional import cached_property

from incidents.filters.fields import Kind, stored
from incidents.filters.named import Named, find_bulk_change
from incidents.filters.parameters import BULK_CHANGE, Parameter, is_filter, read_parameter
from incidents.filters.values import (
    MOST_VALUES,
    ChoicesField,
    LineField,
    NumberField,
    ParameterField,
    PeriodField,
    PeriodRangeField,
    RefusedField,
    SearchField,
    YesNoField,
)
from incidents.models.incident_conditions import IsInDefaultModes
from incidents.models.search_index import search_condition

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.utils.datastructures import MultiValueDict

    from incidents.filters.fields import FilterField
    from incidents.models import Actor, Configuration
    from incidents.models.incident_queryset import IncidentQuerySet

    Data = MultiValueDict[str, str]

MOST_FILTERS = 30
# Who names the mode, or the very incidents, means them.
_OF_EVERY_MODE = ("mode", BULK_CHANGE)
_PLAIN_FIELDS = {Kind.NUMBER: NumberField, Kind.TEXT: LineField, Kind.SEARCH: SearchField}


class ParameterFilter(django_filters.Filter):
    """One parameter of the address, as django-filter applies it."""

    def __init__(self, parameter: Parameter, form_field: ParameterField) -> None:
        super().__init__(label=parameter.field.label if parameter.field else parameter.name)
        self.parameter = parameter
        self._field = form_field

    def applied(self, value: Any) -> AppliedFilter:
        """Return what the parameter asks for, given what its values mean."""
        field, operator = self.parameter.field, self.parameter.operator
        assert field is not None  # noqa: S101 - a parameter without a field has a RefusedField
        return AppliedFilter(self.parameter.name, field, operator, value, field.conditions[operator](value))


@dataclasses.dataclass(frozen=True, slots=True)
class AppliedFilter:
    """A filter that holds: the parameter, and what its values mean."""

    name: str
    field: FilterField
    operator: str
    value: Any
    condition: Q


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """How the parameters are meant: whose days they name, and whether one filter is enough.

    With `days_are_instants`, "at most 2021-01-02" ends as that day begins (incident.io API V2, "created_at").
    """

    zone: datetime.tzinfo
    is_any_enough: bool = False
    days_are_instants: bool = False


class IncidentFilter(django_filters.FilterSet):
    """Narrows incidents by the parameters of an address, in the grammar of the incident.io API.

    Only the filters that the data names are built. What cannot be read is in `errors`, by parameter, and then there are no
    `incidents`. Tests and tutorials are left out unless `mode` asks for them. One query looks up the people and the
    catalog entries that the data names; none where it names nobody but `me`. One more looks up a bulk change.
    """

    def __init__(
        self,
        data: Data,
        visible: IncidentQuerySet,
        *,
        actor: Actor,
        configuration: Configuration,
        grammar: Grammar,
    ) -> None:
        super().__init__(data, visible)
        self.visible = visible
        self.actor = actor
        self.configuration = configuration
        self.grammar = grammar
        parameters = [read_parameter(name, configuration) for name in given_names(data, configuration)]
        named = self._find_named(parameters[:MOST_FILTERS], data)
        for place, parameter in enumerate(parameters, 1):
            self.filters[parameter.name] = ParameterFilter(
                parameter, self._form_field(place, parameter, named)
            )

    @cached_property
    def incidents(self) -> IncidentQuerySet:
        """The incidents that meet every filter; none of them if one filter cannot be read."""
        return self.visible.none() if self.errors else self.meeting(self.applied)

    def filter_queryset(self, queryset: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """Return the incidents, for those who ask as django-filter does."""
        return self.incidents

    def meeting(self, applied: Sequence[AppliedFilter]) -> IncidentQuerySet:
        """Return the incidents that meet some of the filters, and the default modes if none is about the mode or a bulk change."""
        conditions = [_narrowed(one, applied, self.grammar) for one in applied]
        if conditions and self.grammar.is_any_enough:
            conditions = [functools.reduce(operator.or_, conditions)]
        if not any(one.field.key in _OF_EVERY_MODE for one in applied):
            conditions.append(Q(IsInDefaultModes()))
        return self.visible.filter(*conditions)

    @cached_property
    def applied(self) -> tuple[AppliedFilter, ...]:
        """The filters that could be read, in the order of the data."""
        self.form.is_valid()
        return tuple(
            filter_.applied(self.form.cleaned_data[name])
            for name, filter_ in self.filters.items()
            if isinstance(filter_, ParameterFilter) and name in self.form.cleaned_data
        )

    def _form_field(self, place: int, parameter: Parameter, named: Named) -> ParameterField:
        if place > MOST_FILTERS:
            return RefusedField(f"Use at most {MOST_FILTERS} filters at a time.")
        field = parameter.field
        if field is None:
            return RefusedField(parameter.problem)
        if parameter.operator in {"is_blank", "is_set"}:
            return YesNoField()
        if field.kind is Kind.PERIOD:
            return self._period_field(parameter.operator)
        if field.kind in _PLAIN_FIELDS:
            return _PLAIN_FIELDS[field.kind]()
        return self._choices_field(field, parameter.operator, named)

    def _choices_field(self, field: FilterField, operator_name: str, named: Named) -> ChoicesField:
        if field.kind is Kind.PEOPLE:
            return ChoicesField(field.noun, named.person)
        if field.kind is Kind.CATALOG:
            return ChoicesField(field.noun, lambda text: named.entry(field.catalog_type_id, text))
        if field.kind is Kind.BULK_CHANGES:
            find = functools.partial(find_bulk_change, actor=self.actor)
            return ChoicesField(field.noun, find, is_repeatable=False)
        return ChoicesField(field.noun, field.find, is_repeatable=operator_name not in {"gte", "lte"})

    def _period_field(self, operator_name: str) -> PeriodField:
        if operator_name == "date_range":
            return PeriodRangeField(self.grammar.zone)
        return PeriodField(self.grammar.zone, days_are_instants=self.grammar.days_are_instants)

    def _find_named(self, parameters: list[Parameter], data: Data) -> Named:
        people: list[str] = []
        entries: list[tuple[str, str]] = []
        for parameter in parameters:
            if parameter.field is None or parameter.operator in {"is_blank", "is_set"}:
                continue
            texts = data.getlist(parameter.name)[:MOST_VALUES]
            if parameter.field.kind is Kind.PEOPLE:
                people += texts
            elif parameter.field.kind is Kind.CATALOG:
                entries += [(parameter.field.catalog_type_id, written) for written in texts]
        return Named.find(people, entries, self.actor)


def _narrowed(one: AppliedFilter, applied: Sequence[AppliedFilter], grammar: Grammar) -> Q:
    """Return the condition of a filter; a search is told the categories that are asked for, which its index knows."""
    if one.field.kind is not Kind.SEARCH or grammar.is_any_enough:
        return one.condition
    for other in applied:
        if other.field.key == "status_category" and other.operator == "one_of":
            return search_condition(one.value, stored(other.value))
    return one.condition


def given_names(data: Data, configuration: Configuration) -> list[str]:
    """Return the parameters that ask for a filter; one whose values are all blank asks for nothing."""
    return [
        name
        for name, texts in data.lists()
        if is_filter(name, configuration) and any(written.strip() for written in texts)
    ]
