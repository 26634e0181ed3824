"""Writes many rows at once: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

import datetime
import functools
import random
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import connection, models
from psycopg import sql

from incidents.models.ulid import decode_ulid, encode_ulid

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
Row = tuple[Any, ...]


class Table:
    """Rows of one model that wait to be written, in the form both databases read.

    Columns that are not named hold the default of their field in every row.
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.name = model._meta.db_table
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in columns and not field.generated and not isinstance(field, models.AutoField)
        ]
        self.columns = (*columns, *(str(field.column) for field in others))
        self._constants = tuple(field.get_default() for field in others)
        self.rows: list[Row] = []

    def add(self, *values: Any) -> None:
        """Note a row."""
        self.rows.append(values + self._constants)

    def write(self) -> None:
        """Store the rows and forget them; one statement."""
        if self.rows:
            writer = copy_rows if connection.vendor == "postgresql" else _insert
            writer(self.name, self.columns, self.rows)
            self.rows.clear()


class Mint:
    """Makes ids for a moment, as 32 hexadecimal digits; those of one millisecond keep their order."""

    def __init__(self) -> None:
        self._minted = 0
        self._random = random.SystemRandom().getrandbits(40)

    def at(self, moment: datetime.datetime) -> str:
        """Return an id for the moment."""
        self._minted += 1
        self._random = (self._random * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**40
        return f"{_time_of_id(moment)}{self._minted:010x}{self._random:010x}"


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Store rows by COPY, which only PostgreSQL has."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@functools.lru_cache(maxsize=1_000)
def stored_id(ulid: str) -> str:
    """Return an id as its column takes it on both databases; remembered, as few are named again and again."""
    return f"{decode_ulid(ulid):032x}"


def ulid_of(stored: str) -> str:
    """Return the id that people see."""
    return encode_ulid(int(stored, 16))


@functools.lru_cache(maxsize=16)
def stored_moment(moment: datetime.datetime) -> str:
    """Return a moment in UTC as both databases take it: without a zone."""
    return str(moment)[:-6]


def stored_json(value: dict[str, Any]) -> str:
    """Return a value as a JSON column takes it."""
    return msgspec.json.encode(value).decode()


@functools.lru_cache(maxsize=16)
def _time_of_id(moment: datetime.datetime) -> str:
    return f"{(moment - _EPOCH) // datetime.timedelta(milliseconds=1):012x}"


def _insert(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    quoted = [connection.ops.quote_name(name) for name in (table, *columns)]
    # The names are those of our own models.
    statement = "INSERT INTO {} ({}) VALUES ({})".format(  # noqa: S608
        quoted[0], ", ".join(quoted[1:]), ", ".join(["%s"] * len(columns))
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
