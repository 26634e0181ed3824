"""manage.py index_incidents: read the tokens of the duplicate check again, at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.models import TokenReading
from incidents.services.similarity.rereading import read_again, want_reading


class Command(BaseCommand):
    """People may work meanwhile: each batch is a transaction of its own."""

    help = "Read again which words the incidents that are compared have, for instance after importing some."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read them all, and say how far it came."""
        want_reading()
        while read_again():
            self.stdout.write(f"  {TokenReading.objects.get()} incidents read")
