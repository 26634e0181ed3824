"""manage.py prepare: bring an installation up to date, before it serves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from incidents.models import User

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

DEMO_INCIDENTS = 200
DEMO_LOGINS = """
  admin@example.com       configures and sees everything
  responder@example.com   works on incidents
  viewer@example.com      looks and declares
  The password of all three: {password}"""


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
        if is_static_outdated():
            self.stdout.write("Static files: collecting")
            call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"] and not settings.PRODUCTION:
            self._offer_demo()

    def _offer_demo(self) -> None:
        if not User.objects.exists():
            self.stdout.write(f"Demo data: writing {DEMO_INCIDENTS} incidents")
            call_command("seed_demo", incidents=DEMO_INCIDENTS, stdout=self.stdout)
            # The worker does it once an hour; whoever looks around for the first time has none.
            call_command("find_duplicates", stdout=self.stdout)
        if User.objects.filter(email="admin@example.com").exists():
            self.stdout.write(DEMO_LOGINS.format(password=settings.DEMO_PASSWORD))


def is_static_outdated() -> bool:
    """Say whether a static file changed since they were collected, which takes seconds to do again."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected_at = manifest.stat().st_mtime
    return any(source.stat().st_mtime > collected_at for source in _static_sources())


def _static_sources() -> Iterator[Path]:
    """Yield each static file, and the list of libraries, whose files may be older than their installation."""
    yield settings.BASE_DIR / "requirements.txt"
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield Path(storage.path(path))
