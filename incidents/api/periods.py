"""When something was created and changed, as queries ask for it: `updated_at[gte]=2026-11-23`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import Q
from msgspec import Meta

from incidents.api.errors import Problem, invalid
from incidents.api.query import PageQuery
from incidents.filters.values import Period, PeriodField, PeriodRangeField
from incidents.models.ulid import first_ulid_at

When = Annotated[
    str, Meta(max_length=100, description="A day, 2026-11-23, or a moment, 2026-11-23T14:48:00Z.")
]
Range = Annotated[
    str, Meta(max_length=100, description="Two of them with a tilde between: 2026-11-01~2026-11-23.")
]


class PeriodQuery(PageQuery):
    """A part of a long list, narrowed by time. Ids carry the time of creation."""

    created_at_gte: When = msgspec.field(default="", name="created_at[gte]")
    created_at_lte: When = msgspec.field(default="", name="created_at[lte]")
    created_at_date_range: Range = msgspec.field(default="", name="created_at[date_range]")
    updated_at_gte: When = msgspec.field(default="", name="updated_at[gte]")
    updated_at_lte: When = msgspec.field(default="", name="updated_at[lte]")
    updated_at_date_range: Range = msgspec.field(default="", name="updated_at[date_range]")


def in_periods(query: PeriodQuery) -> Q:
    """Return the condition that the rows are of the periods that the query names.

    Raises:
        ApiError: 422 with every time that cannot be read.
    """
    condition, problems = Q(), []
    for field in msgspec.structs.fields(query):
        parameter = field.encode_name
        if parameter not in _CONDITIONS or not (written := getattr(query, field.name).strip()):
            continue
        try:
            condition &= _CONDITIONS[parameter](_read(parameter, written))
        except ValidationError as error:
            problems.append(Problem("invalid_value", " ".join(error.messages), f"/{parameter}"))
    if problems:
        raise invalid(*problems)
    return condition


def _created_since(period: Period) -> Q:
    return Q(id__gte=first_ulid_at(period.since))


def _created_until(period: Period) -> Q:
    return Q(id__lt=first_ulid_at(period.until))


def _updated_since(period: Period) -> Q:
    return Q(updated_at__gte=period.since)


def _updated_until(period: Period) -> Q:
    return Q(updated_at__lt=period.until)


_CONDITIONS: Mapping[str, Callable[[Period], Q]] = {
    "created_at[gte]": _created_since,
    "created_at[lte]": _created_until,
    "created_at[date_range]": lambda period: _created_since(period) & _created_until(period),
    "updated_at[gte]": _updated_since,
    "updated_at[lte]": _updated_until,
    "updated_at[date_range]": lambda period: _updated_since(period) & _updated_until(period),
}


def _read(parameter: str, written: str) -> Period:
    is_range = parameter.endswith("[date_range]")
    field = PeriodRangeField(datetime.UTC) if is_range else PeriodField(datetime.UTC, days_are_instants=True)
    period: Period = field.clean([written])
    return period
