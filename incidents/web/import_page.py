"""What the page of an import shows: how far it is, and what is wrong with which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count

from incidents.models import Import, ImportRow, Incident
from incidents.web.incident_csv import csv_text, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from incidents.models import Actor
    from incidents.models.incident_queryset import IncidentQuerySet

ROWS_SHOWN = 100
ROWS_GROUPED = 5_000
NUMBERS_SHOWN = 5
REPORT_CHUNK = 1_000
_Outcome, _State = ImportRow.Outcome, Import.State
_STEPS = ("File", "Columns", "Dry run", "Import")
_CURRENT_STEPS = {
    _State.COLUMNS: 2,
    _State.CHECKING: 3,
    _State.CHECKED: 3,
    _State.IMPORTING: 4,
    _State.STOPPED: 4,
    _State.DONE: 5,
}
_REPORT_HEAD = ["Row", "Id in the source", "Result", "Incident", "Column", "Problem"]


def steps_of(state: str) -> dict[str, Any]:
    """Return the four steps with where the import stands; a fifth means that it is done."""
    current = _CURRENT_STEPS.get(_State(state), 1) if state else 1
    steps = [
        {"name": name, "is_done": place < current, "is_current": place == current}
        for place, name in enumerate(_STEPS, 1)
    ]
    return {"steps": steps, "step": min(current, len(_STEPS)), "step_name": _STEPS[min(current, 4) - 1]}


def import_context(incident_import: Import, actor: Actor) -> dict[str, Any]:
    """Return everything that the page shows; six queries."""
    counts = _counts(incident_import)
    is_working = incident_import.state in {_State.CHECKING, _State.IMPORTING}
    context = {
        **steps_of(incident_import.state),
        "incident_import": incident_import,
        "is_working": is_working,
        "counts": counts,
        "importable": counts[_Outcome.READY] + counts[_Outcome.SIMILAR],
        "finished": _finished(incident_import, counts),
        "policies": Import.Duplicates.choices,
    }
    if not is_working:
        is_checked = incident_import.state == _State.CHECKED
        outcome = (_Outcome.SIMILAR, "Look like duplicates") if is_checked else (_Outcome.MADE, "Imported")
        context["row_table"] = _row_table(incident_import, *outcome, actor)
        context["problem_tables"] = [
            table
            for told in _told(incident_import)
            if (table := _problem_table(incident_import, *told))["rows"]
        ]
    return context


def report_lines(incident_import: Import, actor: Actor) -> Iterator[str]:
    """Yield a CSV with what became of each row, chunk by chunk; two queries each."""
    yield csv_text([_REPORT_HEAD])
    last = 0
    while True:
        following = incident_import.rows.filter(number__gt=last).order_by("number").defer("content")
        rows = list(following[:REPORT_CHUNK])
        if not rows:
            return
        references = _references(rows, actor)
        yield csv_text(line for row in rows for line in _report(row, references))
        last = rows[-1].number


def _told(incident_import: Import) -> list[tuple[str, str]]:
    """Return the outcomes whose problems are told, many rows with the same one together."""
    if incident_import.state == _State.CHECKED:
        return [
            (_Outcome.BAD, "Cannot be read, and are left out"),
            (_Outcome.READY, "Are imported with a change"),
        ]
    return [(_Outcome.BAD, "Could not be read"), (_Outcome.MADE, "Were imported with a change")]


def _problem_table(incident_import: Import, outcome: str, title: str) -> dict[str, Any]:
    """Return each problem once, with the rows that have it, of the first rows with problems."""
    rows = incident_import.rows.filter(outcome=outcome).exclude(problems=[]).order_by("number")
    told: dict[tuple[str, str], list[int]] = {}
    for number, problems in rows.values_list("number", "problems")[:ROWS_GROUPED]:
        for problem in problems:
            told.setdefault((problem["column"], problem["message"]), []).append(number)
    return {
        "title": title,
        "is_cut": len(told) > ROWS_SHOWN,
        "rows": [
            {"numbers": numbers[:NUMBERS_SHOWN], "more": max(len(numbers) - NUMBERS_SHOWN, 0)}
            | {"column": column, "message": message}
            for (column, message), numbers in list(told.items())[:ROWS_SHOWN]
        ],
    }


def _row_table(incident_import: Import, outcome: str, title: str, actor: Actor) -> dict[str, Any]:
    """Return the first rows of an outcome with the incidents that they are about."""
    rows = incident_import.rows.filter(outcome=outcome).order_by("number").defer("content")
    shown = list(rows[:ROWS_SHOWN])
    references = _references(shown, actor)
    return {
        "title": title,
        "is_cut": len(shown) == ROWS_SHOWN,
        "rows": [
            {
                "number": row.number,
                "reference": references.get(row.incident_id or ""),
                "message": " ".join(problem["message"] for problem in row.problems),
            }
            for row in shown
        ],
    }


def _counts(incident_import: Import) -> dict[str, int]:
    counted = incident_import.rows.order_by().values_list("outcome").annotate(number=Count("pk"))
    return {**dict.fromkeys(_Outcome.values, 0), **dict(counted)}


def _finished(incident_import: Import, counts: Mapping[str, int]) -> int:
    """Return how many rows the step that is under way has behind it."""
    left = counts[_Outcome.WAITING]
    if incident_import.state != _State.CHECKING:
        left += counts[_Outcome.READY] + counts[_Outcome.SIMILAR]
    return incident_import.row_count - left


def _references(rows: list[ImportRow], actor: Actor) -> dict[str, str]:
    visible: IncidentQuerySet = Incident.objects.visible_to(actor)
    found = visible.filter(pk__in=[row.incident_id for row in rows if row.incident_id]).only("number")
    return {incident.pk: incident.reference for incident in found}


def _report(row: ImportRow, references: Mapping[str, str]) -> Iterator[list[str]]:
    reference = references.get(row.incident_id or "", "")
    start = [str(row.number), harmless(row.source_id), row.get_outcome_display(), reference]
    for problem in row.problems or [{"column": "", "message": ""}]:
        yield [*start, harmless(problem["column"]), harmless(problem["message"])]
