"""Declaring an incident, with the incidents beside the form that it may repeat."""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from incidents.models import Configuration, Incident
from incidents.services.declaring import HeldBack, declare_incident, look_for_similar, report_same
from incidents.services.errors import IdempotencyKeyReusedError
from incidents.web.forms.declare import DeclareForm
from incidents.web.forms.prefill import prefilled_form
from incidents.web.htmx import redirect_page, render_page
from incidents.web.suggestions import Panel, panel_of
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def incident_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _blank(request)
    actor = actor_of(request)
    form = _typed_form(request)
    if not form.judge(actor):
        return _refuse(request, form, actor)
    try:
        outcome = declare_incident(form.draft(), actor)
    except ValidationError as error:
        # Judged a moment ago, but somebody changed the configuration or left meanwhile.
        form.refuse(error)
        return _refuse(request, form, actor)
    except IdempotencyKeyReusedError as error:
        return _answer(
            request, form, _look(form, actor), status=409, reused=_visible(error.incident.pk, actor)
        )
    if isinstance(outcome, HeldBack):
        return _hold_back(request, form, outcome, actor)
    reference = outcome.incident.reference
    messages.success(
        request, f"{reference} is declared." if outcome.is_new else f"{reference} was declared already."
    )
    return redirect_page(request, outcome.incident.get_absolute_url())


@form_methods
def incident_similar(request: HttpRequest) -> HttpResponse:
    """Answer with the panel alone to HTMX, and with the whole form where there is no JavaScript.

    By POST, texts of any length fit, and none of them ends in the log of a server on the way.
    """
    if request.method != "POST":
        return _blank(request)
    form = _typed_form(request)
    panel = _look(form, actor_of(request))
    form.errors.clear()
    return _answer(request, form, panel)


@form_methods
def incident_reports(request: HttpRequest, reference: str) -> HttpResponse:
    if request.method != "POST":
        # Whoever had to log in first comes back by GET, and finds the incident.
        return redirect("incidents:detail", reference)
    actor = actor_of(request)
    incident = Incident.objects.visible_to(actor).by_reference(reference).first()
    if incident is None:
        return _keep_report(request, actor, status=404, gone=reference)
    if incident.merged_into_incident_id:
        survivor = _visible(incident.merged_into_incident_id, actor)
        return _keep_report(request, actor, status=409, gone=incident.reference, survivor=survivor)
    # The words as they were sent, so that the report says what is wrong with them; the fields as they can be read.
    draft = dataclasses.replace(
        _typed_form(request).draft(),
        name=request.POST.get("name", ""),
        summary=request.POST.get("summary", ""),
    )
    try:
        report_same(incident.pk, draft, actor)
    except ValidationError as error:
        return _keep_report(request, actor, status=422, error=error)
    except Incident.DoesNotExist:
        return _keep_report(request, actor, status=404, gone=reference)
    messages.success(request, f"Your report was added to {incident.reference}.")
    return redirect_page(request, incident.get_absolute_url())


def _typed_form(request: HttpRequest) -> DeclareForm:
    return DeclareForm(request.POST, configuration=Configuration.current())


def _blank(request: HttpRequest) -> HttpResponse:
    """Answer with a form that is empty but for what the address says."""
    configuration = Configuration.current()
    form, notes = prefilled_form(request.GET, configuration)
    panel = _look(DeclareForm(request.GET, configuration=configuration), actor_of(request))
    return _answer(request, form, panel, notes=notes)


def _refuse(request: HttpRequest, form: DeclareForm, actor: Actor) -> HttpResponse:
    return _answer(request, form, _look(form, actor), status=422)


def _hold_back(request: HttpRequest, form: DeclareForm, held: HeldBack, actor: Actor) -> HttpResponse:
    first = held.unanswered[0]
    if held.similar.exact:
        form.ask_for_reason()
    panel = panel_of(held.similar, form.draft(), form.configuration)
    return _answer(
        request,
        form,
        panel,
        status=409,
        found=_visible(first.incident_id, actor),
        held=next(one for one in panel.suggestions if one.match is first),
    )


def _keep_report(
    request: HttpRequest, actor: Actor, *, status: int, error: ValidationError | None = None, **context: Any
) -> HttpResponse:
    """Answer with the form and all that was typed, since the report did not arrive."""
    form = _typed_form(request)
    panel = _look(form, actor)
    # What was typed was a report, for which most of the form does not matter.
    form.errors.clear()
    if error is not None:
        form.refuse(error)
    return _answer(request, form, panel, status=status, **context)


def _look(form: DeclareForm, actor: Actor) -> Panel:
    draft = form.draft()
    if not draft.name and not draft.summary:
        return Panel(None)
    similar = look_for_similar(draft, actor, form.configuration)
    return panel_of(similar, draft, form.configuration)


def _visible(incident_id: str, actor: Actor) -> Incident | None:
    """Return an incident with who declared it, if the actor may know of it; one query."""
    return Incident.objects.visible_to(actor).for_detail().filter(pk=incident_id).first()


def _answer(
    request: HttpRequest, form: DeclareForm, panel: Panel, *, status: int = 200, **context: Any
) -> HttpResponse:
    return render_page(
        request,
        "incidents/declare.html",
        {
            "form": form,
            "configuration": form.configuration,
            "panel": panel,
            "idempotency_key": secrets.token_urlsafe(16),
            "is_conflict": status in {404, 409},
            **context,
        },
        fragment="incidents/_similar_answer.html",
        status=status,
    )
