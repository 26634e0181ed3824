"""Pages of what the API lists, by the id after which to go on."""

from __future__ import annotations

from typing import Protocol, TypeVar

from msgspec import UNSET

from incidents.api.errors import Problem, invalid
from incidents.api.wire.base import PaginationMeta
from incidents.models.ulid import is_ulid


class Identified(Protocol):
    """What is on the wire with an id of its own."""

    id: str


IdentifiedT = TypeVar("IdentifiedT", bound=Identified)


def id_after(after: str) -> str:
    """Return the id after which a page begins as ids are stored, or "" for the first page.

    Raises:
        ApiError: 422 where it is no id.
    """
    if after and not is_ulid(after.upper()):
        raise invalid(
            Problem("invalid_value", "This is no id. Send the `after` of the page before.", "/after")
        )
    return after.upper()


def cut(found: list[IdentifiedT], size: int) -> tuple[list[IdentifiedT], PaginationMeta]:
    """Return a page, and where it stands, of what was read: one more than the page holds if there are more."""
    page = found[:size]
    after = page[-1].id if len(found) > size else UNSET
    return page, PaginationMeta(page_size=size, after=after)
