"""manage.py rebuild_search: write what the text search reads anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.services.search_text import rebuild_search_texts


class Command(BaseCommand):
    """People may go on working: each batch is locked for as long as it takes, and no longer."""

    help = "Write the texts of the search and their index anew, after check_incidents found them wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many texts were written."""
        done = 0
        for done in rebuild_search_texts():  # noqa: B007 - the last one counts
            pass
        self.stdout.write(f"The search texts of {done:,} incidents are written.")
