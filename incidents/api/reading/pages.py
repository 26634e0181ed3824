"""Pages of what was read for a list."""

from __future__ import annotations

from typing import Protocol, TypeVar

from msgspec import UNSET, UnsetType

from incidents.api.query import LARGEST_PAGE
from incidents.api.wire.base import PaginationMeta


class Identified(Protocol):
    """What is on the wire with an id of its own."""

    id: str


IdentifiedT = TypeVar("IdentifiedT", bound=Identified)


def page_of(found: list[IdentifiedT], size: int) -> tuple[list[IdentifiedT], PaginationMeta]:
    """Return a page, and where it stands, of what was read: one more than the page holds if there are more."""
    page = found[:size]
    after = page[-1].id if len(found) > size else UNSET
    return page, meta_of(size, after)


def meta_of(size: int, after: str | UnsetType = UNSET) -> PaginationMeta:
    """Return where a page stands. The contract tells no more than 250 here, also where more may be asked for."""
    return PaginationMeta(page_size=min(size, LARGEST_PAGE), after=after)
