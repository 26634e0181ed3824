"""manage.py export_verdicts: what people said of pairs of incidents, as JSON lines."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.services.verdict_export import exported_verdicts


class Command(BaseCommand):
    """Reads only, in bounded batches."""

    help = "Write every verdict with both texts, one JSON object a line, to measure the duplicate check by."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add FILE and --private."""
        parser.add_argument("file", metavar="FILE", help="where to write, such as verdicts.jsonl")
        parser.add_argument("--private", action="store_true", help="also pairs with a private incident")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, and say how many verdicts are in it."""
        count = 0
        try:
            with Path(options["file"]).open("w", encoding="utf-8") as target:
                for row in exported_verdicts(with_private=options["private"]):
                    target.write(json.dumps(row, ensure_ascii=False) + "\n")
                    count += 1
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{count:,} verdicts written to {options['file']}")
