"""Declaring an incident, with the incidents beside the form that it may repeat."""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import Configuration, DeclareDraft, Incident
from incidents.services.colleagues import find_colleagues
from incidents.services.declare_drafts import discard_draft, is_form_token, save_draft
from incidents.services.declaring import HeldBack, declare_incident, look_for_similar, report_same
from incidents.services.errors import IdempotencyKeyReusedError
from incidents.web.forms.declare import DeclareForm
from incidents.web.forms.prefill import prefilled_form, restored_form
from incidents.web.htmx import nothing_new, redirect_page, render_page, tell_page, wants_fragment
from incidents.web.suggestions import Panel, panel_of
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor

DRAFTS_OFFERED = 3
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
        outcome = declare_incident(form.draft(), actor, form_token=_form_token(request))
    except ValidationError as error:
        # Judged a moment ago, but somebody changed the configuration or left meanwhile.
        form.refuse(error)
        return _refuse(request, form, actor)
    except IdempotencyKeyReusedError as error:
        reused = _visible(error.incident.pk, actor)
        # What was typed since is another incident, and its draft another draft.
        return _refuse(request, form, actor, status=409, form_token=_new_token(), reused=reused)
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

    By POST, texts of any length fit, and none of them ends in the log of a server on the way. The same request keeps
    what was typed; the panel that is on the page already is not sent again.
    """
    if request.method != "POST":
        return _blank(request)
    actor = actor_of(request)
    form = _typed_form(request)
    is_kept = _keep(form, actor, _form_token(request))
    panel = _look(form, actor)
    form.errors.clear()
    if wants_fragment(request) and request.POST.get("seen") == _seen(panel, is_kept=is_kept):
        response = nothing_new()
    else:
        response = _answer(request, form, panel, is_kept=is_kept)
    return tell_page(response, "draft-kept") if is_kept else response


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
        report_same(incident.pk, draft, actor, form_token=_form_token(request))
    except ValidationError as error:
        return _keep_report(request, actor, status=422, error=error)
    except Incident.DoesNotExist:
        return _keep_report(request, actor, status=404, gone=reference)
    messages.success(request, f"Your report was added to {incident.reference}.")
    return redirect_page(request, incident.get_absolute_url())


@form_methods
def incident_drafts(request: HttpRequest) -> HttpResponse:
    """Keep the form for later, as it is kept anyway while somebody types with JavaScript."""
    if request.method != "POST":
        return redirect("incidents:new")
    actor = actor_of(request)
    form = _typed_form(request)
    if save_draft(form.typed(_form_token(request, or_new=True)), actor):
        messages.success(request, "Saved. Go on within 24 hours: “Declare incident” offers it.")
        return redirect_page(request, reverse("incidents:list"))
    panel = _look(form, actor)
    is_blank = not any(request.POST.get(name, "").strip() for name in ("name", "summary"))
    form.errors.clear()
    form.add_error("name", _NOTHING_TO_SAVE if is_blank else _NOT_SAVED)
    return _answer(request, form, panel, status=422)


@form_methods
def incident_draft_discard(request: HttpRequest, draft_id: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("incidents:new")
    try:
        discard_draft(draft_id, actor_of(request))
    except DeclareDraft.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Discarded.")
    return redirect("incidents:new")


_NOTHING_TO_SAVE = "Say in one line what is happening: there is nothing to save yet."
_NOT_SAVED = "This cannot be saved: it is too long for a draft, or was declared already."


def _typed_form(request: HttpRequest) -> DeclareForm:
    return DeclareForm(request.POST, configuration=Configuration.current())


def _form_token(request: HttpRequest, *, or_new: bool = False) -> str:
    """Return what names the form in the browser, and the draft that is kept of it."""
    token = request.POST.get("form_token", "")
    return token if is_form_token(token) or not or_new else _new_token()


def _new_token() -> str:
    return secrets.token_urlsafe(16)


def _blank(request: HttpRequest) -> HttpResponse:
    """Answer with a form that is empty but for what the address says, or the draft that it names kept."""
    actor = actor_of(request)
    configuration = Configuration.current()
    drafts = DeclareDraft.objects.of(actor).unfinished()
    context: dict[str, Any] = {}
    if "draft" in request.GET:
        draft = drafts.named(request.GET["draft"]).first()
        if draft is None:
            raise Http404
        form, typed = restored_form(draft.values, configuration), _query_of(draft)
        drafts = drafts.exclude(pk=draft.pk)
        context = {"form_token": draft.form_token, "is_kept": True}
    else:
        typed = request.GET
        form, context["notes"] = prefilled_form(typed, configuration)
    if not wants_fragment(request):
        context["drafts"] = list(drafts.defer("values", "known_values")[:DRAFTS_OFFERED])
    panel = _look(DeclareForm(typed, configuration=configuration), actor)
    return _answer(request, form, panel, **context)


def _query_of(draft: DeclareDraft) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, values in draft.values.items():
        typed.setlist(name, values)
    return typed


def _refuse(
    request: HttpRequest, form: DeclareForm, actor: Actor, *, status: int = 422, **context: Any
) -> HttpResponse:
    is_kept = _keep(form, actor, context.get("form_token") or _form_token(request))
    return _answer(request, form, _look(form, actor), status=status, is_kept=is_kept, **context)


def _hold_back(request: HttpRequest, form: DeclareForm, held: HeldBack, actor: Actor) -> HttpResponse:
    is_kept = _keep(form, actor, _form_token(request))
    first = held.unanswered[0]
    draft = form.draft()
    if held.similar.exact:
        form.ask_for_reason()
    colleagues = find_colleagues(draft, actor, form.configuration)
    panel = panel_of(held.similar, form.draft(), form.configuration, colleagues)
    return _answer(
        request,
        form,
        panel,
        status=409,
        is_kept=is_kept,
        found=_visible(first.incident_id, actor),
        held=next(one for one in panel.suggestions if one.match is first),
    )


def _keep_report(
    request: HttpRequest, actor: Actor, *, status: int, error: ValidationError | None = None, **context: Any
) -> HttpResponse:
    """Answer with the form and all that was typed, since the report did not arrive."""
    form = _typed_form(request)
    is_kept = _keep(form, actor, _form_token(request))
    panel = _look(form, actor)
    # What was typed was a report, for which most of the form does not matter.
    form.errors.clear()
    if error is not None:
        form.refuse(error)
    return _answer(request, form, panel, status=status, is_kept=is_kept, **context)


def _keep(form: DeclareForm, actor: Actor, form_token: str) -> bool | None:
    """Keep what was typed and say whether it is kept; None where there is nothing to keep yet."""
    is_blank = not any(form.data.get(name, "").strip() for name in ("name", "summary"))
    is_kept = is_form_token(form_token) and save_draft(form.typed(form_token), actor)
    return is_kept or (None if is_blank or not form_token else False)


def _look(form: DeclareForm, actor: Actor) -> Panel:
    draft = form.draft()
    if not draft.name and not draft.summary:
        return Panel(None)
    similar = look_for_similar(draft, actor, form.configuration)
    colleagues = find_colleagues(draft, actor, form.configuration)
    return panel_of(similar, draft, form.configuration, colleagues)


def _seen(panel: Panel, *, is_kept: bool | None) -> str:
    """Return by what the page tells which panel it shows."""
    return f"{panel.digest}-{is_kept}"


def _visible(incident_id: str, actor: Actor) -> Incident | None:
    """Return an incident with who declared it, if the actor may know of it; one query."""
    return Incident.objects.visible_to(actor).for_detail().filter(pk=incident_id).first()


def _answer(
    request: HttpRequest,
    form: DeclareForm,
    panel: Panel,
    *,
    status: int = 200,
    is_kept: bool | None = None,
    **context: Any,
) -> HttpResponse:
    return render_page(
        request,
        "incidents/declare.html",
        {
            "form": form,
            "configuration": form.configuration,
            "panel": panel,
            "seen": _seen(panel, is_kept=is_kept),
            "is_kept": is_kept,
            "idempotency_key": secrets.token_urlsafe(16),
            "form_token": _form_token(request, or_new=True),
            "is_conflict": status in {404, 409},
            **context,
        },
        fragment="incidents/_similar_answer.html",
        status=status,
    )
