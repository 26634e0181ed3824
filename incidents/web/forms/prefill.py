"""A form that an address fills in, so that runbooks and alerts can link to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from incidents.models import Configuration
from incidents.services.custom_fields import clean_custom_fields
from incidents.services.errors import Problems
from incidents.web.forms.answers import AnswerField, answer_name
from incidents.web.forms.declare import DeclareForm
from incidents.web.forms.fields import LineField, MomentField

_CUSTOM_FIELD = re.compile(r"custom_field\[(.*)\]\Z", re.DOTALL)
_NEVER_FILLED = frozenset({"idempotency_key", "separate_from", "separate_reason"})
_NOTE_LENGTH = 60
_NOTE_LIMIT = 5


def prefilled_form(query: QueryDict, configuration: Configuration) -> tuple[DeclareForm, list[str]]:
    """Return the form with what the address says, and a note for each value that was left out."""
    blank = DeclareForm(configuration=configuration)
    initial: dict[str, Any] = {}
    notes = []
    for key in query:
        name = _name(key, configuration)
        field = blank.fields.get(name)
        values = [value for value in query.getlist(key) if value.strip()]
        if not values or name in _NEVER_FILLED or (field is None and not _CUSTOM_FIELD.match(name)):
            continue
        try:
            initial[name] = _read(field, values, configuration)
        except ValidationError:
            notes.append(_note(str(field.label) if field else name, values))
    return DeclareForm(configuration=configuration, initial=initial), notes[:_NOTE_LIMIT]


def restored_form(values: Mapping[str, Sequence[str]], configuration: Configuration) -> DeclareForm:
    """Return the form with what a draft kept of it: every control as it was, also where it was wrong."""
    blank = DeclareForm(configuration=configuration)
    initial = {
        name: list(given) if isinstance(blank.fields[name], AnswerField) else given[-1]
        for name, given in values.items()
        if name in blank.fields and given
    }
    return DeclareForm(configuration=configuration, initial=initial)


def _name(key: str, configuration: Configuration) -> str:
    """Return the name of the control; a custom field may be named by its id, too."""
    if match := _CUSTOM_FIELD.match(key):
        field = configuration.custom_fields.find(match[1])
        return answer_name(field) if field else key
    return key


def _read(field: forms.Field | None, values: list[str], configuration: Configuration) -> object:
    """Return what the control begins with.

    Raises:
        ValidationError: the control could not hold it.
    """
    if field is None:
        raise ValidationError("There is no such control.")
    if isinstance(field, LineField):
        # Text stays as it is, whatever it holds: the form tells on submit what is wrong with it.
        return values[-1]
    if isinstance(field, AnswerField):
        problems = Problems()
        clean_custom_fields({field.custom_field.pk: field.clean(values)}, configuration, problems)
        problems.raise_if_any()
        return values
    cleaned = field.clean(values[-1])
    return cleaned if isinstance(field, MomentField) else values[-1]


def _note(label: str, values: list[str]) -> str:
    said = ", ".join(values)
    shown = said if len(said) <= _NOTE_LENGTH else f"{said[:_NOTE_LENGTH]}…"
    return f"{label[:_NOTE_LENGTH]}: “{shown}”"
