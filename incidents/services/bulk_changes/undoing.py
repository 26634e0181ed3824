"""Takes a bulk change back, as a bulk change of its own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.models import Actor, BulkChange, BulkChangeRow
from incidents.services.errors import require_responder

_Outcome = BulkChangeRow.Outcome


def undo_bulk_change(bulk_change_id: str, actor: Actor) -> BulkChange:
    """Store a change that gives each incident back what it had, where nobody changed that since; or return it.

    Raises:
        PermissionDenied: the actor may not change incidents.
        BulkChange.DoesNotExist: there is none that the actor may see.
        ValidationError: it is under way, an undo itself, or changed nothing.
    """
    require_responder(actor)
    change = BulkChange.objects.visible_to(actor).get(pk=bulk_change_id)
    if made_before := BulkChange.objects.filter(undoes=change).first():
        return made_before
    rows = list(change.rows.filter(outcome=_Outcome.CHANGED).order_by("number"))
    if change.undoes_id is not None or change.finished_at is None or not rows:
        raise ValidationError("There is nothing to undo here.", code="not_allowed")
    undo = BulkChange(
        kind=change.kind,
        custom_field=change.custom_field,
        values=change.values,
        label=change.label,
        undoes=change,
        incident_count=len(rows),
        creator_user=actor.user,
    )
    try:
        with transaction.atomic():
            undo.save(force_insert=True)
            BulkChangeRow.objects.bulk_create(
                BulkChangeRow(bulk_change=undo, number=number, incident_id=row.incident_id, undone_row=row)
                for number, row in enumerate(rows, 1)
            )
    except IntegrityError:
        # Pressed twice: the unique key let the first one through.
        return BulkChange.objects.get(undoes=change)
    return undo
