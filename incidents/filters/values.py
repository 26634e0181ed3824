"""What the values of a filter may be, as form fields: each reads the texts of one parameter or says what is wrong."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from incidents import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_VALUES = 50
SEARCH_LENGTH = 200
_SHOWN_LENGTH = 50
_RANGE_SIGN = "~"
_MILLISECOND = datetime.timedelta(milliseconds=1)
# The digits that the column holds: 11 before and 4 behind the point.
_NUMBER = re.compile(r"[-+]?\d{1,11}(?:\.\d{1,4})?\Z", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose: as addresses name it, as people read it, as the database stores it, and its id."""

    value: str
    label: str
    stored: Any
    id: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """A span of time, from its first instant up to the first that no longer belongs to it."""

    since: datetime.datetime
    until: datetime.datetime
    label: str


class ParameterField(forms.Field):
    """Reads the texts of a parameter, which may be repeated; a subclass says what they mean."""

    widget = forms.MultipleHiddenInput
    is_repeatable = False

    def clean(self, value: Sequence[str] | None) -> Any:
        """Return what the texts mean.

        Raises:
            ValidationError: a text means nothing here, or there are too many.
        """
        texts = [self._line(line) for line in value or () if line.strip()]
        if len(texts) > MOST_VALUES:
            raise ValidationError(f"Choose at most {MOST_VALUES} values.", code="too_many")
        if len(texts) > 1 and not self.is_repeatable:
            raise ValidationError("Give one value.", code="repeated")
        return self.read(texts)

    def read(self, texts: list[str]) -> Any:
        """Return what one or more lines of clean text mean."""
        raise NotImplementedError

    def _line(self, line: str) -> str:
        try:
            return text.clean_line(line, limit=text.VALUE_LENGTH)
        except text.TextError as error:
            raise ValidationError(error.message, code=error.code) from None


class ChoicesField(ParameterField):
    """One or more of the choices that `find` knows."""

    def __init__(
        self, noun: str, find: Callable[[str], Sequence[Choice]], *, is_repeatable: bool = True
    ) -> None:
        super().__init__()
        self.noun = noun
        self.find = find
        self.is_repeatable = is_repeatable

    def read(self, texts: list[str]) -> tuple[Choice, ...]:
        """Return the choices, each once, in the order they were named."""
        found = {choice.value: choice for named in texts for choice in self._found(named)}
        return tuple(found.values())

    def _found(self, named: str) -> Sequence[Choice]:
        choices = self.find(named)
        if not choices:
            raise ValidationError(f"There is no {self.noun} “{shown(named)}”.", code="unknown")
        return choices


class PeriodField(ParameterField):
    """A day of the reader's, as 2026-11-23, or a moment, as 2026-11-23T14:48:00Z."""

    def __init__(self, zone: datetime.tzinfo, *, days_are_instants: bool = False) -> None:
        super().__init__()
        self.zone = zone
        self.days_are_instants = days_are_instants

    def read(self, texts: list[str]) -> Period:
        """Return the day or the moment as a period."""
        return self.period(texts[0])

    def period(self, written: str) -> Period:
        """Return the day from midnight to midnight, or the millisecond of the moment."""
        try:
            return self._day(written) if len(written) <= len("2026-11-23") else self._moment(written)
        except (ValueError, OverflowError):
            raise ValidationError(
                f"“{shown(written)}” is not a date. Write it as 2026-11-23.", code="not_a_date"
            ) from None

    def _day(self, written: str) -> Period:
        day = datetime.date.fromisoformat(written)
        if self.days_are_instants:
            return self._instant(self._midnight(day))
        return Period(
            self._midnight(day), self._midnight(day + datetime.timedelta(days=1)), day.strftime("%-d %b %Y")
        )

    def _midnight(self, day: datetime.date) -> datetime.datetime:
        return datetime.datetime.combine(day, datetime.time(), self.zone).astimezone(datetime.UTC)

    def _moment(self, written: str) -> Period:
        moment = datetime.datetime.fromisoformat(written)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return self._instant(moment.astimezone(datetime.UTC))

    def _instant(self, utc: datetime.datetime) -> Period:
        label = f"{utc.astimezone(self.zone):%-d %b %Y, %H:%M}"
        return Period(utc, utc + _MILLISECOND, label)


class PeriodRangeField(PeriodField):
    """Two days or moments with a tilde between them, as 2026-11-01~2026-11-23; both belong to the range."""

    def read(self, texts: list[str]) -> Period:
        """Return the time from the start of the first to the end of the second."""
        first, sign, last = texts[0].partition(_RANGE_SIGN)
        if not sign:
            raise ValidationError("Write a range as 2026-11-01~2026-11-23.", code="not_a_range")
        start, end = self.period(first.strip()), self.period(last.strip())
        if start.since >= end.until:
            raise ValidationError("The range ends before it starts.", code="backwards")
        return Period(start.since, end.until, f"{start.label} and {end.label}")


class YesNoField(ParameterField):
    """`true` or `false`."""

    def read(self, texts: list[str]) -> bool:
        """Return the answer."""
        if texts[0] not in {"true", "false"}:
            raise ValidationError(f"Write true or false, not “{shown(texts[0])}”.", code="not_yes_or_no")
        return texts[0] == "true"


class NumberField(ParameterField):
    """A number with up to four decimals."""

    def read(self, texts: list[str]) -> decimal.Decimal:
        """Return the number."""
        if not _NUMBER.match(texts[0]):
            raise ValidationError(
                f"“{shown(texts[0])}” is not a number that can be stored. Write it as 1234.5.",
                code="not_a_number",
            )
        return decimal.Decimal(texts[0])


class LineField(ParameterField):
    """A line of text."""

    def read(self, texts: list[str]) -> str:
        """Return the text."""
        return texts[0]


class SearchField(ParameterField):
    """Words to look for."""

    def read(self, texts: list[str]) -> str:
        """Return the words."""
        if len(texts[0]) > SEARCH_LENGTH:
            raise ValidationError(
                f"Search for {SEARCH_LENGTH} characters or fewer (these are {len(texts[0]):,}).",
                code="too_long",
            )
        return texts[0]


class RefusedField(ParameterField):
    """A parameter that cannot be, with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def clean(self, value: Sequence[str] | None) -> Any:
        """Refuse whatever it holds.

        Raises:
            ValidationError: always.
        """
        raise ValidationError(self.reason, code="unknown_filter")


def shown(written: str) -> str:
    """Return what somebody wrote, short enough for a message."""
    return written if len(written) <= _SHOWN_LENGTH else f"{written[:_SHOWN_LENGTH]}…"
