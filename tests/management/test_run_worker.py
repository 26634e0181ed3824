"""manage.py run_worker and index_incidents."""

from __future__ import annotations

import io
import os
import signal
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from incidents.models import IncidentToken, Job, TokenReading
from incidents.tasks.registry import RECURRING
from tests.make import make_incident

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_once_does_every_job_and_ends() -> None:
    make_incident()

    call_command("run_worker", "--once")

    finished = set(Job.objects.exclude(finished_at=None).values_list("name", flat=True))
    assert finished == {job.name for job in RECURRING}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    class Stopping(io.StringIO):
        def write(self, text: str) -> int:
            os.kill(os.getpid(), number)
            return super().write(text)

    output = Stopping()

    call_command("run_worker", stdout=output)

    assert output.getvalue() == "The worker runs. Ctrl-C ends it.\n"


def test_tokens_are_read_again_at_once() -> None:
    make_incident()
    IncidentToken.objects.all().delete()
    output = io.StringIO()

    call_command("index_incidents", stdout=output)

    assert output.getvalue() == "  1 of 1 incidents read\n"
    assert IncidentToken.objects.exists()
    assert TokenReading.objects.get().is_done
