"""manage.py prepare: bring an installation up to date, before it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from incidents.models import User

if TYPE_CHECKING:
    from argparse import ArgumentParser

DEMO_INCIDENTS = 200


class Command(BaseCommand):
    """Migrations, the cache's table and the static files. Running it again changes nothing."""

    help = "Bring the installation up to date: migrations, the cache's table, static files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --demo."""
        parser.add_argument("--demo", action="store_true", help="fill an empty database with demo data")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is missing, and say so."""
        self.stdout.write("Database: applying migrations")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.stdout.write("Static files: collecting")
        call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"] and not settings.PRODUCTION and not User.objects.exists():
            self.stdout.write(f"Demo data: writing {DEMO_INCIDENTS} incidents")
            call_command("seed_demo", incidents=DEMO_INCIDENTS, stdout=self.stdout)
