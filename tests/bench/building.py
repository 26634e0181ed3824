"""Fills the database of DATABASE_URL, or brings it up to date: `python -m tests.bench.building SIZE`."""

from __future__ import annotations

import io
import os
import sys
import time

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.bench.recipes import SEED, recipe_for, years_of

EVERY_SECONDS = 10.0


class Progress:
    """Passes on a line of progress every few seconds, to where the table does not go."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def write(self, text: str) -> None:
        """Take a piece of what a command prints."""
        if time.monotonic() - self._told_at > EVERY_SECONDS and text.strip():
            self._told_at = time.monotonic()
            tell(text.rstrip())

    def flush(self) -> None:
        """Nothing is kept back."""


def main() -> None:
    """Migrate, and load if it was not done; the recipe is written last, so that half a load does not count."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_site.settings")
    django.setup()
    size = int(sys.argv[1])
    has_migrated = _migrate()
    if "bench_recipe" in connection.introspection.table_names():
        if has_migrated:
            _settle()
        return
    started, worked = time.monotonic(), time.process_time()
    call_command("seed_demo", incidents=size, years=years_of(size), seed=SEED, stdout=Progress())
    _settle()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_recipe (recipe TEXT)")
        cursor.execute("INSERT INTO bench_recipe VALUES (%s)", [recipe_for(size)])
    tell(
        f"  {size:,} incidents took {time.monotonic() - started:.0f} s,"
        f" {time.process_time() - worked:.0f} s of them CPU of this process"
    )


def tell(words: str) -> None:
    """Say it beside the table."""
    print(words, file=sys.stderr, flush=True)


def _migrate() -> bool:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        ours = [migration.name for migration, _ in missing if migration.app_label == "incidents"]
        tell(f"  {len(missing)} migrations: {', '.join(ours)}")
    call_command("prepare", stdout=io.StringIO())
    return bool(missing)


def _settle() -> None:
    """Do what the database does by itself within the hour: gather statistics, and note which pages everybody sees."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    main()
