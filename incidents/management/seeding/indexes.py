"""Makes the indexes and foreign keys of a large load after it: PostgreSQL looks once at all rows instead of at each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

# Foreign keys go first, and come back last: they need the unique indexes, which stay, and are quicker with the others.
_FOREIGN_KEYS = """
SELECT held.relname, kept.conname, pg_get_constraintdef(kept.oid)
FROM pg_constraint AS kept
JOIN pg_class AS held ON held.oid = kept.conrelid
WHERE held.relname = ANY(%s) AND kept.contype = 'f'
ORDER BY held.relname, kept.conname
"""
# The trigger that refuses chains of merges looks into one of them for every merged incident.
_PLAIN_INDEXES = """
SELECT index.relname, pg_get_indexdef(index.oid)
FROM pg_index AS kept
JOIN pg_class AS index ON index.oid = kept.indexrelid
JOIN pg_class AS held ON held.oid = kept.indrelid
WHERE held.relname = ANY(%s) AND NOT kept.indisunique AND index.relname <> 'incident_merged_into'
ORDER BY index.relname
"""


@contextlib.contextmanager
def indexes_made_last(tables: Iterable[str]) -> Iterator[None]:
    """Load within the block, in one transaction: a load that stops leaves nothing, and everything in its place.

    SQLite, which gains nothing by it, loads as it always does.
    """
    if connection.vendor != "postgresql":
        yield
        return
    names = list(tables)
    with transaction.atomic(), connection.cursor() as cursor:
        # What waits for the end of the transaction would keep the tables from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        foreign_keys = _taken_out(cursor, names, _FOREIGN_KEYS, "ALTER TABLE {} DROP CONSTRAINT {}")
        indexes = _taken_out(cursor, names, _PLAIN_INDEXES, "DROP INDEX {}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in foreign_keys:
            add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
            cursor.execute(add.format(sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)))


def _taken_out(cursor: CursorWrapper, tables: list[str], question: str, drop: str) -> list[tuple[str, ...]]:
    """Drop what the question finds, and return it: its names, and then its definition."""
    cursor.execute(question, [tables])
    found: list[tuple[str, ...]] = cursor.fetchall()
    for *names, _ in found:
        cursor.execute(sql.SQL(drop).format(*map(sql.Identifier, names)))
    return found
