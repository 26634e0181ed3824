"""The form of a person's own preferences."""

from __future__ import annotations

import zoneinfo

from django import forms

from incidents.models import User


def _zone_choices() -> list[tuple[str, str]]:
    """Return every zone by region, and first the one that follows the browser."""
    names = sorted(
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/")
    )
    return [("", "As this browser"), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class PreferencesForm(forms.ModelForm):
    """Name and time zone."""

    time_zone = forms.ChoiceField(choices=_zone_choices, required=False, label="Time zone")

    class Meta:
        model = User
        fields = ["name", "time_zone"]
