"""The numbers behind INC-1, INC-2, …: one each, without gaps; and how many incidents there are."""

from __future__ import annotations

from django.db import connection
from django.db.models import F

from incidents.models import Incident
from incidents.models.incident import ReferenceCounter
from incidents.models.incident_conditions import DEFAULT_MODES

LARGEST_STEP = 1_000_000
"""How far an import may run ahead of the numbers there are: a slip would be with the company for ever."""

_NEXT = (
    "UPDATE incidents_referencecounter SET last_number = last_number + 1,"
    " listed_public = listed_public + %s, listed_private = listed_private + %s"
    " WHERE name = 'incident' RETURNING last_number"
)


class NumberTakenError(ValueError):
    """An incident has this number already, or it is too far ahead; the message says which."""


def number_incident(incident: Incident, wanted: int | None = None) -> None:
    """Give an incident the next number, or the one that an import asks for, inside the transaction that inserts it.

    The counter's row stays locked until the transaction ends, so a rollback gives the number back: no gaps, no
    duplicates. Call it as the last statement before the insert, to keep that time short. One query, three for a
    number that is asked for.

    Raises:
        NumberTakenError: the number cannot be given.
    """
    if wanted is not None:
        incident.number = _take(wanted, incident)
        return
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, _listed(incident))
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("The reference counter has no row: run manage.py migrate.")
    incident.number = int(row[0])


def lock_incident_numbers() -> None:
    """Let everybody else who declares wait until this transaction ends; one query.

    SQLite needs none of it: its transactions begin IMMEDIATE.
    """
    if connection.features.has_select_for_update:
        ReferenceCounter.objects.select_for_update().get(name="incident")


def recount_listed(*, mode: str, visibility: str, incident: Incident) -> None:
    """Move an incident between the counts after its mode or visibility was another one; one query if it moves."""
    before, after = _listed(Incident(mode=mode, visibility=visibility)), _listed(incident)
    if before != after:
        ReferenceCounter.objects.filter(name="incident").update(
            listed_public=F("listed_public") + after[0] - before[0],
            listed_private=F("listed_private") + after[1] - before[1],
        )


def _take(wanted: int, incident: Incident) -> int:
    counter = ReferenceCounter.objects.select_for_update().get(name="incident")
    if wanted > counter.last_number + LARGEST_STEP:
        raise NumberTakenError(f"INC-{wanted} is too far ahead: the last one is INC-{counter.last_number}.")
    if Incident.objects.filter(number=wanted).exists():
        raise NumberTakenError(f"INC-{wanted} exists already.")
    if wanted <= counter.last_number:
        counter.skipped -= 1
    else:
        counter.skipped += wanted - counter.last_number - 1
        counter.last_number = wanted
    public, private = _listed(incident)
    counter.listed_public += public
    counter.listed_private += private
    counter.save()
    return wanted


def _listed(incident: Incident) -> tuple[int, int]:
    """Return what an incident adds to the two counts."""
    if incident.mode not in DEFAULT_MODES:
        return 0, 0
    return (0, 1) if incident.is_private else (1, 0)
