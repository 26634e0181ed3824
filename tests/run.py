"""The whole suite: on SQLite, on PostgreSQL, and in a browser. Run it with python -m tests.run."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tests.browser.conftest import CHROMIUM
from tests.postgres import throwaway_server

MOST_PROCESSES = 4

# Races are about who wins, not how fast: a machine that is busy must not decide them.
PATIENCE = {
    "STATEMENT_TIMEOUT_MS": "60000",
    "LOCK_TIMEOUT_MS": "60000",
    "IDLE_TRANSACTION_TIMEOUT_MS": "60000",
}

NO_BROWSER = """
!!! ------------------------------------------------------------------
!!! NO CHROMIUM: the browser tests are skipped.
!!! Install it with: apt-get install -y chromium
!!! ------------------------------------------------------------------
"""


def main() -> int:
    """Run every part, also after one failed, and say at the end what each came to."""
    arguments = sys.argv[1:]
    results = {"SQLite": run_pytest("SQLite", ["-m", "not browser", *arguments], database_url="")}
    with throwaway_server(os.environ.get("DATABASE_URL", "")) as url:
        results["PostgreSQL"] = run_pytest("PostgreSQL", ["-m", "not browser", *arguments], database_url=url)
    if CHROMIUM:
        results["Browser"] = run_pytest("Browser", ["-m", "browser", *arguments], database_url="")
    print()
    for name, (code, seconds) in results.items():
        print(f"{name:11} {'passed' if code == 0 else 'FAILED'} in {seconds:.0f} s")
    if not CHROMIUM:
        print(NO_BROWSER)
    return max(code for code, _ in results.values())


def run_pytest(name: str, arguments: list[str], *, database_url: str) -> tuple[int, float]:
    """Run one part in a process of its own, because the settings read the database once."""
    print(f"\n=== {name}: pytest {' '.join(arguments)}", flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | PATIENCE
    if database_url:
        environment["DATABASE_URL"] = database_url
    started = time.monotonic()
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    command = [sys.executable, "-m", "pytest", f"--numprocesses={processes}", *arguments]
    code = subprocess.run(command, env=environment, check=False).returncode
    nothing_collected = 5
    return (0 if code == nothing_collected else code), time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
