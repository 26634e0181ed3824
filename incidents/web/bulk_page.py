"""What the page of a bulk change shows before anything happens: which incidents, and what would become of them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

from incidents.models import BulkChange, BulkChangeRow
from incidents.models.bulk_change import MOST_INCIDENTS
from incidents.models.ulid import new_ulid
from incidents.services.bulk_changes import judge_incidents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incidents.models import Configuration, Incident
    from incidents.services.bulk_changes import Verdict, Wanted
    from incidents.web.bulk_selection import BulkSelection

SHOWN = 25
REASONS_SHOWN = 5
MERGE = "merge"
_Outcome = BulkChangeRow.Outcome
KINDS = (
    (BulkChange.Kind.STATUS, "Status", "activity"),
    (BulkChange.Kind.SEVERITY, "Severity", "shield-alert"),
    (BulkChange.Kind.LEAD, "Lead", "user-plus"),
    (BulkChange.Kind.CUSTOM_FIELD, "Field", "text-cursor-input"),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BulkPreview:
    """What would happen: how often each outcome, why incidents are refused, and the first of them.

    `opened` counts the private incidents that somebody gets to see by becoming their lead.
    """

    wanted: Wanted
    changed: int
    unchanged: int
    refused: int
    reasons: Sequence[tuple[str, int]]
    opened: int
    shown: Sequence[Verdict]
    form_token: str


def read_preview(wanted: Wanted, selection: BulkSelection, configuration: Configuration) -> BulkPreview:
    """Judge every incident; two queries at most."""
    verdicts = judge_incidents(wanted, selection.incidents, configuration)
    counts = Counter(verdict.outcome for verdict in verdicts)
    reasons = Counter(verdict.reason for verdict in verdicts if verdict.outcome == _Outcome.REFUSED)
    return BulkPreview(
        wanted=wanted,
        changed=counts[_Outcome.CHANGED],
        unchanged=counts[_Outcome.UNCHANGED],
        refused=counts[_Outcome.REFUSED],
        reasons=reasons.most_common(REASONS_SHOWN),
        opened=_opened(wanted, verdicts),
        shown=verdicts[:SHOWN],
        form_token=new_ulid(),
    )


def selection_context(selection: BulkSelection) -> dict[str, object]:
    """Return what the page says of the incidents, whatever is done to them."""
    shown: Sequence[Incident] = selection.incidents[:SHOWN]
    return {
        "selection": selection,
        "shown": shown,
        "more": len(selection.incidents) - len(shown),
        "most": MOST_INCIDENTS,
    }


def _opened(wanted: Wanted, verdicts: Sequence[Verdict]) -> int:
    if wanted.kind != BulkChange.Kind.LEAD or not wanted.values:
        return 0
    return sum(one.incident.is_private for one in verdicts if one.outcome == _Outcome.CHANGED)
