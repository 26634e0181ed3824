"""manage.py similarity_benchmark: how good the duplicate check is on labelled data."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from incidents.management.benchmarking import benchmark
from incidents.management.labelled_data import read_labelled_data
from incidents.management.throwaway import throw_away_database

if TYPE_CHECKING:
    from argparse import ArgumentParser


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
        rows = list(read_labelled_data(options["data"]))
        with throw_away_database("similarity_benchmark"):
            self._write(rows, options["results"])

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
