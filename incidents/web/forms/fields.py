"""Form fields for what incidents are made of: text, configured rows, people and moments."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from incidents import text
from incidents.models import User
from incidents.models.configuration import Noun, Nouns
from incidents.models.ulid import is_ulid
from incidents.web.forms.widgets import ListedInput

EMAIL_LENGTH = 254


class LineField(forms.CharField):
    """One line of text through the text gate."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        """Return the line as the services would store it."""
        return self.gate(super().to_python(value) or "")

    def gate(self, typed: str) -> str:
        try:
            return self.clean_typed(typed)
        except text.TextError as error:
            raise ValidationError(error.message, code=error.code) from error

    def clean_typed(self, typed: str) -> str:
        return text.clean_line(typed, limit=self.limit)


class TextField(LineField):
    """Text with its lines through the text gate."""

    widget = forms.Textarea

    def clean_typed(self, typed: str) -> str:
        return text.clean_text(typed, limit=self.limit)


class NounField(forms.ChoiceField):
    """A choice among configured rows, which an id or a slug names. Its value is the row, or None.

    A choice's label is the row too, so that a template can draw more of it than its name.
    """

    default_error_messages = {"invalid_choice": "There is no such choice. Choose one from the list."}

    def __init__(self, *, nouns: Nouns[Any], offered: Iterable[Noun] | None = None, **options: Any) -> None:
        self.nouns = nouns
        super().__init__(
            choices=[(row.slug, row) for row in (nouns if offered is None else offered)], **options
        )

    def to_python(self, value: Any) -> Noun | None:
        """Return the row that was named.

        Raises:
            ValidationError: there is none.
        """
        if value in self.empty_values:
            return None
        row: Noun | None = self.nouns.find(str(value))
        if row is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return row

    def validate(self, value: Any) -> None:
        """Judge only whether anything was chosen: to_python found the row."""
        forms.Field.validate(self, value)

    def prepare_value(self, value: Any) -> Any:
        """Return the slug of what is chosen, so that its option is marked."""
        row = self.nouns.find(value) if isinstance(value, str) else value
        return getattr(row, "slug", value)


class PersonField(forms.CharField):
    """An active person, named by id or e-mail. Its value is the id, or None.

    The people are read when the control is drawn: one query.
    """

    default_error_messages = {"unknown": "Nobody here has this e-mail. Choose a person from the list."}

    def __init__(self, *, blank: str = "Nobody yet", **options: Any) -> None:
        self.people = SimpleLazyObject(_people)
        super().__init__(widget=ListedInput(choices=self.people, blank=blank), **options)

    def clean(self, value: Any) -> str | None:
        """Return the person's id; at most one query.

        Raises:
            ValidationError: there is no such person, or they left.
        """
        named = str(value or "").strip()
        person_id = person_named(named) if named and is_storable(named) else None
        if named and person_id is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if self.required and person_id is None:
            raise ValidationError(self.error_messages["required"], code="required")
        return person_id

    def prepare_value(self, value: Any) -> Any:
        """Return the e-mail of a person who is named by id."""
        return next((email for email, person in self.people if person.pk == value), value) if value else value


class MomentField(forms.Field):
    """A moment, typed in the person's zone to the minute. Its value is aware and in UTC, or None.

    An hour that the clocks repeat means its first run; an offset that is written out is kept to.
    """

    widget = forms.DateTimeInput
    default_error_messages = {
        "invalid": "Enter a date and a time, such as 23 Nov 2026, 13:05.",
        "skipped": "The clocks skipped this time. Choose another one.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "datetime-local"}), **options)

    def to_python(self, value: Any) -> datetime.datetime | None:
        """Return the moment in UTC.

        Raises:
            ValidationError: it is none, or does not exist in the zone.
        """
        if value in self.empty_values:
            return None
        try:
            moment = datetime.datetime.fromisoformat(str(value).strip())
            zone = moment.tzinfo or timezone.get_current_timezone()
            in_utc = moment.replace(tzinfo=zone).astimezone(datetime.UTC)
            is_real = in_utc.astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not is_real:
            raise ValidationError(self.error_messages["skipped"], code="skipped")
        return in_utc

    def prepare_value(self, value: Any) -> Any:
        """Return the moment as the control wants it: in the person's zone, without saying which."""
        if isinstance(value, datetime.datetime):
            return value.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%dT%H:%M")
        return value


def is_storable(typed: str) -> bool:
    """Say whether a database can be asked about a text at all."""
    try:
        text.clean_line(typed, limit=EMAIL_LENGTH)
    except text.TextError:
        return False
    return True


def person_named(named: str) -> str | None:
    """Return the id of the active person whose id or e-mail this is; one query."""
    found = User.objects.filter(is_active=True)
    key = named.upper()
    found = found.filter(pk=key) if is_ulid(key) else found.filter(email=named.lower())
    return found.values_list("pk", flat=True).first()


def zone_words() -> str:
    """Return the short name of the zone in which moments are typed: GMT, CEST, UTC+03."""
    name = datetime.datetime.now(timezone.get_current_timezone()).tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def _people() -> list[tuple[str, User]]:
    return [(person.email, person) for person in User.objects.filter(is_active=True).only("email", "name")]
