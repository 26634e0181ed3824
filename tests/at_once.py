"""Many threads, let go together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

WRITERS = 32
ResultT = TypeVar("ResultT")


def at_once(work: Callable[[int], ResultT], writers: int = WRITERS) -> list[ResultT]:
    """Run the work in as many threads as there are writers; each gets its number, and a connection of its own."""
    start = threading.Barrier(writers)

    def run(number: int) -> ResultT:
        try:
            start.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(run, range(writers)))
