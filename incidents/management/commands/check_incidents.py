"""manage.py check_incidents: verify what is stored twice."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from incidents.services.verification import verify_counter, verify_incidents

SHOWN = 50


class Command(BaseCommand):
    """Reads only, in bounded batches. What people change meanwhile may look wrong once, but not twice."""

    help = "Compare incidents with the copies that lists, search and durations read. Exit code 1 on findings."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding, up to a limit, and how many there are."""
        findings = list(verify_counter())
        compared, found = 0, len(findings)
        for size, batch_findings in verify_incidents():
            compared += size
            found += len(batch_findings)
            findings = (findings + batch_findings)[:SHOWN]
        for finding in findings:
            self.stderr.write(finding)
        if found > len(findings):
            self.stderr.write(f"… and {found - len(findings):,} more")
        self.stdout.write(f"{compared:,} incidents compared, {found:,} findings")
        if found:
            sys.exit(1)
