"""Every job of the worker. Add yours here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from incidents.tasks.bulk_changes import advance_bulk_changes
from incidents.tasks.housekeeping import end_sessions, forget_bulk_changes, forget_idempotency_keys
from incidents.tasks.similarity import (
    find_pairs_that_look_alike,
    prune_similarity_tokens,
    read_similarity_tokens_again,
)

Steps = Iterator[None]


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job and how often it is due. `run` yields after each of its transactions: there it may be stopped."""

    name: str
    every: datetime.timedelta
    run: Callable[[], Steps]


RECURRING = (
    Recurring("advance-bulk-changes", datetime.timedelta(seconds=10), advance_bulk_changes),
    Recurring("read-similarity-tokens-again", datetime.timedelta(seconds=10), read_similarity_tokens_again),
    Recurring("prune-similarity-tokens", datetime.timedelta(hours=1), prune_similarity_tokens),
    Recurring("find-pairs-that-look-alike", datetime.timedelta(hours=1), find_pairs_that_look_alike),
    Recurring("forget-idempotency-keys", datetime.timedelta(hours=1), forget_idempotency_keys),
    Recurring("forget-bulk-changes", datetime.timedelta(hours=6), forget_bulk_changes),
    Recurring("end-sessions", datetime.timedelta(hours=6), end_sessions),
)
