"""Jobs of the worker: taken, held and given back, so that of several workers one does each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents.models import Job

HELD_FOR = datetime.timedelta(minutes=2)
"""Longer than any step takes: who held a job and fell silent for this long has died."""


def add_jobs(names: Iterable[str]) -> None:
    """Store the jobs that are new; they are due at once."""
    Job.objects.bulk_create([Job(name=name) for name in names], ignore_conflicts=True)


def due_jobs(names: Iterable[str]) -> list[str]:
    """Return which of the jobs are due and free, the longest waiting first; one query."""
    now = timezone.now()
    return list(
        _free(now)
        .filter(name__in=list(names), due_at__lte=now)
        .order_by("due_at")
        .values_list("pk", flat=True)
    )


def take_job(name: str, worker: str) -> bool:
    """Take a job that is due and free, and tell whether this worker has it now; the database decides."""
    now = timezone.now()
    free = _free(now).filter(name=name, due_at__lte=now)
    return free.update(held_by=worker, held_until=now + HELD_FOR) == 1


def hold_job(name: str, worker: str) -> bool:
    """Hold a job for longer, and tell whether it is still this worker's."""
    held = Job.objects.filter(name=name, held_by=worker, held_until__isnull=False)
    return held.update(held_until=timezone.now() + HELD_FOR) == 1


def give_back_job(name: str, worker: str, *, due_at: datetime.datetime, has_failed: bool = False) -> None:
    """Let a job go until it is due again; nothing happens if another worker has taken it meanwhile."""
    moment = "failed_at" if has_failed else "finished_at"
    changes = {"held_by": "", "held_until": None, "due_at": due_at, moment: timezone.now()}
    Job.objects.filter(name=name, held_by=worker).update(**changes)


def _free(now: datetime.datetime) -> QuerySet[Job]:
    return Job.objects.filter(Q(held_until__isnull=True) | Q(held_until__lt=now))
