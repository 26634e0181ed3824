"""Clients that declare one incident after the other: what one of several processes does."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incidents_site.settings")
django.setup()

from django.db import connection  # noqa: E402 - this module is the first one that a new process imports

from incidents.models import Actor, Configuration, Incident, User  # noqa: E402 - as above
from incidents.services.creation import create_incident  # noqa: E402 - as above
from incidents.services.drafts import IncidentDraft  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator

PERSON = "responder@example.com"
TEXTS = 2_000


def declare_for(seconds: float, *, clients: int, start: float) -> int:
    """Declare with so many threads from a moment on; return how many incidents there are more."""
    actor = Actor.of_user(User.objects.get(email=PERSON))
    drafts = [_drafts(client) for client in range(clients)]
    barrier = threading.Barrier(clients)

    def declare(own: Iterator[IncidentDraft]) -> int:
        with contextlib.closing(connection):
            connection.ensure_connection()
            barrier.wait()
            time.sleep(max(0.0, start - time.time()))
            return _declare(own, actor, until=start + seconds)

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(declare, drafts))


def _declare(drafts: Iterator[IncidentDraft], actor: Actor, *, until: float) -> int:
    count = 0
    while time.time() < until:
        create_incident(next(drafts), actor)
        count += 1
    return count


def _drafts(client: int) -> Iterator[IncidentDraft]:
    """Return incidents as people declare them: names and summaries of some that there are, with a severity."""
    choose = random.Random(f"{client} {os.getpid()} {time.time()}")  # noqa: S311 - not secret
    texts = list(Incident.objects.order_by("-id").values_list("name", "summary")[:TEXTS])
    severities = [severity.pk for severity in Configuration.current().severities]
    return (
        IncidentDraft(name=name, summary=summary, severity_id=choose.choice(severities))
        for name, summary in map(choose.choice, itertools.repeat(texts))
    )
