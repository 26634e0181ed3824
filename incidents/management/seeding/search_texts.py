"""The texts that the search reads, whose words take a fourth of the time of a load: a process of their own reads them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import django
from django.db import connection

from incidents.management.seeding.bulk import copy_rows
from incidents.models import IncidentSearchText
from incidents.services.search_text import SearchRow, store_texts

CHUNK = 250
Stored = tuple[str, str, str]


class SearchTexts:
    """What the search reads of incidents; on PostgreSQL another process may read the words while more is noted."""

    name = IncidentSearchText._meta.db_table

    def __init__(self, reader: Executor | None) -> None:
        self._reader = reader
        self._rows: list[SearchRow] = []
        self._begun: list[Future[list[Stored]]] = []

    def add(self, row: SearchRow) -> None:
        """Note a row."""
        self._rows.append(row)
        if self._reader is not None and len(self._rows) == CHUNK:
            self._begun.append(self._reader.submit(_read, self._rows))
            self._rows = []

    def write(self) -> None:
        """Store the texts with their words, and forget them."""
        if connection.vendor == "postgresql":
            others = [row for begun in self._begun for row in begun.result()]
            copy_rows(self.name, ("incident_id", "text", "words"), [*others, *_read(self._rows)])
        else:
            store_texts(self._rows, connection)
        self._rows, self._begun = [], []


@contextlib.contextmanager
def word_reader() -> Iterator[Executor | None]:
    """Start a process that reads words; none where it would gain nothing: on SQLite, and with one processor."""
    if connection.vendor != "postgresql" or (os.cpu_count() or 1) < 2:
        yield None
        return
    # A new process, not a fork: it must not hold the connection to the database.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned, initializer=django.setup) as reader:
        yield reader


def _read(rows: list[SearchRow]) -> list[Stored]:
    return [(row.stored_id, row.text, row.vector) for row in rows]
