"""Removes bulk changes that nobody looks at any more; what they did stays in the history of each incident."""

from __future__ import annotations

import datetime

from django.utils import timezone

from incidents.models import BulkChange

KEPT_FOR = datetime.timedelta(days=90)


def forget_old_bulk_changes() -> bool:
    """Remove the oldest change that has had its time, with its undo; tell whether there was one."""
    # An undo goes with what it undoes, and not before: else it would be offered once more.
    old = BulkChange.objects.filter(undoes__isnull=True, created_at__lt=timezone.now() - KEPT_FOR)
    forgotten = old.order_by("pk").first()
    if forgotten is None:
        return False
    forgotten.delete()
    return True
