"""Takes a bulk change further, row by row: whoever waits for it drives it, and what dies in between loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from incidents.models import Actor, BulkChange, BulkChangeRow, Incident
from incidents.services.bulk_changes.applying import apply_row

STEP = 25
"""How many rows are done at least each time that somebody drives."""
_Outcome = BulkChangeRow.Outcome
_NOT_ALLOWED = "You may not change incidents any more."
_OUT_OF_SIGHT = "You do not see this incident any more."


def advance_bulk_change(bulk_change_id: str, *, seconds: float) -> bool:
    """Do STEP rows, then more for about so long; tell whether rows are left. Each row is a transaction of its own.

    Rows are done as the person who started the change, with what that person may do by then. Two who drive at once
    never do the same row: it is locked by the first, and passed over by the other.

    Raises:
        BulkChange.DoesNotExist: there is no such change.
    """
    until, done = time.monotonic() + seconds, 0
    while done < STEP or time.monotonic() < until:
        if not _advance(bulk_change_id):
            break
        done += 1
    return not _finish(bulk_change_id)


def advance_unfinished(*, seconds: float) -> Iterator[None]:
    """Take every change further that is not finished, the oldest first, and yield between the steps."""
    unfinished = BulkChange.objects.filter(finished_at__isnull=True).order_by("id")
    for bulk_change_id in list(unfinished.values_list("pk", flat=True)):
        while advance_bulk_change(bulk_change_id, seconds=seconds):
            yield
        yield


def _advance(bulk_change_id: str) -> bool:
    """Do the first row that waits and that nobody else is at; tell whether there was one."""
    with transaction.atomic():
        rows = BulkChangeRow.objects.select_for_update(skip_locked=True, of=("self",))
        waiting = rows.filter(bulk_change=bulk_change_id, outcome=_Outcome.WAITING).order_by("number")
        row = waiting.select_related("bulk_change__creator_user", "undone_row__bulk_change").first()
        if row is None:
            return False
        _do(row)
    return True


def _do(row: BulkChangeRow) -> None:
    """Change the incident and note what became of it; a refusal leaves nothing behind but its reason."""
    try:
        with transaction.atomic():
            apply_row(row, Actor.of_user(row.bulk_change.creator_user))
    except PermissionDenied:
        _refuse(row, _NOT_ALLOWED)
    except Incident.DoesNotExist:
        _refuse(row, _OUT_OF_SIGHT)
    except ValidationError as error:
        _refuse(row, " ".join(error.messages))
    row.save(update_fields=["outcome", "reason", "before", "before_label", "incident_event"])


def _refuse(row: BulkChangeRow, reason: str) -> None:
    row.outcome, row.reason, row.incident_event = _Outcome.REFUSED, reason, None


def _finish(bulk_change_id: str) -> bool:
    """Note that no row waits any more; tell whether that is so. A row that another one is at still waits."""
    waiting = BulkChangeRow.objects.filter(bulk_change=OuterRef("pk"), outcome=_Outcome.WAITING)
    change = BulkChange.objects.filter(pk=bulk_change_id)
    change.filter(~Exists(waiting), finished_at__isnull=True).update(finished_at=timezone.now())
    return change.values_list("finished_at", flat=True).get() is not None
