"""What people change about themselves."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from incidents.text import NAME_LENGTH, TextError, clean_line

if TYPE_CHECKING:
    from incidents.models import User


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person is named, and how they see Tocsin."""

    name: str
    time_zone: str
    shortcuts_enabled: bool


def edit_preferences(user: User, preferences: Preferences) -> None:
    """Store a person's own preferences.

    Raises:
        ValidationError: by field name; then nothing is stored.
    """
    user.name = _checked_name(preferences.name)
    user.time_zone = _checked_zone(preferences.time_zone)
    user.shortcuts_enabled = preferences.shortcuts_enabled
    user.save(update_fields=["name", "time_zone", "shortcuts_enabled", "updated_at"])


def _checked_name(text: str) -> str:
    try:
        name = clean_line(text, limit=NAME_LENGTH)
    except TextError as error:
        raise ValidationError({"name": error.message}) from error
    if not name:
        raise ValidationError({"name": "Say how others should call you."})
    return name


def _checked_zone(name: str) -> str:
    if name and name not in zoneinfo.available_timezones():
        raise ValidationError({"time_zone": "Choose a time zone from the list."})
    return name
