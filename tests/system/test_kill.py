"""Killed under load, with clients that try again: what was acknowledged is there, once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.system.server import Server, database_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLIENTS = 6
BETWEEN_KILLS = 25
GIVE_UP_SECONDS = 90


class Load:
    """Clients that create incidents one after the other, each until it is acknowledged."""

    def __init__(self, url: str, token: str, severity_id: str) -> None:
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.refusals: Counter[int] = Counter()
        self._url, self._severity_id = url, severity_id
        self._headers = {"authorization": f"Bearer {token}"}
        self._more = threading.Condition()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=[number]) for number in range(CLIENTS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(GIVE_UP_SECONDS)

    def wait_for(self, number: int) -> None:
        """Wait until as many more incidents are acknowledged."""
        with self._more:
            wanted = len(self.acknowledged) + number
            assert self._more.wait_for(lambda: len(self.acknowledged) >= wanted, GIVE_UP_SECONDS), (
                self.refusals
            )

    def _run(self, client_number: int) -> None:
        turn = 0
        while not self._stop.is_set():
            turn += 1
            name = f"Load {client_number}.{turn}"
            incident = self._create(name)
            with self._more:
                self.acknowledged[name] = incident
                self._more.notify_all()

    def _create(self, name: str) -> dict[str, Any]:
        body = {
            "idempotency_key": name,
            "visibility": "public",
            "name": name,
            "severity_id": self._severity_id,
            "mode": "test",
        }
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(f"{self._url}/v2/incidents", json=body, headers=self._headers, timeout=20)
            except httpx.TransportError:
                continue
            if answer.status_code == 200:
                return dict(answer.json()["incident"])
            self.refusals[answer.status_code] += 1
        raise AssertionError(f"{name} was never acknowledged: {self.refusals}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with database_for(tmp_path) as database_url:
        running = Server(database_url, tmp_path)
        running.manage("prepare")
        running.start()
        yield running
        running.kill()


def test_nothing_acknowledged_is_lost_or_doubled(server: Server) -> None:
    token = server.manage(
        "create_api_key", "load", "--role", "viewer", "--role", "incident_creator", "--rate-limit", "100000"
    ).split()[-1]
    headers = {"authorization": f"Bearer {token}"}
    severities = httpx.get(f"{server.url}/v1/severities", headers=headers).json()["severities"]

    with Load(server.url, token, severities[0]["id"]) as load:
        for kill in (server.kill_workers, server.kill, server.kill_workers, server.kill):
            load.wait_for(BETWEEN_KILLS)
            kill()
            if kill == server.kill:
                server.start()
        load.wait_for(BETWEEN_KILLS)

    stored = every_incident(server.url, headers)
    by_name = {incident["name"]: incident for incident in stored}
    assert len(by_name) == len(stored), "an incident was doubled"
    assert load.acknowledged.keys() <= by_name.keys(), "an acknowledged incident was lost"
    assert all(by_name[name]["id"] == incident["id"] for name, incident in load.acknowledged.items())
    assert sorted(int(incident["reference"][4:]) for incident in stored) == list(range(1, len(stored) + 1))
    assert set(load.refusals) <= {503}, "a failure was told as something else"
    assert "0 findings" in server.manage("check_incidents")


def every_incident(url: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Walk the list to its end."""
    found: list[dict[str, Any]] = []
    parameters = {"page_size": "250", "sort_by": "created_at_oldest_first", "mode[one_of]": "test"}
    while True:
        page = httpx.get(f"{url}/v2/incidents", params=parameters, headers=headers, timeout=30).json()
        found += page["incidents"]
        if "after" not in page["pagination_meta"]:
            return found
        parameters["after"] = page["pagination_meta"]["after"]
