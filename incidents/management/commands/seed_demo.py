"""manage.py seed_demo: fill an empty installation with people and incidents to look at."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from incidents.management.seeding.calendar import YEARS
from incidents.management.seeding.filling import fill
from incidents.models import Incident

if TYPE_CHECKING:
    from argparse import ArgumentParser

LARGEST = 5_000_000
MOST_YEARS = 30


class Command(BaseCommand):
    """The same seed gives the same incidents, but for ids and times."""

    help = "Fill an empty installation with demo data: three logins, colleagues, configuration and incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --incidents, --years, --seed and --force-add."""
        parser.add_argument("--incidents", type=int, default=200, metavar="N", help="how many (200)")
        parser.add_argument("--years", type=int, default=YEARS, metavar="Y", help=f"over how many ({YEARS})")
        parser.add_argument("--seed", type=int, default=4, metavar="S", help="which ones (4)")
        parser.add_argument(
            "--force-add", action="store_true", help="add to a database that has incidents already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where it could do harm; fill, and say how far it is."""
        count: int = options["incidents"]
        if settings.PRODUCTION:
            raise CommandError("Demo data has public passwords: it is refused in production.")
        if not 0 <= count <= LARGEST:
            raise CommandError(f"--incidents is a number from 0 to {LARGEST:,}.")
        if not 1 <= options["years"] <= MOST_YEARS:
            raise CommandError(f"--years is a number from 1 to {MOST_YEARS}.")
        if not options["force_add"] and Incident.objects.exists():
            raise CommandError(
                "This database has incidents already. Use an empty one, or add to it with --force-add."
            )
        started = time.monotonic()

        def tell(done: int) -> None:
            if count > 2_000:
                self.stdout.write(f"  {done:,} of {count:,} incidents, {time.monotonic() - started:.0f} s")

        fill(count=count, seed=options["seed"], years=options["years"], progress=tell)
        self.stdout.write(f"Demo data is there: {count:,} incidents in {time.monotonic() - started:.1f} s")
