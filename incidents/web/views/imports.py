"""Importing incidents: the file, its columns, the dry run, and the import, driven by the page that waits for it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.models import Configuration, Import
from incidents.models.ulid import is_ulid
from incidents.services.errors import require_administrator
from incidents.services.importing import (
    ImportDraft,
    ImportFileError,
    advance_import,
    begin_import,
    choose_columns,
    start_import,
    stop_import,
)
from incidents.web.forms.imports import MOST_ROWS, ColumnsForm, FileForm
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.import_page import import_context, report_lines, steps_of
from incidents.web.incident_csv import BYTE_ORDER_MARK
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

SECONDS_OF_A_POLL = 2.0
SECONDS_OF_A_PAGE = 0.5
SECONDS_TO_REFRESH = 2
EARLIER_SHOWN = 50
form_methods = require_http_methods(["GET", "HEAD", "POST"])


def of_import(view: Callable[[HttpRequest, Import], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Find the import that the address names, for administrators; one that is still being read is not there yet."""

    @wraps(view)
    def with_import(request: HttpRequest, import_id: str) -> HttpResponseBase:
        require_administrator(actor_of(request))
        pk = import_id.upper()
        found = Import.objects.filter(pk=pk).exclude(state=Import.State.READING) if is_ulid(pk) else None
        incident_import = found.first() if found is not None else None
        if incident_import is None:
            raise Http404
        return view(request, incident_import)

    return with_import


@form_methods
def import_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_administrator(actor)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and (begun := _begin(request, form)) is not None:
            return redirect_page(request, reverse("incidents:import_columns", args=[begun.pk]))
    earlier = Import.objects.exclude(state=Import.State.READING).select_related("creator_user")
    context = {**steps_of(""), "form": form, "earlier": earlier[:EARLIER_SHOWN]}
    return render(request, "settings/imports.html", context, status=422 if form.errors else 200)


@form_methods
@of_import
def import_columns(request: HttpRequest, incident_import: Import) -> HttpResponse:
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        incident_import=incident_import,
        configuration=Configuration.current(),
    )
    if form.is_valid():
        try:
            choose_columns(incident_import, form.to_choice(), actor_of(request))
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect_page(request, _address(incident_import))
    context = {**steps_of(Import.State.COLUMNS), "form": form, "incident_import": incident_import}
    return render(request, "settings/import_columns.html", context, status=422 if form.errors else 200)


@require_safe
@of_import
def import_detail(request: HttpRequest, incident_import: Import) -> HttpResponse:
    if incident_import.state == Import.State.COLUMNS:
        return redirect_page(request, reverse("incidents:import_columns", args=[incident_import.pk]))
    actor = actor_of(request)
    seconds = SECONDS_OF_A_POLL if wants_fragment(request) else SECONDS_OF_A_PAGE
    context = import_context(advance_import(incident_import.pk, actor, seconds=seconds), actor)
    response = render_page(request, "settings/import.html", context, fragment="settings/_import_answer.html")
    # Only scripts set this cookie: where they run, the page asks for what comes next by itself.
    if context["is_working"] and "tz" not in request.COOKIES:
        response["Refresh"] = str(SECONDS_TO_REFRESH)
    return response


@require_POST
@of_import
def import_start(request: HttpRequest, incident_import: Import) -> HttpResponse:
    start_import(incident_import, request.POST.get("duplicates", ""), actor_of(request))
    return redirect_page(request, _address(incident_import))


@require_POST
@of_import
def import_stop(request: HttpRequest, incident_import: Import) -> HttpResponse:
    stop_import(incident_import, actor_of(request))
    return redirect_page(request, _address(incident_import))


@require_safe
@of_import
def import_report(request: HttpRequest, incident_import: Import) -> HttpResponseBase:
    lines = report_lines(incident_import, actor_of(request)) if request.method == "GET" else iter(())
    return StreamingHttpResponse(
        (BYTE_ORDER_MARK * (place == 0) + line for place, line in enumerate(lines)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{incident_import.pk}.csv"'},
    )


def _begin(request: HttpRequest, form: FileForm) -> Import | None:
    file: Any = form.cleaned_data["file"]
    draft = ImportDraft(
        format=form.cleaned_data["format"],
        file_name=file.name,
        origin=form.cleaned_data["origin"],
        time_zone=timezone.get_current_timezone_name(),
    )
    try:
        return begin_import(draft, file.file, actor_of(request), most_rows=MOST_ROWS)
    except ImportFileError as error:
        form.add_error("file", str(error))
        return None


def _address(incident_import: Import) -> str:
    return reverse("incidents:import", args=[incident_import.pk])
