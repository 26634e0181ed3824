"""What the shapes on the wire have in common."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

ValueT = TypeVar("ValueT")
Moment = Annotated[
    str, Meta(extra_json_schema={"format": "date-time"}, examples=["2026-11-23T13:10:03.120000Z"])
]
"""A moment in UTC with microseconds and Z, written once and never parsed here."""
Id = Annotated[str, Meta(max_length=200, examples=["01FCNDV6P870EA6S7TK1DSYDG0"])]
"""An id that somebody sends: what is too long to be one is refused before it is looked up."""


class Wire(msgspec.Struct, kw_only=True, gc=False):
    """An object on the wire. Optional fields are left out where there is nothing to say, and never null."""


class PaginationMeta(Wire):
    """Where a page stands in its list."""

    page_size: int
    after: str | UnsetType = UNSET


class PaginationMetaWithTotal(Wire):
    """Where a page stands in its list, and how long the list is where that is known at once."""

    page_size: int
    after: str | UnsetType = UNSET
    total_record_count: int | UnsetType = UNSET


def or_unset(value: ValueT | None) -> ValueT | UnsetType:
    """Return the value, or what leaves the field out where it is None or empty."""
    return UNSET if value is None or value == "" else value
