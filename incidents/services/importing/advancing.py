"""Takes an import further, batch by batch: whoever waits for it drives it, and what dies in between loses nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from incidents.models import Actor, Import, ImportRow
from incidents.services.errors import require_administrator
from incidents.services.importing.checking import check_rows
from incidents.services.importing.declaring import import_rows

# Others who declare wait while a batch is written: it takes a quarter of a second.
BATCH = 50
_State, _Outcome = Import.State, ImportRow.Outcome


def advance_import(import_id: str, actor: Actor, *, seconds: float) -> Import:
    """Check or import rows for about so long, and return the import as it is then; at least one batch.

    A batch is one transaction with what became of its rows. Who finds another one at work on it does nothing.

    Raises:
        PermissionDenied: the actor is no administrator.
        Import.DoesNotExist: there is no such import.
    """
    require_administrator(actor)
    until = time.monotonic() + seconds
    while _advance(import_id, actor) and time.monotonic() < until:
        pass
    return Import.objects.get(pk=import_id)


def _advance(import_id: str, actor: Actor) -> bool:
    """Do one batch; say whether there may be another one."""
    with transaction.atomic():
        waiting = Import.objects.select_for_update(skip_locked=True).filter(pk=import_id)
        incident_import = waiting.first()
        if incident_import is None:
            return False
        if incident_import.state == _State.CHECKING:
            rows = _next(incident_import, _Outcome.WAITING)
            check_rows(incident_import, rows, actor)
            return _go_on(incident_import, rows, _State.CHECKED)
        if incident_import.state == _State.IMPORTING:
            rows = _next(incident_import, _Outcome.READY, _Outcome.SIMILAR)
            import_rows(incident_import, rows, actor)
            return _go_on(incident_import, rows, _State.DONE)
        return False


def _next(incident_import: Import, *outcomes: str) -> list[ImportRow]:
    return list(incident_import.rows.filter(outcome__in=outcomes).order_by("number")[:BATCH])


def _go_on(incident_import: Import, rows: Sequence[ImportRow], state: str) -> bool:
    if rows:
        return True
    incident_import.state = state
    incident_import.finished_at = timezone.now() if state == _State.DONE else None
    incident_import.save(update_fields=["state", "finished_at"])
    return False
