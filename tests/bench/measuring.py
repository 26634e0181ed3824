"""How things are measured: work in turns, without the garbage collector, and statements with what they cost."""

from __future__ import annotations

import contextlib
import gc
import json
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from incidents.models import User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SAMPLES = 20
WARM_UP = 3
READER = "responder@example.com"
"""One of the people of every demo: sees no private incident but their own, and may change incidents."""

Statement = tuple[str, Any]


class Figure(NamedTuple):
    """What was measured for a bar, and what to know about it."""

    value: float
    note: str = ""


class Answer(NamedTuple):
    """What a request got."""

    status: int
    body: bytes


class Asker:
    """Asks in process, through every middleware, as somebody who is logged in or as a program with a key."""

    def __init__(self, *, token: str = "", takes_gzip: bool = True) -> None:
        # Everything happens in one transaction, whose connection no request may close: so does Django's own client.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        self._handler = WSGIHandler()
        self._headers = {"HTTP_HOST": "localhost"}
        if takes_gzip:
            self._headers["HTTP_ACCEPT_ENCODING"] = "gzip"
        if token:
            self._headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
            return
        client = Client()
        client.force_login(User.objects.get(email=READER))
        self._headers["HTTP_COOKIE"] = "; ".join(
            f"{name}={kept.value}" for name, kept in client.cookies.items()
        )

    def get(self, path: str) -> Answer:
        """Return the whole answer."""
        statuses: list[str] = []

        def start(status: str, _headers: list[tuple[str, str]], _error: object = None, /) -> Any:
            statuses.append(status)

        body = b"".join(self._handler(self._environ(path), start))
        return Answer(int(statuses[0].split()[0]), body)

    def pieces(self, path: str) -> Iterator[bytes]:
        """Yield an answer as it comes."""

        def start(_status: str, _headers: list[tuple[str, str]], _error: object = None, /) -> Any:
            """Nothing is sent."""

        yield from self._handler(self._environ(path), start)

    def _environ(self, path: str) -> dict[str, Any]:
        return RequestFactory().get(path, **self._headers).environ  # type: ignore[arg-type]


@contextlib.contextmanager
def leaving_nothing() -> Iterator[None]:
    """Take back what is written within the block: a session, a key."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def without_garbage() -> Iterator[None]:
    """Collect garbage before the block and not within: it would be charged to whoever trips it."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def medians(
    *works: Callable[[], object], clock: Callable[[], float] = time.process_time, samples: int = SAMPLES
) -> list[float]:
    """Return the median milliseconds of each; they take turns, each as often the first, and garbage waits."""
    for work in works * WARM_UP:
        work()
    taken: list[list[float]] = [[] for _ in works]
    places = list(range(len(works)))
    for turn in range(samples):
        at = turn % len(places)
        with without_garbage():
            for place in places[at:] + places[:at]:
                begun = clock()
                works[place]()
                taken[place].append(1_000 * (clock() - begun))
    return [statistics.median(one) for one in taken]


def cpu_with_database() -> float:
    """Return the seconds of processor time of this process and of the database for it.

    SQLite works within this process. The part of PostgreSQL is seen where it runs on the same machine, under Linux;
    elsewhere it is left out.
    """
    return time.process_time() + _backend_seconds()


def _backend_seconds() -> float:
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    try:
        return int(told.read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def p95(figures: Sequence[float]) -> float:
    """Return what 95 of 100 stay within."""
    return statistics.quantiles(figures, n=20)[18]


def queries_of(work: Callable[[], object]) -> int:
    """Return how many statements some work takes, once everything that is kept is there."""
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@contextlib.contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Note the statements of the block, with their parameters."""
    told: list[Statement] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        told.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield told


def run(statement: Statement) -> None:
    """Run a statement and fetch what it finds."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        cursor.fetchall()


def plan_of(statement: Statement) -> dict[str, Any]:
    """Return the plan as it ran, on PostgreSQL."""
    sql, params = statement
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    return dict((json.loads(plan) if isinstance(plan, str) else plan)[0])


def blocks_of(plan: dict[str, Any]) -> int:
    """Return how many blocks a plan touched, found in memory or not."""
    node = plan["Plan"]
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])
