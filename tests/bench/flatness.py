"""Whether the list takes longer where there are more incidents: two processes that take turns, a database each."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.bench.measuring import SAMPLES, WARM_UP, Asker, Figure, leaving_nothing, without_garbage

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/incidents/"


class Turns:
    """A process that asks for the list once each time it is told to."""

    def __init__(self, database_url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.measure", "flatness", "serve"],
            env={**os.environ, "DATABASE_URL": database_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def take(self) -> float:
        """Return how many milliseconds the request took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def end(self) -> None:
        """Let the process end by itself: there is nothing more to do for it."""
        self._process.communicate()


def measure(other: str) -> dict[str, Figure]:
    """Return the time of the list here against that in the other database; or be one of the two processes."""
    if other == "serve":
        _serve()
        return {}
    with _turns(os.environ["DATABASE_URL"]) as here, _turns(other) as there:
        for _ in range(WARM_UP):
            here.take(), there.take()
        # Each is first as often as the other.
        taken = [
            (here.take(), there.take()) if turn % 2 else (there.take(), here.take())[::-1]
            for turn in range(2 * SAMPLES)
        ]
    large, small = (statistics.median(one) for one in zip(*taken, strict=True))
    return {"list-flat": Figure(large / small, f"{large:.1f} against {small:.1f} ms")}


@contextlib.contextmanager
def _turns(database_url: str) -> Iterator[Turns]:
    turns = Turns(database_url)
    try:
        yield turns
    finally:
        turns.end()


def _serve() -> None:
    with leaving_nothing():
        asker = Asker()
        for _ in sys.stdin:
            with without_garbage():
                begun = time.perf_counter()
                asker.get(PATH)
                taken = 1_000 * (time.perf_counter() - begun)
            print(taken, flush=True)
