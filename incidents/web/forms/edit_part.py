"""The parts of the edit form."""

from __future__ import annotations

import dataclasses

from django import forms


@dataclasses.dataclass(frozen=True, slots=True)
class FormPart:
    """One part of the form, as the list beside it names it."""

    slug: str
    title: str
    icon: str
    fields: tuple[forms.BoundField, ...]

    @property
    def wide_fields(self) -> list[forms.BoundField]:
        """The fields that take a line of their own, which come first."""
        return [field for field in self.fields if _is_wide(field)]

    @property
    def narrow_fields(self) -> list[forms.BoundField]:
        """The fields that stand in pairs."""
        return [field for field in self.fields if not _is_wide(field)]

    @property
    def error_count(self) -> int:
        """How many of its fields need another look."""
        return sum(bool(field.errors) for field in self.fields)


def _is_wide(field: forms.BoundField) -> bool:
    widget = field.field.widget
    return field.name == "name" or isinstance(widget, forms.Textarea | forms.CheckboxSelectMultiple)
