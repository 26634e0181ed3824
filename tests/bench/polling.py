"""How much open lists slow down those who declare.

A hundred lists ask every 20 seconds while 16 clients create incidents by API, one after the other, at a server that
runs as in production. Creates are counted in short turns, in which the lists ask or are silent, and each turn is
compared with its neighbour: what else the machine does falls on both. It writes: DATABASE_URL must be a copy.
"""

from __future__ import annotations

import html
import os
import re
import secrets
import statistics
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from django.conf import settings

from tests.bench.measuring import Figure
from tests.system.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS, CLIENTS = 100, 16
EVERY_SECONDS = 20.0
TURN_SECONDS = 6.0
PAIRS = 10
WHO = "admin@example.com"


class Crowd:
    """Threads that do the same again and again until they are told to stop."""

    def __init__(self, number: int, work: Callable[[int, threading.Event], None]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, args=[place, self._stop], daemon=True) for place in range(number)
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(EVERY_SECONDS + 30)


class Bench:
    """One server, the clients that create, and the lists that ask."""

    def __init__(self, server: Server) -> None:
        self.server = server
        issued = server.manage(
            "create_api_key",
            "bench",
            "--role",
            "incident_creator",
            "--role",
            "viewer",
            "--rate-limit",
            "1000000",
        )
        self.token = issued.split()[-1]
        self.cookies = self._log_in()
        self.severity = self._severity()
        self.created: list[float] = []
        self.asked: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.is_asking = threading.Event()

    def create(self, place: int, stop: threading.Event) -> None:
        """Create one incident after the other."""
        turn = 0
        with httpx.Client(base_url=self.server.url, timeout=60) as client:
            client.headers["authorization"] = f"Bearer {self.token}"
            while not stop.is_set():
                turn += 1
                body = {
                    "idempotency_key": f"{place}-{turn}-{time.monotonic_ns()}",
                    "name": f"{secrets.token_hex(4)} {secrets.token_hex(4)}",
                    "severity_id": self.severity,
                    "visibility": "public",
                }
                begun = time.perf_counter()
                status = client.post("/v2/incidents", json=body).status_code
                if status == 200:
                    self.created.append(time.perf_counter() - begun)
                elif status == 429:
                    stop.wait(0.05)
                else:
                    raise SystemExit(f"A create was answered {status}.")

    def watch(self, place: int, stop: threading.Event) -> None:
        """Open the list, and ask every 20 seconds what changed, as the page does."""
        with httpx.Client(base_url=self.server.url, timeout=60, cookies=self.cookies) as client:
            if stop.wait(EVERY_SECONDS * place / LISTS):
                return
            question = _question(client.get("/incidents/").text)
            while not stop.wait(EVERY_SECONDS):
                if not self.is_asking.is_set():
                    continue
                begun = time.perf_counter()
                answer = client.get(question, headers={"hx-request": "true"})
                self.asked.append(time.perf_counter() - begun)
                self.statuses[answer.status_code] += 1
                if answer.status_code == 200:
                    question = _question(answer.text)

    def creates(self, *, is_watched: bool) -> float:
        """Return how many incidents a second are created during one turn."""
        if is_watched:
            self.is_asking.set()
        else:
            self.is_asking.clear()
        before, begun = len(self.created), time.perf_counter()
        time.sleep(TURN_SECONDS)
        return (len(self.created) - before) / (time.perf_counter() - begun)

    def _log_in(self) -> httpx.Cookies:
        with httpx.Client(base_url=self.server.url, timeout=60) as client:
            page = client.get("/accounts/login/").text
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            assert found is not None
            client.post(
                "/accounts/login/",
                data={"csrfmiddlewaretoken": found[1], "login": WHO, "password": settings.DEMO_PASSWORD},
                headers={"origin": self.server.url},
            )
            return client.cookies

    def _severity(self) -> str:
        headers = {"authorization": f"Bearer {self.token}"}
        answer = httpx.get(f"{self.server.url}/v1/severities", headers=headers).json()
        return str(answer["severities"][0]["id"])


def measure() -> dict[str, Figure]:
    """Return by how many per cent creates slow down."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(os.environ["DATABASE_URL"], Path(folder))
        server.manage("prepare")
        server.start()
        try:
            return {"polling": _compared(Bench(server))}
        finally:
            server.kill()


def _compared(bench: Bench) -> Figure:
    pairs: list[tuple[float, float]] = []
    with Crowd(LISTS, bench.watch), Crowd(CLIENTS, bench.create):
        # Every list is open before anything is counted.
        time.sleep(EVERY_SECONDS * 2)
        for number in range(PAIRS):
            # Silent first, then asking first: what only grows falls on both.
            order = (False, True) if number % 2 == 0 else (True, False)
            rates = {is_watched: bench.creates(is_watched=is_watched) for is_watched in order}
            pairs.append((rates[False], rates[True]))
    alone, watched = (statistics.mean(one) for one in zip(*pairs, strict=True))
    slowdown = 1 - statistics.median(watched / alone for alone, watched in pairs)
    note = f"{watched:.0f} against {alone:.0f} a second; {len(bench.asked)} questions {dict(bench.statuses)}"
    return Figure(100 * slowdown, note)


def _question(page: str) -> str:
    found = re.search(r'hx-get="(/incidents/changes/[^"]*)"', page)
    assert found is not None, page[:500]
    return html.unescape(found[1])
