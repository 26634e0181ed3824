"""The numbers behind INC-1, INC-2, …: one each, without gaps."""

from __future__ import annotations

from django.db import connection

from incidents.models.incident import ReferenceCounter

_NEXT = (
    "UPDATE incidents_referencecounter SET last_number = last_number + 1 WHERE name = 'incident'"
    " RETURNING last_number"
)


def next_incident_number() -> int:
    """Take the next number, inside the transaction that inserts the incident.

    The row stays locked until the transaction ends, so a rollback gives the number back: no gaps, no duplicates.
    Call it as the last statement before the insert, to keep that time short.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("The reference counter has no row: run manage.py migrate.")
    return int(row[0])


def lock_incident_numbers() -> None:
    """Let everybody else who declares wait until this transaction ends; one query.

    SQLite needs none of it: its transactions begin IMMEDIATE.
    """
    if connection.features.has_select_for_update:
        ReferenceCounter.objects.select_for_update().get(name="incident")
