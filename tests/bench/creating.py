"""How many incidents 16 clients declare in a second; and how many, had numbers come from a sequence.

Each client is a process: threads of one would wait for each other in Python, while they hold the lock on the counter.
Turns with either kind of numbers follow each other, and each is compared with its neighbour: what else the machine does
falls on both. It writes: DATABASE_URL must be a copy.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.db import connection

from tests.bench.declaring import declare_for
from tests.bench.measuring import Figure

CLIENTS = 16
PAIRS = 6
TURN_SECONDS = 5.0
START_SECONDS = 1.0

# In the place of the counter stands a view that gives the next number of a sequence, and locks nothing. So the
# product runs as it is, and only its numbers may have gaps.
BY_SEQUENCE = (
    "ALTER TABLE incidents_referencecounter RENAME TO bench_counter",
    "CREATE SEQUENCE IF NOT EXISTS bench_numbers",
    "SELECT SETVAL('bench_numbers', last_number) FROM bench_counter",
    "CREATE VIEW incidents_referencecounter AS SELECT * FROM bench_counter",
    "CREATE OR REPLACE FUNCTION bench_next_number() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN NEW.last_number := NEXTVAL('bench_numbers'); RETURN NEW; END $$",
    "CREATE TRIGGER bench_next_number INSTEAD OF UPDATE ON incidents_referencecounter"
    " FOR EACH ROW EXECUTE FUNCTION bench_next_number()",
)
BY_COUNTER = (
    "DROP VIEW incidents_referencecounter",
    "UPDATE bench_counter SET last_number = (SELECT last_value FROM bench_numbers)",
    "ALTER TABLE bench_counter RENAME TO incidents_referencecounter",
)


def measure() -> dict[str, Figure]:
    """Return the incidents of a second, and by how many per cent numbers without gaps are slower."""
    pairs: list[tuple[float, float]] = []
    with ProcessPoolExecutor(CLIENTS, get_context("spawn")) as pool:
        _rate(pool)
        for number in range(PAIRS):
            if number % 2:
                sequence = _rate_by_sequence(pool)
                pairs.append((_rate(pool), sequence))
            else:
                counter = _rate(pool)
                pairs.append((counter, _rate_by_sequence(pool)))
    slower = statistics.median(1 - counter / sequence for counter, sequence in pairs)
    rate = statistics.median(counter for counter, _ in pairs)
    other = statistics.median(sequence for _, sequence in pairs)
    return {
        "create-rate": Figure(rate),
        "create-sequence": Figure(100 * slower, f"{rate:.0f} against {other:.0f} a second"),
    }


def _rate_by_sequence(pool: ProcessPoolExecutor) -> float:
    _run(BY_SEQUENCE)
    try:
        return _rate(pool)
    finally:
        _run(BY_COUNTER)


def _rate(pool: ProcessPoolExecutor) -> float:
    """Let every client declare for the same few seconds."""
    start = time.time() + START_SECONDS
    counted = [pool.submit(declare_for, TURN_SECONDS, start=start) for _ in range(CLIENTS)]
    return sum(one.result() for one in counted) / TURN_SECONDS


def _run(statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
