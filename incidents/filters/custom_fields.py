"""Filters on custom fields: what can be asked follows from the type of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from incidents.filters.fields import (
    Condition,
    FilterField,
    Kind,
    blankness,
    having,
    having_one_of,
    linked,
    stored,
)
from incidents.filters.values import Choice
from incidents.models import CustomField, CustomFieldEntry
from incidents.models.custom_field import Beginning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidents.filters.fields import Rows
    from incidents.models import Configuration


# Where a field has one value, it is the first. Said in the query, the database knows that each incident comes once.
_ONLY = 0


def custom_field(field: CustomField, configuration: Configuration) -> FilterField:
    """Return the filter of a custom field."""
    entries = CustomFieldEntry.objects.filter(custom_field=field.pk)
    kind, conditions = _kind_and_conditions(field, entries)
    return FilterField(
        key=f"custom_field[{field.slug}]",
        label=field.name,
        kind=kind,
        noun=field.name,
        choices=tuple(
            Choice(option.slug, option.value, option.pk, option.pk)
            for option in configuration.options[field.pk]
        ),
        catalog_type_id=field.catalog_type_id or "",
        conditions={**conditions, **blankness(entries)},
    )


def _kind_and_conditions(field: CustomField, entries: Rows) -> tuple[Kind, Mapping[str, Condition]]:
    if field.catalog_type_id:
        return Kind.CATALOG, _chosen("value_catalog_entry", entries)
    if field.is_select:
        # An option is of one field: its index alone tells which incidents have it.
        return Kind.CHOICES, _chosen("value_option", CustomFieldEntry.objects.all())
    if field.field_type == CustomField.FieldType.NUMERIC:
        return Kind.NUMBER, _compared(entries)
    column = "value_link" if field.field_type == CustomField.FieldType.LINK else "value_text"
    return Kind.TEXT, _written(column, entries)


def _chosen(column: str, entries: Rows) -> Mapping[str, Condition]:
    return {
        "one_of": lambda chosen: having_one_of(entries, column, stored(chosen)),
        "not_in": lambda chosen: Q(~linked(entries.filter(**{f"{column}__in": stored(chosen)}))),
    }


def _compared(entries: Rows) -> Mapping[str, Condition]:
    only = entries.filter(position=_ONLY)
    return {
        "is": lambda number: _in_order(only.filter(value_numeric=number)),
        "gte": lambda number: _in_order(only.filter(value_numeric__gte=number)),
        "lte": lambda number: _in_order(only.filter(value_numeric__lte=number)),
    }


def _written(column: str, entries: Rows) -> Mapping[str, Condition]:
    only = entries.filter(position=_ONLY)

    def contains(words: str) -> Q:
        # Databases fold the case of ASCII alone, so that other letters are asked for as people write them.
        spellings = Q()
        for spelling in {words, words.lower(), words.upper(), words.capitalize()}:
            spellings |= Q(**{f"{column}__icontains": spelling})
        return _in_order(entries.filter(spellings))

    def is_written(words: str) -> Q:
        begun = only.alias(beginning=Beginning(column)).filter(
            beginning=words[: Beginning.LENGTH], **{f"{column}__isnull": False}
        )
        # What is shorter than a beginning can be is the whole text.
        return _in_order(begun if len(words) < Beginning.LENGTH else begun.filter(**{column: words}))

    return {"contains": contains, "is": is_written}


def _in_order(entries: Rows) -> Q:
    """Keep the incidents of some entries of one field, which an index has in the order of incidents."""
    return having(entries, entries)
