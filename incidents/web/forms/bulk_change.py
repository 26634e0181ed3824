"""The form of a bulk change: what is set, with the control that a single incident has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from incidents import text
from incidents.models import BulkChange, StatusCategory
from incidents.services.custom_fields import problem_key
from incidents.web.forms.answers import answer_fields, answer_name
from incidents.web.forms.base import WireForm
from incidents.web.forms.fields import NounField, PersonField, TextField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from incidents.models import Configuration, CustomField
    from incidents.models.configuration import Noun, Nouns

CHOSEN, CUSTOM_FIELD = "chosen", "custom_field"
_Kind = BulkChange.Kind


class BulkChangeForm(WireForm):
    """One property and its value. Nothing is judged before `chosen` says that the value was looked at.

    A custom field is named first; its control follows. One query at most: people, or the entries of a catalog.
    """

    def __init__(self, data: QueryDict, *, kind: BulkChange.Kind, configuration: Configuration) -> None:
        self.given = data
        self.kind = kind
        self.configuration = configuration
        self.custom_field = self._named_field(data) if kind == _Kind.CUSTOM_FIELD else None
        self.is_chosen = bool(self.choice) and data.get(CHOSEN) == self.choice
        initial = {CUSTOM_FIELD: self.custom_field.slug if self.custom_field else ""}
        super().__init__(data if self.is_chosen else None, initial=initial)
        self.value_name = ""
        self._add_controls()
        self.fields["message"] = _message_field()

    @property
    def choice(self) -> str:
        """What the control on the page is for: the same word comes back with its value."""
        if self.kind != _Kind.CUSTOM_FIELD:
            return self.kind
        return self.custom_field.slug if self.custom_field else ""

    @property
    def field_id(self) -> str:
        """The id of the custom field, empty for other properties."""
        return self.custom_field.pk if self.custom_field else ""

    @property
    def controls(self) -> list[forms.BoundField]:
        """The controls in which the value is chosen."""
        return [self[name] for name in (CUSTOM_FIELD, self.value_name) if name in self.fields]

    @property
    def takes_message(self) -> bool:
        """Whether words may go along: an update tells of a status or a severity."""
        return self.kind in {_Kind.STATUS, _Kind.SEVERITY}

    @property
    def has_value(self) -> bool:
        """Whether a value was chosen that can be shown, whatever is wrong with the words that go along."""
        return self.is_bound and self.value_name not in self.errors

    @property
    def values(self) -> tuple[str, ...]:
        """What was chosen, as the services take it; `has_value` must hold."""
        chosen = self.cleaned_data[self.value_name]
        if isinstance(chosen, tuple):
            return chosen
        pk = getattr(chosen, "pk", chosen)
        return (str(pk),) if pk else ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the page sends once more to start the change that it shows."""
        names = (CUSTOM_FIELD, self.value_name)
        kept = [(name, value) for name in names if name for value in self.given.getlist(name)]
        return [("kind", self.kind), (CHOSEN, self.choice), *kept]

    def _named_field(self, data: QueryDict) -> CustomField | None:
        return self.configuration.custom_fields.find(data.get(CUSTOM_FIELD, ""))

    def _add_controls(self) -> None:
        configuration = self.configuration
        if self.kind == _Kind.STATUS:
            offered = (
                row for row in configuration.incident_statuses if row.category != StatusCategory.MERGED
            )
            self._add("incident_status", _noun_field(configuration.incident_statuses, offered, "Status"))
            self.refused_by = {"incident_status_id": self.value_name}
        elif self.kind == _Kind.SEVERITY:
            worst_first = reversed(configuration.severities.rows)
            self._add("severity", _noun_field(configuration.severities, worst_first, "Severity"))
            self.refused_by = {"severity_id": self.value_name}
        elif self.kind == _Kind.LEAD:
            label = str(configuration.lead_role or "Lead")
            self._add("assignee", PersonField(required=False, label=label, blank="Nobody"))
            self.refused_by = {"incident_role_assignments": self.value_name}
        else:
            self._add_custom_field()

    def _add_custom_field(self) -> None:
        fields = self.configuration.custom_fields
        self.fields[CUSTOM_FIELD] = _noun_field(fields, fields, "Field")
        if self.custom_field is None:
            return
        name = answer_name(self.custom_field)
        control = answer_fields([self.custom_field], self.configuration)[name]
        control.label = "Value"
        control.help_text = f"{self.custom_field.description} Leave it empty to clear the field.".strip()
        self._add(name, control)
        self.refused_by = {problem_key(self.custom_field.pk): name, "custom_field_entries": name}

    def _add(self, name: str, control: forms.Field) -> None:
        self.value_name = name
        self.fields[name] = control


def _message_field() -> forms.Field:
    # Another choice draws the page anew, and keeps what is typed here.
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": text.MESSAGE_LENGTH, "hx-preserve": True})
    return TextField(
        limit=text.MESSAGE_LENGTH,
        required=False,
        label="Update",
        help_text="Shared with each incident that changes.",
        widget=widget,
    )


def _noun_field(nouns: Nouns, offered: Iterable[Noun], label: str) -> NounField:
    field = NounField(
        nouns=nouns,
        label=label,
        error_messages={"required": f"Choose a {label.lower()}."},
    )
    rows = [(row.slug, row) for row in offered]
    field.choices = [("", f"Choose a {label.lower()}"), *rows]
    return field
