"""How many requests a key may make a minute, also over several processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import ApiKey
from incidents.services import api_key_usage
from incidents.services.api_key_usage import STEP, count_request
from tests.make import make_api_key

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Process:
    """A web process: what it counted and has not told yet is its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counted: dict[str, object] = {}
        self.monkeypatch = monkeypatch

    def answered(self, api_key: ApiKey, requests: int) -> int:
        """Return how many of these requests this process answers."""
        with self.monkeypatch.context() as patch:
            patch.setattr(api_key_usage, "_counted", self.counted)
            return sum(not count_request(api_key).is_exceeded for _ in range(requests))


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    return Process(monkeypatch)


@pytest.fixture
def other_process(monkeypatch: pytest.MonkeyPatch) -> Process:
    return Process(monkeypatch)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@contextmanager
def later(**passed: int) -> Iterator[None]:
    with time_machine.travel(NOON + timedelta(**passed), tick=False):
        yield


def limited(rate_limit: int, name: str = "ledger-watch") -> ApiKey:
    return make_api_key(name, rate_limit=rate_limit).api_key


@pytest.mark.parametrize("rate_limit", [1, 5, STEP, STEP + 1, 3 * STEP + 7])
def test_one_process_answers_exactly_the_limit(process: Process, rate_limit: int) -> None:
    assert process.answered(limited(rate_limit), rate_limit + 50) == rate_limit


def test_a_new_minute_begins_anew(process: Process) -> None:
    api_key = limited(5)
    process.answered(api_key, 9)

    with later(seconds=59):
        same_minute = process.answered(api_key, 1)
    with later(seconds=60):
        next_minute = process.answered(api_key, 9)

    assert (same_minute, next_minute) == (0, 5)


def test_keys_do_not_use_up_each_others_limit(process: Process) -> None:
    process.answered(limited(5), 9)

    assert process.answered(limited(5, "Terraform"), 9) == 5


def test_processes_know_of_each_other(process: Process, other_process: Process) -> None:
    api_key = limited(100)

    answered = process.answered(api_key, 60) + other_process.answered(api_key, 60)

    assert 100 <= answered <= 100 + STEP


def test_processes_that_take_turns_pass_the_limit_by_one_step_each(
    process: Process, other_process: Process
) -> None:
    api_key = limited(200)

    answered = sum(process.answered(api_key, 1) + other_process.answered(api_key, 1) for _ in range(300))

    assert 200 <= answered <= 200 + 2 * STEP


def test_a_process_that_starts_late_finds_the_limit_used_up(process: Process, other_process: Process) -> None:
    api_key = limited(STEP + 1)
    process.answered(api_key, STEP + 1)

    assert other_process.answered(api_key, 1) == 0


def test_the_first_request_of_a_minute_and_every_step_after_it_is_written(process: Process) -> None:
    api_key = limited(1_000)

    with CaptureQueriesContext(connection) as queries:
        process.answered(api_key, 1 + 3 * STEP)

    assert len(queries) == 4
    stored = ApiKey.objects.get(pk=api_key.pk)
    assert (stored.usage_count, stored.last_used_at) == (1 + 3 * STEP, NOON)


def test_refused_requests_are_not_written(process: Process) -> None:
    api_key = limited(1)
    process.answered(api_key, 1)

    with CaptureQueriesContext(connection) as queries:
        process.answered(api_key, 100)

    assert len(queries) == 0


def test_the_answer_tells_what_is_left_and_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    api_key = limited(3)
    monkeypatch.setattr(api_key_usage, "_counted", {})

    with later(seconds=12):
        limits = [count_request(api_key) for _ in range(4)]
        seconds_left = limits[-1].seconds_left

    assert [limit.remaining for limit in limits] == [2, 1, 0, 0]
    assert [limit.is_exceeded for limit in limits] == [False, False, False, True]
    assert {limit.resets_at for limit in limits} == {NOON + timedelta(minutes=1)}
    assert seconds_left == 49
