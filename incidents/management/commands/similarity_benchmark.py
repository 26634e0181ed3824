"""manage.py similarity_benchmark: how good the duplicate check is on labelled data."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from incidents.management.benchmarking import benchmark

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator


_WANTED = {"pool": ("id", "title"), "query": ("qid", "title")}


class Command(BaseCommand):
    """Loads a throw-away database, so that it harms nothing wherever it runs."""

    help = (
        "Load labelled incidents into a throw-away database, ask the duplicate check about each question of the"
        " file, and write its ranked answers, one JSON object a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file of data and --results."""
        parser.add_argument("data", type=Path, metavar="DATA.jsonl")
        parser.add_argument("--results", type=Path, required=True, metavar="OUT.jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it, and say how long a question took."""
        rows = list(_read(options["data"]))
        name = str(connection.settings_dict["NAME"])
        connection.settings_dict["TEST"]["NAME"] = (
            None if connection.vendor == "sqlite" else f"{name[:40]}_similarity_benchmark"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            self._write(rows, options["results"])
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def _write(self, rows: list[dict[str, Any]], results: Path) -> None:
        started = loaded = time.monotonic()
        answered = 0

        def tell(done: int) -> None:
            nonlocal loaded
            loaded = time.monotonic()
            self.stdout.write(f"  {done:,} incidents loaded, {loaded - started:.0f} s")

        with results.open("w", encoding="utf-8") as out:
            for answer in benchmark(rows, tell):
                answered += 1
                out.write(json.dumps(answer) + "\n")
        each = 1000 * (time.monotonic() - loaded) / max(1, answered)
        self.stdout.write(f"{answered:,} questions answered, {each:.1f} ms each: {results}")


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(line, path, number)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _row(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CommandError(f"{path}, line {number}: this is no JSON.") from error
    kind = row.get("type") if isinstance(row, dict) else None
    if kind not in _WANTED:
        raise CommandError(f"{path}, line {number}: the type is neither pool nor query.")
    if missing := [name for name in _WANTED[kind] if name not in row]:
        raise CommandError(f"{path}, line {number}: {missing[0]} is missing.")
    return dict(row)
