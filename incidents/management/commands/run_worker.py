"""manage.py run_worker: do what is due beside the requests."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from incidents.tasks.registry import RECURRING
from incidents.tasks.worker import Worker

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from types import FrameType


class Command(BaseCommand):
    """Any number of workers may run: each job is done by one at a time. SIGTERM and Ctrl-C end it between two steps."""

    help = "Do the housekeeping: " + ", ".join(job.name for job in RECURRING) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --once."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then end; for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped, or once; exit code 1 if a job failed then."""
        worker = Worker()

        def stop(number: int, frame: FrameType | None) -> None:
            worker.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        if not options["once"]:
            self.stdout.write("The worker runs. Ctrl-C ends it.")
            worker.run()
        elif worker.run_once():
            sys.exit(1)
