"""Changing many incidents at once: the page that shows what it does, its report, the steps on the way, and the undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.models import BulkChange, Configuration
from incidents.services.bulk_changes import (
    BulkChangeDraft,
    advance_bulk_change,
    clean_wanted,
    start_bulk_change,
    undo_bulk_change,
)
from incidents.services.errors import require_responder
from incidents.services.merging import MOST_SOURCES
from incidents.web.bulk_page import KINDS, MERGE, read_preview, selection_context
from incidents.web.bulk_report import recent_changes, report_context
from incidents.web.bulk_selection import BulkSelection, read_bulk_selection
from incidents.web.forms.bulk_change import BulkChangeForm
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.merging import merge_url
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor

# What fits into this is done before the answer comes; then each step answers about as often.
SECONDS_OF_A_STEP = 1.0
# Without scripts each step is a press of a button.
SECONDS_OF_A_PRESS = 4.0
form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def bulk_change_new(request: HttpRequest) -> HttpResponse:
    actor, configuration = actor_of(request), Configuration.current()
    require_responder(actor)
    data = request.POST if request.method == "POST" else request.GET
    selection = read_bulk_selection(data, actor, configuration)
    kinds = set(data.getlist("kind"))
    if kinds == {MERGE} and request.method != "POST":
        return _merge(request, selection)
    kind = next((kind for kind, *_ in KINDS if kinds == {kind}), None)
    if kind is None or not selection.can_be_changed:
        return _ask(request, selection, is_wrong=bool(kinds) and kind is None)
    form = BulkChangeForm(data, kind=kind, configuration=configuration)
    if request.method == "POST":
        return _start(request, selection, form, actor)
    return _page(request, selection, form)


@require_safe
def bulk_change_recent(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_responder(actor)
    return render(request, "bulk/recent.html", {"changes": recent_changes(actor)})


@require_safe
def bulk_change_detail(request: HttpRequest, bulk_change_id: str) -> HttpResponse:
    actor = actor_of(request)
    change = _visible_change(bulk_change_id, actor)
    return render(request, "bulk/report.html", report_context(change, request.GET, actor))


@require_POST
def bulk_change_steps(request: HttpRequest, bulk_change_id: str) -> HttpResponse:
    actor = actor_of(request)
    change = _visible_change(bulk_change_id, actor)
    is_asked_by_page = wants_fragment(request)
    advance_bulk_change(change.pk, seconds=SECONDS_OF_A_STEP if is_asked_by_page else SECONDS_OF_A_PRESS)
    if not is_asked_by_page:
        return redirect_page(request, change.get_absolute_url())
    change = _visible_change(bulk_change_id, actor)
    context = report_context(change, request.GET, actor)
    return render_page(request, "bulk/report.html", context, fragment="bulk/_report_answer.html")


@require_POST
def bulk_change_undo(request: HttpRequest, bulk_change_id: str) -> HttpResponse:
    actor = actor_of(request)
    change = _visible_change(bulk_change_id, actor)
    try:
        undo = undo_bulk_change(change.pk, actor)
    except ValidationError:
        # Nothing of it is left to undo: its report says so.
        return redirect_page(request, change.get_absolute_url())
    advance_bulk_change(undo.pk, seconds=SECONDS_OF_A_STEP)
    return redirect_page(request, undo.get_absolute_url())


def _visible_change(bulk_change_id: str, actor: Actor) -> BulkChange:
    visible = BulkChange.objects.visible_to(actor).named(bulk_change_id)
    change = visible.select_related("undoes", "creator_user").first()
    if change is None:
        raise Http404
    return change


def _merge(request: HttpRequest, selection: BulkSelection) -> HttpResponse:
    """Lead to the page of the merge, which asks for what it needs."""
    if len(selection.incidents) > MOST_SOURCES + 1:
        problem = (
            f"Merge at most {MOST_SOURCES} incidents into one at once; these are {len(selection.incidents)}."
        )
        return _ask(request, selection, problems=[problem])
    if selection.problems:
        return _ask(request, selection)
    return HttpResponseRedirect(merge_url(incident.reference for incident in selection.incidents))


def _ask(
    request: HttpRequest, selection: BulkSelection, *, is_wrong: bool = False, problems: Sequence[str] = ()
) -> HttpResponse:
    """Answer with what is missing: incidents, or what to change of them."""
    told = [*problems, *selection.problems]
    if is_wrong:
        told.append("Change one property at a time: choose which.")
    is_refused = bool(told) or request.method == "POST"
    context = {**_frame(selection), "problems": told}
    return render(request, "bulk/ask.html", context, status=422 if is_refused else 200)


def _start(
    request: HttpRequest, selection: BulkSelection, form: BulkChangeForm, actor: Actor
) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if not form.is_bound:
        return _ask(request, selection, problems=["Choose a value, and look at what it does first."])
    if not form.is_valid() or seen != selection.digest:
        return _page(request, selection, form, is_outdated=seen != selection.digest)
    draft = BulkChangeDraft(
        kind=form.kind,
        values=form.values,
        field_id=form.field_id,
        incident_ids=tuple(incident.pk for incident in selection.incidents),
        message=form.cleaned_data["message"] if form.takes_message else "",
        query=selection.query,
        form_token=request.POST.get("form_token", ""),
    )
    try:
        change = start_bulk_change(draft, actor)
    except ValidationError as error:
        form.refuse(error)
        return _page(request, selection, form)
    advance_bulk_change(change.pk, seconds=SECONDS_OF_A_STEP)
    return redirect_page(request, change.get_absolute_url())


def _page(
    request: HttpRequest, selection: BulkSelection, form: BulkChangeForm, *, is_outdated: bool = False
) -> HttpResponse:
    preview = None
    if form.has_value:
        try:
            wanted = clean_wanted(form.kind, form.values, form.configuration, field_id=form.field_id)
            preview = read_preview(wanted, selection, form.configuration)
        except ValidationError as error:
            form.refuse(error)
    is_refused = bool(form.errors) or (request.method == "POST" and not is_outdated)
    status = 409 if is_outdated and preview else 422 if is_refused else 200
    context: dict[str, Any] = {
        **_frame(selection, kind=form.kind),
        "form": form,
        "preview": preview,
        "is_outdated": status == 409,
        "seen_count": request.POST.get("seen_count", "")[:5],
    }
    return render_page(request, "bulk/new.html", context, fragment="bulk/_new_body.html", status=status)


def _frame(selection: BulkSelection, *, kind: str = "") -> dict[str, Any]:
    """Return what every page of a selection shows: its incidents, and what else could be changed of them."""
    links = [
        {"name": name, "icon": icon, "url": _address(selection, one), "is_current": one == kind}
        for one, name, icon in KINDS
    ]
    return {**selection_context(selection), "kinds": links, "kind": kind}


def _address(selection: BulkSelection, kind: str) -> str:
    query = QueryDict(mutable=True)
    for name, value in selection.pairs:
        query.appendlist(name, value)
    query["kind"] = kind
    return f"{reverse('incidents:bulk')}?{query.urlencode()}"
