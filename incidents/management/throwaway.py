"""A database that is made for one command and gone after it, beside the one of the settings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection


@contextlib.contextmanager
def throw_away_database(suffix: str) -> Iterator[None]:
    """Run the block in an empty, migrated database; SQLite keeps it in memory, PostgreSQL needs the right to create it."""
    name = str(connection.settings_dict["NAME"])
    connection.settings_dict["TEST"]["NAME"] = (
        None if connection.vendor == "sqlite" else f"{name[:40]}_{suffix}"
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
