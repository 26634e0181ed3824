"""manage.py find_duplicates: look for incidents that are one and the same and not merged yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.services.duplicates import find_duplicates

MOST = 100_000


class Command(BaseCommand):
    """Running it again changes nothing that people said; about ten queries an incident."""

    help = "Compare incidents that are open or recent with each other, for the page of duplicates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --limit."""
        parser.add_argument(
            "--limit", type=int, default=1_000, metavar="N", help="how many of the newest to compare (1000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, and say how many pairs look alike."""
        if not 1 <= options["limit"] <= MOST:
            raise CommandError(f"--limit: Give a number from 1 to {MOST:,}.")
        compared = found = 0
        for batch, pairs in find_duplicates(options["limit"]):
            compared, found = compared + batch, found + pairs
        self.stdout.write(f"{compared:,} incidents compared, {found:,} warnings without a verdict")
