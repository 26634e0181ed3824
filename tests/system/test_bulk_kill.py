"""Killed in the middle of a bulk change: it is taken up again, and no incident is changed twice."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.system.server import Server, database_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INCIDENTS = 600
GIVE_UP_SECONDS = 90
QUERY = "kind=severity&chosen=severity&severity=critical&all=status_category%5Bone_of%5D%3Dany"
COUNT_EVENTS = (
    "from incidents.models import IncidentEvent as E;"
    "found = E.objects.filter(kind='severity_changed', incident_update__message='All at once');"
    "print(found.count(), found.values('incident').distinct().count())"
)


class Person:
    """Somebody at a browser without JavaScript."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=30)
        self.post("/accounts/login/", {"login": "admin@example.com", "password": "tocsin-demo"})

    def post(self, address: str, data: dict[str, str], *, page: str = "") -> httpx.Response:
        """Send a form as the page shows it, with some values typed."""
        html = self.client.get(page or address).text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        headers = {"referer": str(self.client.base_url)}
        return self.client.post(address, data={**hidden, **data}, headers=headers)

    def finished(self, report: str) -> int:
        """Return how many incidents the report counts as done; all of them when it has no progress any more."""
        found = re.search(r">(\d+) of \d+<", self.client.get(report).text)
        return int(found[1]) if found else INCIDENTS


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with database_for(tmp_path) as database_url:
        running = Server(database_url, tmp_path)
        running.manage("prepare")
        running.manage("seed_demo", "--incidents", str(INCIDENTS))
        running.start()
        yield running
        running.kill()


@pytest.fixture
def person(server: Server) -> Iterator[Person]:
    person = Person(server.url)
    yield person
    person.client.close()


def test_no_incident_is_changed_twice(server: Server, person: Person) -> None:
    begun = person.post("/incidents/bulk/", {"message": "All at once"}, page=f"/incidents/bulk/?{QUERY}")
    assert begun.status_code == 303, begun.text
    report = begun.headers["location"]

    before = person.finished(report)
    assert before < INCIDENTS
    step = threading.Thread(target=press_continue, args=[person, report])
    step.start()
    wait_for_more(person, report, before)
    server.kill()
    step.join(GIVE_UP_SECONDS)
    server.start()
    while person.finished(report) < INCIDENTS:
        press_continue(person, report)

    changed = int(re.findall(r"<dt>Changed</dt>\s*<dd>\s*(\d+)", person.client.get(report).text)[0])
    assert server.manage("shell", "-v0", "-c", COUNT_EVENTS).split() == [str(changed)] * 2
    assert "0 findings" in server.manage("check_incidents")


def press_continue(person: Person, report: str) -> None:
    with contextlib.suppress(httpx.TransportError):
        person.post(f"{report}steps/", {}, page=report)


def wait_for_more(person: Person, report: str, before: int) -> None:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while person.finished(report) <= before:
        assert time.monotonic() < deadline
