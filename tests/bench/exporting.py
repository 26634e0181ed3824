"""How much memory a CSV file of every incident takes, while it is sent piece by piece."""

from __future__ import annotations

import resource
import sys

from tests.bench.measuring import Asker, Figure, leaving_nothing, run

PATH = "/incidents/export.csv?status_category[one_of]=any"
PIECES_FIRST = 4
"""What is kept for good, such as the configuration, is there after a few chunks."""
MEGABYTE = 1_024 * 1_024
UNIT = 1 if sys.platform == "darwin" else 1_024
"""Linux counts in kilobytes."""


def measure() -> dict[str, Figure]:
    """Return by how many megabytes the most memory that the process ever had grew after the first chunks."""
    lines = 0
    # SQLite keeps up to 64 MB of what it read, whatever that was for.
    run(("SELECT SUM(LENGTH(text)) FROM incidents_incidentsearchtext", None))
    with leaving_nothing():
        pieces = Asker(takes_gzip=False).pieces(PATH)
        for _ in range(PIECES_FIRST):
            lines += next(pieces).count(b"\n")
        before = _most_memory()
        for piece in pieces:
            lines += piece.count(b"\n")
    return {"export-memory": Figure((_most_memory() - before) / MEGABYTE, f"{lines:,} lines")}


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
