"""The settings of the duplicate check, with what they do to the pairs that people judged."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.models import Configuration, DuplicateSettingsChange
from incidents.models.duplicate_settings import HIGHEST_SCORE, LOWEST_WARN_AT
from incidents.services.duplicate_settings import edit_duplicate_settings
from incidents.services.errors import require_administrator
from incidents.services.verdict_export import COLUMNS, exported_verdicts
from incidents.web.duplicate_measures import (
    FEWEST_PAIRS,
    JudgedPair,
    outcome_at,
    read_effect,
    read_judged_pairs,
)
from incidents.web.figures import CurveFigure, curve_figure
from incidents.web.forms.duplicate_settings import DoorsForm, MarksForm
from incidents.web.htmx import redirect_page, render_page
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.http import HttpRequest, HttpResponse

    from incidents.models import DuplicateSettings

PERIODS = {30: "30 days", 90: "90 days", 365: "Year"}
USUAL_PERIOD = 90
THRESHOLDS = range(LOWEST_WARN_AT, HIGHEST_SCORE + 1, 5)
CHANGES_SHOWN = 5
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_settings(request: HttpRequest) -> HttpResponse:
    require_administrator(actor_of(request))
    settings = Configuration.current().duplicates
    if request.method != "POST":
        asked = request.GET if {"warn", "stop"} & request.GET.keys() else None
        return _page(request, settings, MarksForm(asked, settings=settings))
    form = MarksForm(request.POST, settings=settings)
    if form.is_valid() and _save(form, request):
        messages.success(request, "Warnings begin at {} points, ticks at {}.".format(*form.marks))
        return redirect_page(request, reverse("incidents:duplicate_settings"))
    return _page(request, settings, form)


@require_POST
def duplicate_doors(request: HttpRequest) -> HttpResponse:
    require_administrator(actor_of(request))
    settings = Configuration.current().duplicates
    form = DoorsForm(request.POST, settings=settings)
    if form.is_valid() and _save(form, request):
        messages.success(request, "What happens at each door is saved.")
        return redirect_page(request, reverse("incidents:duplicate_settings"))
    return _page(request, settings, MarksForm(None, settings=settings), doors=form)


@require_safe
def duplicate_verdicts(request: HttpRequest, file_format: str) -> StreamingHttpResponse:
    require_administrator(actor_of(request))
    rows = exported_verdicts(with_private="private" in request.GET)
    if file_format == "csv":
        response = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    else:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="verdicts.{file_format}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _save(form: MarksForm | DoorsForm, request: HttpRequest) -> bool:
    try:
        edit_duplicate_settings(form.to_edit(), actor_of(request))
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _page(
    request: HttpRequest, settings: DuplicateSettings, form: MarksForm, *, doors: DoorsForm | None = None
) -> HttpResponse:
    actor, days = actor_of(request), _days(request)
    pairs = read_judged_pairs(actor, days=days)
    now = (settings.warn_at, settings.stop_at)
    chosen = form.marks if form.is_bound and form.is_valid() else now
    outcomes = [outcome_at(warn_at, pairs) for warn_at in THRESHOLDS]
    context: dict[str, Any] = {
        "settings": settings,
        "form": form,
        "doors": doors or DoorsForm(settings=settings),
        "days": days,
        "periods": PERIODS,
        "pairs": len(pairs),
        "fewest": FEWEST_PAIRS,
        "outcome": outcome_at(now[0], pairs),
        "outcomes": outcomes,
        "chosen": chosen,
        "effect": read_effect(pairs, now, chosen, actor) if chosen != now else None,
        "figure": _figure(pairs, now[0], chosen[0]),
        "changes": _changes(),
    }
    is_wrong = bool(form.errors or (doors and doors.errors))
    return render_page(
        request,
        "settings/duplicates.html",
        context,
        fragment="settings/_duplicate_preview.html",
        status=422 if is_wrong else 200,
    )


def _changes() -> list[DuplicateSettingsChange]:
    rows = DuplicateSettingsChange.objects.select_related("creator_user", "creator_api_key")
    return list(rows.order_by("-id")[:CHANGES_SHOWN])


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in PERIODS if asked == str(days)), USUAL_PERIOD)


def _figure(pairs: Sequence[JudgedPair], now: int, chosen: int) -> CurveFigure | None:
    """Draw what is known: nothing where too few pairs were judged to say anything."""
    outcomes = [outcome_at(warn_at, pairs) for warn_at in THRESHOLDS]
    right = [(one.warn_at, one.right.percent) for one in outcomes if one.right.is_known]
    found = [(one.warn_at, one.found.percent) for one in outcomes if one.found.is_known]
    if len(right) < 2 and len(found) < 2:
        return None
    uprights = [(now, "now")] if chosen == now else [(now, "now"), (chosen, "chosen")]
    return curve_figure(
        [("Right when it warns", right), ("Duplicates caught", found)],
        span=(LOWEST_WARN_AT, HIGHEST_SCORE),
        uprights=uprights,
    )


def _csv_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cell(value: Any) -> str:
    """Return the value as a spreadsheet may open it: what begins as a formula does, is marked as text."""
    if isinstance(value, list):
        return "; ".join(f"{one['kind']}: {one['value']}" for one in value)
    written = "" if value is None else str(value)
    return f"'{written}" if written.startswith(_FORMULA_STARTS) else written
