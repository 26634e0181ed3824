"""The form of a person's own preferences."""

from __future__ import annotations

import zoneinfo
from functools import cache

from django import forms

from incidents.services.people import Preferences

THEME_CHOICES = [("", "System"), ("light", "Light"), ("dark", "Dark")]


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return every zone that is named after a place, and first the one that follows the browser."""
    names = sorted(name for name in zoneinfo.available_timezones() if _is_place(name))
    return [("", "As this browser"), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith("Etc/")


class PreferencesForm(forms.Form):
    """Name, time zone, theme and keys. The theme belongs to the browser, so a cookie keeps it."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(
        choices=zone_choices,
        required=False,
        label="Time zone",
        help_text="All times are shown in this zone.",
    )
    theme = forms.ChoiceField(choices=THEME_CHOICES, required=False, widget=forms.RadioSelect)
    shortcuts_enabled = forms.BooleanField(
        required=False, label="Single-key shortcuts: C declare, / search, J K move, U update, and others"
    )

    def to_preferences(self) -> Preferences:
        """Return what was chosen; the form must be valid."""
        data = self.cleaned_data
        return Preferences(data["name"], data["time_zone"], data["shortcuts_enabled"])
