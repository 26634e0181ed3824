"""The controls of custom fields, which each installation configures for itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms

from incidents import text
from incidents.models import CatalogEntry, Configuration, CustomField
from incidents.services.custom_fields import problem_key
from incidents.web.forms.widgets import ListedInput

MOST_BOXES = 8
Row = Any  # an option or a catalog entry: both have an id, a slug and a name


class AnswerField(forms.Field):
    """The values of one custom field as they were typed or chosen; the services know what they mean."""

    def __init__(self, custom_field: CustomField, *, named: Callable[[str], str], **options: Any) -> None:
        super().__init__(required=False, **options)
        self.custom_field = custom_field
        self.named = named

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the values that are not blank, in order."""
        values = value if isinstance(value, list | tuple) else [value]
        return tuple(str(one) for one in values if one is not None and str(one).strip())

    def prepare_value(self, value: Any) -> Any:
        """Return the values as the control offers them."""
        if isinstance(value, list | tuple):
            prepared = [self.named(str(one)) for one in value]
            is_multiple = getattr(self.widget, "allow_multiple_selected", False)
            return prepared if is_multiple else next(iter(prepared), "")
        return value if value is None else self.named(str(value))

    @property
    def is_wide(self) -> bool:
        """Whether the control takes a line of its own."""
        return isinstance(self.widget, forms.CheckboxSelectMultiple)


def answer_name(field: CustomField) -> str:
    """Return the name of a custom field's control, as in the list's filters."""
    return f"custom_field[{field.slug}]"


def answer_fields(fields: Iterable[CustomField], configuration: Configuration) -> dict[str, AnswerField]:
    """Return the controls by name; one query if a field is backed by a catalog."""
    fields = list(fields)
    entries: dict[str, list[Row]] = {field.catalog_type_id: [] for field in fields if field.catalog_type_id}
    if entries:
        for entry in CatalogEntry.objects.filter(catalog_type_id__in=list(entries)):
            entries[entry.catalog_type_id].append(entry)
    return {
        answer_name(field): _answer_field(
            field,
            entries[field.catalog_type_id] if field.catalog_type_id else configuration.options[field.pk],
        )
        for field in fields
    }


def refused_answers(fields: Mapping[str, AnswerField]) -> dict[str, str]:
    """Return the name of the control for each key under which the services report a problem."""
    return {problem_key(field.custom_field.pk): name for name, field in fields.items()}


def _answer_field(field: CustomField, rows: Iterable[Row]) -> AnswerField:
    offered: Collection[Row] = list(rows)
    slugs = {row.pk: row.slug for row in offered} | {row.slug: row.slug for row in offered}
    return AnswerField(
        field,
        named=lambda value: slugs.get(value.upper(), slugs.get(text.fold(value), value)),
        label=field.name,
        help_text=field.description,
        widget=_answer_widget(field, [(row.slug, row) for row in offered]),
    )


def _answer_widget(field: CustomField, choices: list[tuple[str, Row]]) -> forms.Widget:
    kind = CustomField.FieldType
    if field.field_type == kind.MULTI_SELECT:
        many = forms.SelectMultiple if len(choices) > MOST_BOXES else forms.CheckboxSelectMultiple
        return many(choices=choices)
    if field.field_type == kind.SINGLE_SELECT:
        return ListedInput(choices=choices)
    if field.field_type == kind.LINK:
        return forms.TextInput(attrs={"type": "url", "inputmode": "url"})
    if field.field_type == kind.NUMERIC:
        return forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.TextInput()
