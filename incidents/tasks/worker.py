"""The loop of a worker: one job after the other, stopped between two transactions."""

from __future__ import annotations

import contextlib
import logging
import queue
import secrets
import socket
from collections.abc import Sequence

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from incidents.services.jobs import add_jobs, due_jobs, give_back_job, hold_job, take_job
from incidents.tasks.registry import RECURRING, Recurring

logger = logging.getLogger(__name__)

POLL_SECONDS = 5.0


class Worker:
    """Runs what is due until it is stopped. Several may run, on several machines."""

    def __init__(self, jobs: Sequence[Recurring] = RECURRING, *, poll_seconds: float = POLL_SECONDS) -> None:
        self.name = f"{socket.gethostname()[:40]}-{secrets.token_hex(6)}"
        self._jobs = {job.name: job for job in jobs}
        self._poll_seconds = poll_seconds
        self._is_stopping = False
        # A handler of a signal may put into it at any moment; an Event could lock itself out there.
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()

    def stop(self) -> None:
        """Let the step that runs finish, and no other one begin."""
        self._is_stopping = True
        self._bell.put(None)

    def run(self) -> None:
        """Work until stopped. While the database is away, wait for it."""
        while not self._is_stopping:
            close_old_connections()
            try:
                self.run_once()
            except DatabaseError:
                logger.exception("the database did not answer; trying again in %s s", self._poll_seconds)
            with contextlib.suppress(queue.Empty):
                self._bell.get(timeout=self._poll_seconds)

    def run_once(self) -> int:
        """Run every job that is due to its end, and return how many failed."""
        add_jobs(self._jobs)
        failed = 0
        for name in due_jobs(self._jobs):
            if not self._is_stopping and take_job(name, self.name):
                failed += not self._work(self._jobs[name])
        return failed

    def _work(self, job: Recurring) -> bool:
        """Do a job that was taken, and tell whether it went well. One that fails is tried when it is due again."""
        try:
            is_finished = self._take_steps(job)
        # Whatever one job raises, the others go on: the failure is logged and kept with the job.
        except Exception:
            logger.exception("job %s failed", job.name)
            give_back_job(job.name, self.name, due_at=timezone.now() + job.every, has_failed=True)
            return False
        if is_finished:
            give_back_job(job.name, self.name, due_at=timezone.now() + job.every)
        else:
            # Stopped half-way: whoever comes next goes on at once.
            give_back_job(job.name, self.name, due_at=timezone.now())
        return True

    def _take_steps(self, job: Recurring) -> bool:
        for _ in job.run():
            if self._is_stopping or not hold_job(job.name, self.name):
                return False
        logger.debug("job %s is done", job.name)
        return True
