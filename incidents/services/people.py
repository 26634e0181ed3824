"""What people change about themselves, and administrators about people."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from incidents.models import Actor, User
from incidents.services.errors import require_administrator
from incidents.text import NAME_LENGTH, TextError, clean_line


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


def save_person(person: User, actor: Actor) -> None:
    """Store a person whom an administrator adds or changes; one administrator always stays.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: by field name; then nothing is stored.
    """
    require_administrator(actor)
    person.email = person.email.lower()
    person.name = _checked_name(person.name)
    person.time_zone = _checked_zone(person.time_zone)
    with transaction.atomic():
        if not person.is_administrator:
            _refuse_to_lose_the_last_administrator(person)
        person.save()
        # An address that is no longer theirs must not receive links that set their password.
        EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()


def _refuse_to_lose_the_last_administrator(person: User) -> None:
    # Locked, so that two administrators cannot step down at once.
    administrators = User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True).select_for_update()
    if {administrator.pk for administrator in administrators.order_by("pk")} == {person.pk}:
        raise ValidationError({"role": "This is the last administrator. Make somebody else one first."})


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
