"""Puts a test database back to what the migrations left, also where its history refuses to be deleted."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, LiteralString, Protocol

from django.db import connection
from psycopg import sql

if TYPE_CHECKING:
    from pathlib import Path


class Snapshot(Protocol):
    """What a test database held before any test."""

    def restore(self) -> None:
        """Put it back; needs that no transaction is open."""


def take_snapshot(folder: Path) -> Snapshot:
    """Remember what the test database holds now."""
    if connection.vendor == "sqlite":
        return SQLiteSnapshot(folder / "snapshot.sqlite3")
    return PostgreSQLSnapshot()


class SQLiteSnapshot:
    """A copy of the file, page by page: triggers see nothing of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._copy(_live(), path)

    def restore(self) -> None:
        """Copy the pages back."""
        with sqlite3.connect(self.path) as snapshot:
            snapshot.backup(_live())
        snapshot.close()

    def _copy(self, source: sqlite3.Connection, path: Path) -> None:
        with sqlite3.connect(path) as target:
            source.backup(target)
        target.close()


class PostgreSQLSnapshot:
    """The rows of each table. As a replica the server runs no triggers, which takes a superuser."""

    def __init__(self) -> None:
        self.tables = sorted(connection.introspection.table_names())
        self.rows = {table: _copy_out(table) for table in self.tables}

    def restore(self) -> None:
        """Replace the rows of the tables that changed."""
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                for table in self.tables:
                    self._restore_table(table)
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")

    def _restore_table(self, table: str) -> None:
        if _copy_out(table) == self.rows[table]:
            return
        with connection.cursor() as cursor:
            cursor.execute(_on(table, "DELETE FROM {}"))
            with cursor.cursor.copy(_on(table, "COPY {} FROM STDIN")) as copy:
                copy.write(self.rows[table])


def _live() -> sqlite3.Connection:
    connection.ensure_connection()
    live = connection.connection
    assert isinstance(live, sqlite3.Connection)
    return live


def _copy_out(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.cursor.copy(_on(table, "COPY {} TO STDOUT")) as copy:
        return b"".join(bytes(block) for block in copy)


def _on(table: str, statement: LiteralString) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))
