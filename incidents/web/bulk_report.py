"""What the report of a bulk change shows: how far it is, and what became of each incident."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from incidents.filters import BULK_CHANGE
from incidents.models import BulkChange, BulkChangeRow, Incident

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from incidents.models import Actor

ROWS = 50
RECENT = 50
_Outcome = BulkChangeRow.Outcome
_TABS = (
    ("", "All"),
    (_Outcome.CHANGED, "Changed"),
    (_Outcome.UNCHANGED, "Already so"),
    (_Outcome.REFUSED, "Refused"),
    (_Outcome.UNDONE, "Undone"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class ReportRow:
    """One incident of the report; without a name where the reader does not see it."""

    incident: Incident | None
    outcome: str
    outcome_label: str
    reason: str
    before: str
    after: str


def report_context(change: BulkChange, query: QueryDict, actor: Actor) -> dict[str, Any]:
    """Return everything that the page shows; four queries at most. The change has `undoes` selected along."""
    counts = _counts(change)
    outcome = query.get("outcome", "")
    outcome = outcome if outcome in _Outcome.values else ""
    after = query.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0
    rows = _rows(change, outcome, start, actor)
    return {
        "change": change,
        "counts": counts,
        "finished": change.incident_count - counts[_Outcome.WAITING],
        "is_working": change.finished_at is None,
        "tabs": _tabs(change, counts, outcome),
        "rows": [row for _, row in rows[:ROWS]],
        "next_url": _page_url(change, outcome, rows[ROWS - 1][0]) if len(rows) > ROWS else "",
        "first_url": _page_url(change, outcome, 0) if start else "",
        "set_url": set_url(change),
        "can_undo": _can_undo(change, counts, actor),
        "undone_by": BulkChange.objects.filter(undoes=change).values_list("pk", flat=True).first(),
    }


def set_url(change: BulkChange) -> str:
    """Return the list of exactly these incidents."""
    return f"{reverse('incidents:list')}?{BULK_CHANGE}[one_of]={change.pk}"


def recent_changes(actor: Actor) -> list[BulkChange]:
    """Return the newest changes of the person, with how many incidents each changed; one query."""
    own = BulkChange.objects.filter(creator_user_id=actor.user_id).select_related("undoes")
    return list(own.order_by("-id")[:RECENT])


def _counts(change: BulkChange) -> dict[str, int]:
    counted = change.rows.order_by().values_list("outcome").annotate(number=Count("pk"))
    return {**dict.fromkeys(_Outcome.values, 0), **dict(counted)}


def _rows(change: BulkChange, outcome: str, start: int, actor: Actor) -> list[tuple[int, ReportRow]]:
    """Return the rows of a page and one more, each with its number; two queries."""
    rows = change.rows.filter(number__gt=start).select_related("undone_row").order_by("number")
    found = list((rows.filter(outcome=outcome) if outcome else rows)[: ROWS + 1])
    visible = Incident.objects.visible_to(actor, are_few=True).filter(
        pk__in=[row.incident_id for row in found]
    )
    incidents = {one.pk: one for one in visible.only("number", "name", "visibility")}
    return [(row.number, _row(row, change, incidents)) for row in found]


def _row(row: BulkChangeRow, change: BulkChange, incidents: Mapping[str, Incident]) -> ReportRow:
    incident = incidents.get(row.incident_id)
    after = change.label if row.undone_row is None else row.undone_row.before_label
    is_told = incident is not None and row.outcome in {_Outcome.CHANGED, _Outcome.UNDONE}
    return ReportRow(
        incident=incident,
        outcome=row.outcome,
        outcome_label=str(row.get_outcome_display()),
        reason=row.reason if incident is not None else "",
        before=row.before_label if is_told else "",
        after=after if is_told else "",
    )


def _tabs(change: BulkChange, counts: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": counts[outcome] if outcome else change.incident_count,
            "url": _page_url(change, outcome, 0),
            "is_current": outcome == current,
        }
        for outcome, label in _TABS
        if not outcome or counts[outcome]
    ]


def _page_url(change: BulkChange, outcome: str, after: int) -> str:
    parameters = {"outcome": outcome, "after": after}
    query = urlencode({name: value for name, value in parameters.items() if value})
    url = reverse("incidents:bulk_change", args=[change.pk])
    return f"{url}?{query}" if query else url


def _can_undo(change: BulkChange, counts: Mapping[str, int], actor: Actor) -> bool:
    is_over = change.finished_at is not None and change.undoes_id is None
    return actor.can_respond and is_over and counts[_Outcome.CHANGED] > 0
