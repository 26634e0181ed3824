"""Pages of a list that grows while people read it: a cursor names the last row seen, not a number of rows."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

from incidents.models.ulid import is_ulid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from incidents.models.incident_listing import Place
    from incidents.models.incident_order import IncidentOrder

PAGE_SIZES = (25, 50, 100)
LONGEST_CURSOR = 200
_SMALLEST, _LARGEST = -(2**15), 2**15 - 1
_SIGN = "~"


class BrokenCursorError(ValueError):
    """The text is no cursor of this order."""


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """The records of a page, in order, and the cursors that lead on; empty where nothing follows."""

    records: Sequence[Sequence[Any]]
    newer: str
    older: str


def encode_cursor(order: IncidentOrder, position: tuple[Any, ...]) -> str:
    """Return the position as a word for an address."""
    parts = [order.name, *(_write(value) for value in position)]
    return base64.urlsafe_b64encode(_SIGN.join(parts).encode()).rstrip(b"=").decode()


def decode_cursor(order: IncidentOrder, word: str) -> tuple[Any, ...]:
    """Return the position that a word names.

    Raises:
        BrokenCursorError: the word is none of ours, or belongs to another order.
    """
    try:
        if len(word) > LONGEST_CURSOR:
            raise BrokenCursorError(word[:LONGEST_CURSOR])
        padded = word.encode("ascii") + b"=" * (-len(word) % 4)
        name, *values = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split(_SIGN)
        if name != order.name or len(values) != len(order.columns):
            raise BrokenCursorError(word)
        return tuple(_READERS[column](value) for column, value in zip(order.columns, values, strict=True))
    except (ValueError, OverflowError, binascii.Error) as error:
        raise BrokenCursorError(word[:LONGEST_CURSOR]) from error


def page_of(
    found: Sequence[Sequence[Any]],
    columns: Sequence[str],
    order: IncidentOrder,
    *,
    size: int,
    place: Place | None,
) -> Page:
    """Return the page of what was found from a place on: one row more than its size tells that others follow."""
    is_backwards = place is not None and place.is_backwards
    records = list(found[:size])
    has_more = len(found) > size
    if is_backwards:
        records.reverse()
    places = [columns.index(column) for column in order.columns]

    def cursor_at(record: Sequence[Any]) -> str:
        return encode_cursor(order, tuple(record[at] for at in places))

    has_newer = has_more if is_backwards else place is not None
    has_older = True if is_backwards else has_more
    return Page(
        records,
        newer=cursor_at(records[0]) if records and has_newer else "",
        older=cursor_at(records[-1]) if records and has_older else "",
    )


def _write(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)


def _small_number(written: str) -> int:
    number = int(written)
    if not _SMALLEST <= number <= _LARGEST:
        raise ValueError(written)
    return number


def _id(written: str) -> str:
    if not is_ulid(written):
        raise ValueError(written)
    return written


def _moment(written: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment.astimezone(datetime.UTC)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "id": _id,
    "severity_rank": _small_number,
    "status_category_rank": _small_number,
    "updated_at": _moment,
}
