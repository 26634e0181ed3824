"""What the nouns of the configuration have in common in the admin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from incidents import text
from incidents.admin.refusals import RefusableAdmin, RefusableForm, actor_of
from incidents.services.configuration import delete_noun, save_noun, touch_configuration
from incidents.services.usage import need_of, usage_of

LARGEST_RANK = 32_767
_CONSTRAINT = re.compile(r"Constraint “(\w+)” is violated")
# Where a rule of the database lies between rows or columns, Django knows only its name.
_BROKEN: Mapping[str, tuple[str, str]] = {
    "custom_field_catalog_is_select": ("catalog_type", "Only a select takes its values from a catalog."),
    "duration_metric_two_timestamps": ("to_timestamp", "Choose another timestamp than the one it starts at."),
    "incident_role_one_lead_one_reporter": ("role_type", "There is a role of this type already."),
}
# A new default takes the place of the one before: save_noun sees to it.
_MADE_WAY = {"duration_metric_one_headline", "incident_type_one_default"}


class NounForm(RefusableForm):
    """Text passes the text gate, ranks stay within what both databases hold, rules are told in words."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and name in self.fields:
                self._pass_gate(name, value, cleaned)
            elif isinstance(value, int) and value > LARGEST_RANK:
                self.add_error(name, f"Enter a number up to {LARGEST_RANK:,}.")
        return {name: value for name, value in cleaned.items() if name not in self.errors}

    def _pass_gate(self, name: str, value: str, cleaned: dict[str, Any]) -> None:
        has_lines = isinstance(self.fields[name].widget, forms.Textarea)
        clean = text.clean_text if has_lines else text.clean_line
        try:
            cleaned[name] = clean(value, limit=text.SUMMARY_LENGTH)
        except text.TextError as error:
            self.add_error(name, error.message)
            return
        if self.fields[name].required and not cleaned[name]:
            self.add_error(name, "Use at least one letter or digit that can be seen.")

    def _update_errors(self, errors: ValidationError) -> None:
        told = errors.error_dict if hasattr(errors, "error_dict") else {}
        kept: dict[str, list[ValidationError]] = {}
        for name, problems in told.items():
            for problem in problems:
                field, clear = _in_words(name, problem)
                if clear is not None:
                    kept.setdefault(field, []).append(clear)
        if kept:
            super()._update_errors(ValidationError(kept))  # type: ignore[misc]  # Django's own, without a stub


def _in_words(field: str, problem: ValidationError) -> tuple[str, ValidationError | None]:
    found = _CONSTRAINT.search(" ".join(problem.messages))
    if found is None:
        return field, problem
    if found[1] in _MADE_WAY:
        return field, None
    field, message = _BROKEN.get(found[1], (field, "This does not go together. Check the values."))
    return field, ValidationError(message)


class NounAdmin(RefusableAdmin):
    """Saves and removes through the configuration service."""

    form = NounForm

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        save_noun(obj, actor_of(request))

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        touch_configuration()

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            delete_noun(row, actor_of(request))
        for row in rows:
            save_noun(row, actor_of(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_noun(obj, actor_of(request))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Django would load every incident that refers to the row: say which kinds of rows do instead."""
        used = [f"{one}: used by {kind}" for one in objs for kind in usage_of(one)]
        needed = [reason for one in objs if (reason := need_of(one))]
        return [str(one) for one in objs], {}, set(), [*used, *needed]

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            self.message_user(request, "Somebody used it meanwhile, so it stays.", level=messages.ERROR)
            return redirect(request.path)


def refuse_used(form: forms.ModelForm) -> None:
    """Refuse to remove a row of a formset that something refers to; Django would load all that does."""
    if not form.cleaned_data.get("DELETE") or form.instance._state.adding:
        return
    if kinds := usage_of(form.instance):
        form.add_error(None, f"“{form.instance}” is used by {', '.join(kinds)}: it stays.")
        # Formsets pass over the errors of rows that are to be removed.
        form.cleaned_data["DELETE"] = False
