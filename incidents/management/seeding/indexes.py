"""Makes the indexes of a large load after it: PostgreSQL sorts once instead of finding a place for every row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from psycopg import sql

_PLAIN_INDEXES = """
SELECT index.relname, pg_get_indexdef(index.oid)
FROM pg_index AS kept
JOIN pg_class AS index ON index.oid = kept.indexrelid
JOIN pg_class AS held ON held.oid = kept.indrelid
WHERE held.relname = ANY(%s) AND NOT kept.indisunique
ORDER BY index.relname
"""


@contextlib.contextmanager
def indexes_made_last(tables: Iterable[str]) -> Iterator[None]:
    """Load within the block, in one transaction: a load that stops leaves nothing, and every index in its place.

    Foreign keys are checked statement by statement, so that no list of checks to come grows with the load. SQLite,
    which gains nothing by it, loads as it always does.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLAIN_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, _ in indexes:
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)
