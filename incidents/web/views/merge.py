"""Merging incidents: the page that shows what it does, the merge, its undo, and splitting one off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models import Configuration
from incidents.services.errors import VersionConflictError, require_responder
from incidents.services.merging import merge_incidents
from incidents.services.private_views import record_private_view
from incidents.services.unmerging import (
    MergeSettledError,
    split_off_incident,
    status_before,
    undo_merge,
)
from incidents.web.forms.merge import (
    changed_since,
    is_merged_already,
    read_draft,
    read_selection,
    read_survivor,
    refusals,
)
from incidents.web.htmx import redirect_page, render_page
from incidents.web.merge_page import read_merge_page
from incidents.web.merged_incidents import read_merging
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor, Incident
    from incidents.web.forms.merge import Selection

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def incident_merge(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_responder(actor)
    data = request.POST if request.method == "POST" else request.GET
    selection = read_selection(data, actor)
    if not selection.can_be_shown:
        return _ask(request, selection)
    survivor = read_survivor(data, selection)
    if request.method != "POST":
        return _preview(request, selection, survivor, actor, problems=refusals(selection, survivor))
    if is_merged_already(selection, survivor):
        return redirect_page(request, survivor.get_absolute_url())
    if conflicts := _conflicts(request, selection, survivor):
        return _preview(request, selection, survivor, actor, conflicts=conflicts)
    return _merge(request, selection, survivor, actor)


@require_POST
def incident_unmerge(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = changeable_incident(reference, actor)
    try:
        with hidden_as_missing():
            undo_merge(incident.pk, actor)
    except MergeSettledError as error:
        return _settled(request, reference, actor, str(error))
    messages.success(request, "The merge was undone. All is as before.")
    return redirect_page(request, incident.get_absolute_url())


@form_methods
def incident_split_off(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = changeable_incident(reference, actor)
    if request.method != "POST":
        return _settled(request, reference, actor)
    try:
        with hidden_as_missing():
            split_off_incident(incident.pk, actor)
    except ValidationError:
        # Pressed twice, or somebody was quicker: it has its own life already.
        return redirect_page(request, incident.get_absolute_url())
    messages.success(request, f"{incident.reference} goes on by itself.")
    return redirect_page(request, incident.get_absolute_url())


def _merge(request: HttpRequest, selection: Selection, survivor: Incident, actor: Actor) -> HttpResponse:
    try:
        with hidden_as_missing():
            merge_incidents(read_draft(request.POST, selection, survivor), actor)
    except VersionConflictError as error:
        now = read_selection(request.POST, actor)
        survivor = now.find(survivor.reference) or now.suggested
        conflicts = [f"{error.incident.reference} was changed just now."]
        return _preview(request, now, survivor, actor, conflicts=conflicts)
    except ValidationError as error:
        return _preview(request, selection, survivor, actor, problems=error.messages)
    others = selection.others(survivor)
    merged = others[0].reference if len(others) == 1 else f"{len(others)} incidents"
    messages.success(request, f"Merged {merged} into {survivor.reference}.")
    return redirect_page(request, survivor.get_absolute_url())


def _conflicts(request: HttpRequest, selection: Selection, survivor: Incident) -> list[str]:
    """Return what is not any more, or was never, as the person saw it."""
    conflicts = [f"{one.reference} was changed meanwhile." for one in changed_since(request.POST, selection)]
    if not conflicts and request.POST.get("shown") != survivor.reference:
        conflicts = [f"You chose {survivor.reference} as the one that goes on."]
    return conflicts


def _ask(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Answer with the form that asks for references: fewer than two were named, or some that there are not."""
    context = {"selection": selection, "into": request.GET.get("into", "")}
    is_refused = bool(selection.problems) or request.method == "POST"
    return render(request, "incidents/merge_ask.html", context, status=422 if is_refused else 200)


def _preview(
    request: HttpRequest,
    selection: Selection,
    survivor: Incident,
    actor: Actor,
    *,
    problems: Sequence[str] = (),
    conflicts: Sequence[str] = (),
) -> HttpResponse:
    configuration = Configuration.current()
    for incident in selection.incidents:
        record_private_view(incident, actor)
    data = request.POST if request.method == "POST" else request.GET
    draft = read_draft(data, selection, survivor)
    problems = problems or refusals(selection, survivor)
    context: dict[str, Any] = {
        "merge": read_merge_page(selection, survivor, draft.choices, actor, configuration),
        "configuration": configuration,
        "problems": problems,
        "conflicts": conflicts,
        "note": data.get("note", ""),
        "address": f"{reverse('incidents:merge')}?{'&'.join(f'id={one.reference}' for one in selection.incidents)}",
    }
    status = 409 if conflicts else 422 if problems else 200
    return render_page(
        request, "incidents/merge.html", context, fragment="incidents/_merge_answer.html", status=status
    )


def _settled(request: HttpRequest, reference: str, actor: Actor, obstacle: str = "") -> HttpResponse:
    """Answer with what splitting off does, and why it is not an undo where one was asked for."""
    incident = changeable_incident(reference, actor)
    merging = read_merging(incident, actor)
    if merging.into is None:
        return redirect_page(request, incident.get_absolute_url())
    context = {
        "incident": incident,
        "merging": merging,
        "obstacle": obstacle,
        "status": status_before(incident, Configuration.current()),
    }
    return render(request, "incidents/split_off.html", context, status=409 if obstacle else 200)
