"""The worker: one job at a time, held by one worker, stopped between two steps."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from django.utils import timezone

from incidents.models import Job
from incidents.services.jobs import HELD_FOR, add_jobs, due_jobs, give_back_job, hold_job, take_job
from incidents.tasks.registry import RECURRING, Recurring
from incidents.tasks.worker import Worker
from tests.at_once import at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


class Counted:
    """A job that counts its steps, and does something in the first one."""

    def __init__(self, steps: int = 3) -> None:
        self.steps, self.done = steps, 0

    def __call__(self) -> Iterator[None]:
        for _ in range(self.steps):
            self.done += 1
            self.in_step()
            yield

    def in_step(self) -> None: ...


def worker_of(job: Counted, name: str = "count") -> Worker:
    return Worker((Recurring(name, HOUR, job),), poll_seconds=0.01)


def test_what_is_due_is_done_once_and_comes_back() -> None:
    job = Counted()
    worker = worker_of(job)

    assert worker.run_once() == 0
    assert worker.run_once() == 0

    row = Job.objects.get()
    assert (job.done, row.held_by, row.held_until) == (3, "", None)
    assert row.finished_at is not None
    assert row.due_at > timezone.now() + HOUR - datetime.timedelta(minutes=1)


def test_a_job_that_fails_is_told_and_tried_again_later(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Counted):
        def in_step(self) -> None:
            raise ZeroDivisionError

    job, other = Failing(), Counted()
    worker = Worker((Recurring("a", HOUR, job), Recurring("b", HOUR, other)))

    assert worker.run_once() == 1

    row = Job.objects.get(name="a")
    assert (job.done, other.done) == (1, 3)
    assert (row.finished_at, row.held_by) == (None, "")
    assert row.failed_at is not None
    assert row.due_at > timezone.now()
    assert "job a failed" in caplog.text


def test_a_worker_that_is_stopped_leaves_the_rest_to_the_next(committed_db: None) -> None:
    class Stopping(Counted):
        def in_step(self) -> None:
            worker.stop()

    job = Stopping()
    worker = worker_of(job)

    worker.run()

    assert job.done == 1
    assert take_job("count", "another")


def test_a_worker_that_lost_its_job_stops() -> None:
    class Losing(Counted):
        def in_step(self) -> None:
            Job.objects.update(held_by="another")

    job = Losing()

    worker_of(job).run_once()

    row = Job.objects.get()
    assert (job.done, row.held_by) == (1, "another")


def test_while_the_database_is_away_the_worker_waits(
    committed_db: None, caplog: pytest.LogCaptureFixture
) -> None:
    class Away(Worker):
        tries = 0

        def run_once(self) -> int:
            self.tries += 1
            if self.tries == 1:
                raise OperationalError("gone")
            self.stop()
            return 0

    worker = Away((), poll_seconds=0.01)

    worker.run()

    assert worker.tries == 2
    assert "the database did not answer" in caplog.text


def test_a_job_that_is_held_is_not_due() -> None:
    add_jobs(["count"])

    assert take_job("count", "one")
    assert not take_job("count", "two")
    assert due_jobs(["count"]) == []
    assert hold_job("count", "one")
    assert not hold_job("count", "two")


def test_a_job_of_a_worker_that_died_is_free_again() -> None:
    add_jobs(["count"])
    take_job("count", "dead")
    Job.objects.update(held_until=timezone.now() - datetime.timedelta(seconds=1))

    assert take_job("count", "alive")
    assert not hold_job("count", "dead")
    give_back_job("count", "dead", due_at=timezone.now())
    assert Job.objects.get().held_by == "alive"


def test_adding_jobs_again_keeps_when_they_are_due() -> None:
    later = timezone.now() + HOUR
    add_jobs(["count"])
    Job.objects.update(due_at=later)

    add_jobs(["count", "other"])

    assert due_jobs(["count", "other"]) == ["other"]
    assert Job.objects.get(name="count").due_at == later


def test_of_workers_that_race_one_takes_the_job(committed_db: None) -> None:
    add_jobs(["count"])

    taken = at_once(lambda number: take_job("count", f"worker-{number}"), 6)

    assert sorted(taken) == [False] * 5 + [True]


def test_every_job_has_a_name_of_its_own_and_a_lease_outlives_its_steps() -> None:
    assert len({job.name for job in RECURRING}) == len(RECURRING)
    assert datetime.timedelta(minutes=1) <= HELD_FOR
