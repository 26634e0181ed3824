"""The settings of the duplicate check: two marks on the score, and what happens at each door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from incidents.models import ApiKey, DuplicateSettings
from incidents.models.duplicate_settings import HIGHEST_SCORE, LOWEST_WARN_AT
from incidents.services.duplicate_settings import DuplicateSettingsEdit
from incidents.web.forms.base import WireForm

if TYPE_CHECKING:
    from django.http import QueryDict

_WHOLE = dict.fromkeys(("required", "invalid"), f"Enter a whole number, such as {LOWEST_WARN_AT + 20}.")
_CHOOSE_ONE = {"required": "Choose one.", "invalid_choice": "Choose one."}
_AT_API_KEY = (
    (ApiKey.SimilarPolicy.WARN, "Declare it, and tell"),
    (ApiKey.SimilarPolicy.REFUSE, "Refuse it"),
    (ApiKey.SimilarPolicy.ATTACH, "Add it to the open incident"),
)


class MarksForm(WireForm):
    """From which score somebody is warned, and from which they have to tick that theirs is another incident."""

    warn = forms.IntegerField(
        label="Warn from", min_value=LOWEST_WARN_AT, max_value=HIGHEST_SCORE, error_messages=_WHOLE
    )
    stop = forms.IntegerField(
        label="Ask for a tick from", min_value=LOWEST_WARN_AT, max_value=HIGHEST_SCORE, error_messages=_WHOLE
    )

    def __init__(self, data: QueryDict | None, *, settings: DuplicateSettings) -> None:
        super().__init__(data, initial={"warn": settings.warn_at, "stop": settings.stop_at})
        self.refused_by = {"warn_at": "warn", "stop_at": "stop"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "warn" in cleaned and "stop" in cleaned and cleaned["stop"] < cleaned["warn"]:
            self.add_error("stop", f"At least {cleaned['warn']}: nobody is asked without a warning.")
        return cleaned

    @property
    def marks(self) -> tuple[int, int]:
        """The two scores; the form must be valid."""
        return self.cleaned_data["warn"], self.cleaned_data["stop"]

    def to_edit(self) -> DuplicateSettingsEdit:
        """Return the change that is wanted; the form must be valid."""
        warn_at, stop_at = self.marks
        return DuplicateSettingsEdit(warn_at=warn_at, stop_at=stop_at)


class DoorsForm(WireForm):
    """What a likely duplicate does at each door but the form, which always asks."""

    admin_policy = forms.ChoiceField(
        choices=DuplicateSettings.AdminPolicy.choices,
        label="Admin",
        help_text="Incidents that administrators add by hand.",
        error_messages=_CHOOSE_ONE,
    )
    import_policy = forms.ChoiceField(
        choices=DuplicateSettings.ImportPolicy.choices,
        label="Import",
        help_text="Incidents of another tool.",
        error_messages=_CHOOSE_ONE,
    )
    alert_policy = forms.ChoiceField(
        choices=_AT_API_KEY,
        label="Alert sources",
        help_text="Where a source has no policy of its own.",
        error_messages=_CHOOSE_ONE,
    )
    api_key_policy = forms.ChoiceField(
        choices=_AT_API_KEY,
        label="New API keys",
        help_text="Each key can be given another one.",
        error_messages=_CHOOSE_ONE,
    )

    def __init__(self, data: QueryDict | None = None, *, settings: DuplicateSettings) -> None:
        super().__init__(data, initial={name: getattr(settings, name) for name in self.base_fields})

    def to_edit(self) -> DuplicateSettingsEdit:
        """Return the change that is wanted; the form must be valid."""
        return DuplicateSettingsEdit(**self.cleaned_data)
