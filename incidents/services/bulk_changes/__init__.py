"""One change of many incidents: looked at beforehand, started, taken further row by row, and undone."""

from __future__ import annotations

from incidents.services.bulk_changes.advancing import advance_bulk_change, advance_unfinished
from incidents.services.bulk_changes.forgetting import forget_old_bulk_changes
from incidents.services.bulk_changes.judging import Verdict, judge_incidents
from incidents.services.bulk_changes.starting import BulkChangeDraft, start_bulk_change
from incidents.services.bulk_changes.undoing import undo_bulk_change
from incidents.services.bulk_changes.values import Wanted, clean_wanted

__all__ = [
    "BulkChangeDraft",
    "Verdict",
    "Wanted",
    "advance_bulk_change",
    "advance_unfinished",
    "clean_wanted",
    "forget_old_bulk_changes",
    "judge_incidents",
    "start_bulk_change",
    "undo_bulk_change",
]
