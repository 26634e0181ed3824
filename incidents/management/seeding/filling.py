"""Fills a database with demo incidents, batch by batch."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from incidents.management.seeding.calendar import YEARS, Calendar
from incidents.management.seeding.cast import Cast, store_cast
from incidents.management.seeding.indexes import indexes_made_last
from incidents.management.seeding.plans import Planner
from incidents.management.seeding.routes import Statuses
from incidents.management.seeding.search_texts import word_reader
from incidents.management.seeding.tables import table_names
from incidents.management.seeding.writing import Writer
from incidents.models import Incident, ReferenceCounter
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.incident_status import OPEN_CATEGORIES
from incidents.models.ulid import first_ulid_at
from incidents.services.similarity import index_incidents
from incidents.services.similarity.window import WINDOW_DAYS

BATCH = 2_000
LARGE = 20_000
Progress = Callable[[int], None]


def fill(*, count: int, seed: int, progress: Progress, years: int = YEARS) -> None:
    """Store the cast and `count` incidents; each batch is one transaction, so that a stop leaves whole incidents.

    A large load into an empty PostgreSQL database is one transaction altogether.

    Raises:
        CommandError: the configuration lacks what every incident needs.
    """
    now = timezone.now()
    is_large = count >= LARGE and not Incident.objects.exists()
    calendar = Calendar(count, now, years=years)
    if is_large:
        with word_reader() as reader, indexes_made_last(table_names()):
            _fill(calendar, seed, now, progress, reader)
    else:
        _fill(calendar, seed, now, progress, None)
    _gather_statistics(connection.introspection.table_names())


def _fill(
    calendar: Calendar, seed: int, now: datetime.datetime, progress: Progress, reader: Executor | None
) -> None:
    count = calendar.count
    with transaction.atomic():
        cast = store_cast(settings.DEMO_PASSWORD)
        _refuse_missing_statuses(cast)
        planner = Planner(cast, seed=seed, calendar=calendar, now=now)
        first_number = _last_number() + 1
        writer = Writer(cast, first_number=first_number, count=count, now=now, word_reader=reader)
        _fill_batch(planner, writer, range(min(BATCH, count)))
        # Triggers plan their statements now, and keep to it: they must not think that the tables stay empty.
        _gather_statistics(table_names())
    progress(min(BATCH, count))
    for start in range(BATCH, count, BATCH):
        indexes = range(start, min(start + BATCH, count))
        with transaction.atomic():
            _fill_batch(planner, writer, indexes)
        progress(indexes.stop)
    _index_for_similarity(now)


def _fill_batch(planner: Planner, writer: Writer, indexes: range) -> None:
    plans = [planner.plan(index) for index in indexes]
    for plan in plans:
        writer.add(plan)
    # The row is locked from here on: whoever declares meanwhile gets the number after the batch.
    counter = ReferenceCounter.objects.filter(name="incident")
    moved = counter.filter(last_number=writer.last_number - len(indexes))
    listed = [plan.is_private for plan in plans if plan.mode in DEFAULT_MODES]
    if (
        moved.update(
            last_number=F("last_number") + len(indexes),
            listed_public=F("listed_public") + listed.count(False),
            listed_private=F("listed_private") + listed.count(True),
        )
        != 1
    ):
        raise CommandError("Somebody declared an incident meanwhile. Stop everything else and start again.")
    writer.tables.write()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


def _last_number() -> int:
    return ReferenceCounter.objects.values_list("last_number", flat=True).get(name="incident")


def _refuse_missing_statuses(cast: Cast) -> None:
    if missing := Statuses(cast.configuration).missing():
        raise CommandError(f"Add an incident status of the category {', '.join(missing)} first.")


def _index_for_similarity(now: datetime.datetime) -> None:
    """Give those that the duplicate check compares their words."""
    since = first_ulid_at(now - datetime.timedelta(days=WINDOW_DAYS))
    compared = Incident.objects.filter(id__gte=since) | Incident.objects.filter(
        status_category__in=OPEN_CATEGORIES
    )
    index_incidents(compared.iterator(chunk_size=500))


def _gather_statistics(tables: Iterable[str]) -> None:
    """Let the planner know what is there now, instead of when autovacuum comes by.

    Table by table: without names a superuser of PostgreSQL would lock what all databases share, until the commit.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
