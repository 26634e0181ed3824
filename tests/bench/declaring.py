"""A client that declares one incident after the other, in a process of its own."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import time
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


def declare_for(seconds: float, *, start: float) -> int:
    """Declare from a moment on; return how many incidents there are more."""
    actor = Actor.of_user(User.objects.get(email=PERSON))
    drafts = _drafts()
    count = 0
    with contextlib.closing(connection):
        time.sleep(max(0.0, start - time.time()))
        while time.time() < start + seconds:
            create_incident(next(drafts), actor)
            count += 1
    return count


def _drafts() -> Iterator[IncidentDraft]:
    """Return incidents as people declare them: names and summaries of some that there are, with a severity."""
    choose = random.Random(f"{os.getpid()} {time.time()}")  # noqa: S311 - not secret
    texts = list(Incident.objects.order_by("-id").values_list("name", "summary")[:TEXTS])
    severities = [severity.pk for severity in Configuration.current().severities]
    return (
        IncidentDraft(name=name, summary=summary, severity_id=choose.choice(severities))
        for name, summary in map(choose.choice, itertools.repeat(texts))
    )
