"""ULIDs: time-ordered ids, 26 characters on the wire, 16 bytes in the database."""

from __future__ import annotations

import datetime
import re
import secrets
import threading
import time
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

NO_ULID = "0" * 26
"""An id that nothing has: it would be of 1970."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(high + low for high in _ALPHABET for low in _ALPHABET)
# Python's own digits of base 32, which its parser reads in one step.
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_SHAPE = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")
_STORED = re.compile(r"[0-9a-f]{32}\Z")
_RANDOM_BITS = 80
_LAST_MILLISECOND = 2**48 - 1
_LARGEST_LEAD = 1_000 << _RANDOM_BITS
# A page names the same statuses, severities and fields on every row, and every page does.
_MOST_REMEMBERED = 4096

_mint_lock = threading.Lock()
_last_minted = 0


def new_ulid() -> str:
    """Mint an id for now. Ids of one process grow strictly, also within one millisecond.

    A clock that is set back by more than a second is believed: ids of a time to come would stand above all others.
    """
    global _last_minted
    with _mint_lock:
        minted = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS - 1)
        is_behind = 0 <= _last_minted - minted < _LARGEST_LEAD
        _last_minted = _last_minted + 1 if is_behind else minted
        return encode_ulid(_last_minted)


def ulid_at(moment: datetime.datetime) -> str:
    """Mint an id for another moment, as history that is imported needs; not monotone."""
    return encode_ulid(_milliseconds(moment) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def first_ulid_at(moment: datetime.datetime) -> str:
    """Return the smallest id of that millisecond: a bound for "created at or after"."""
    return encode_ulid(_milliseconds(moment) << _RANDOM_BITS)


def moment_of_ulid(ulid: str) -> datetime.datetime:
    """Return the millisecond, in UTC, at which the id was minted."""
    return datetime.datetime.fromtimestamp((decode_ulid(ulid) >> _RANDOM_BITS) / 1000, tz=datetime.UTC)


def is_ulid(text: str) -> bool:
    """Tell whether the text is an id in its canonical, upper-case form."""
    return _SHAPE.match(text) is not None


@lru_cache(maxsize=_MOST_REMEMBERED)
def encode_ulid(number: int) -> str:
    """Return the 26 characters of a 128-bit number. Two characters at a time: twice as quick."""
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


@lru_cache(maxsize=_MOST_REMEMBERED)
def decode_ulid(ulid: str) -> int:
    """Return the 128-bit number of an id.

    Raises:
        ValueError: it is not an id.
    """
    if not is_ulid(ulid):
        raise ValueError(f"{ulid!r} is not a ULID")
    return int(ulid.translate(_DIGITS), 32)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _as_uuid(ulid: str) -> uuid.UUID:
    return uuid.UUID(int=decode_ulid(ulid.upper()))


def _milliseconds(moment: datetime.datetime) -> int:
    return min(max(int(moment.timestamp() * 1000), 0), _LAST_MILLISECOND)


_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:

    class _UUIDField(models.Field[_ST, _GT]):
        # As the stubs declare Django's own fields, so that a nullable reference is typed `str | None`.
        _pyi_private_set_type: str
        _pyi_private_get_type: str
        _pyi_lookup_exact_type: str

else:

    class _UUIDField(models.UUIDField):
        def __class_getitem__(cls, parameters: object) -> type:
            return cls


class ULIDField(_UUIDField[_ST, _GT]):
    """Stores a ULID as the database's uuid; in Python it is the 26-character string."""

    description = "ULID"
    default_error_messages = {"invalid": "“%(value)s” is not an id."}

    def from_db_value(self, value: uuid.UUID | None, expression: object, connection: object) -> str | None:
        """Both databases hand over a UUID: PostgreSQL's driver, SQLite by Django's converter."""
        return None if value is None else encode_ulid(value.int)

    def to_python(self, value: Any) -> Any:
        """Return the id as 26 upper-case characters.

        Raises:
            ValidationError: the value is neither an id nor a uuid.
        """
        if value is None:
            return None
        if isinstance(value, uuid.UUID):
            return encode_ulid(value.int)
        if isinstance(value, str) and is_ulid(value.upper()):
            return value.upper()
        raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})

    def get_prep_value(self, value: Any) -> Any:
        """As to_python."""
        return self.to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Return the uuid that the driver takes."""
        if isinstance(value, str) and _STORED.match(value):
            # Django compares what it prefetches over many-to-many tables as SQLite hands it over.
            value = uuid.UUID(hex=value)
        text = value if prepared else self.get_prep_value(value)
        if text is None:
            return None
        stored = _as_uuid(text)
        return stored if connection.features.has_native_uuid_field else stored.hex

    def formfield(self, **kwargs: Any) -> Any:
        """Return a plain text field: UUIDField's own would hand over a uuid.UUID."""
        return models.Field.formfield(self, **kwargs)
