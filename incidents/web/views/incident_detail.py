"""The page of one incident, its timeline, and sharing an update on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from incidents.models import Configuration
from incidents.models.ulid import is_ulid
from incidents.services.errors import VersionConflictError
from incidents.services.private_views import record_private_view
from incidents.services.updates import share_update
from incidents.web.conflicts import Clash, last_change, last_events
from incidents.web.forms.update import UpdateForm
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.incident_page import read_incident_head, read_incident_page
from incidents.web.merged_incidents import read_merged
from incidents.web.timeline import read_news, read_timeline
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing, visible_incident

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import Actor, Incident

ATTEMPTS = 3


@require_safe
def incident_detail(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = visible_incident(reference, actor)
    record_private_view(incident, actor)
    return render_page(
        request,
        "incidents/detail.html",
        page_context(request, incident, actor),
        fragment="incidents/_regions.html",
    )


@require_safe
def incident_timeline(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = visible_incident(reference, actor)
    record_private_view(incident, actor)
    if not wants_fragment(request):
        context = page_context(request, incident, actor)
        return render_page(request, "incidents/detail.html", context, fragment="incidents/_timeline.html")
    if "since" in request.GET:
        return _timeline_news(request, incident, actor)
    merged = read_merged(incident, actor)
    timeline = read_timeline(incident, actor, Configuration.current(), merged=merged, **_asked(request))
    return render_page(
        request,
        "incidents/detail.html",
        {"incident": incident, "timeline": timeline, "says": _found(len(timeline.entries))},
        fragment="incidents/_timeline.html",
    )


def _timeline_news(request: HttpRequest, incident: Incident, actor: Actor) -> HttpResponse:
    """Answer what an open page asks every 20 seconds; 204 while nothing happened."""
    since = request.GET["since"].upper()
    kinds = request.GET.get("kinds", "")
    news = read_news(
        incident,
        actor,
        Configuration.current(),
        merged=read_merged(incident, actor),
        kinds=kinds,
        since=since if is_ulid(since) else "",
    )
    if news is None:
        return HttpResponse(status=204)
    says = "1 new event in the timeline" if len(news.entries) == 1 else "New events in the timeline"
    context = page_context(request, incident, actor) | {"timeline": news, "says": says}
    return render(request, "incidents/_timeline_news.html", context)


@require_POST
def incident_updates(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    for _ in range(ATTEMPTS):
        incident = changeable_incident(reference, actor)
        form = UpdateForm(request.POST, incident=incident, configuration=Configuration.current())
        if not form.is_valid():
            return _update_box(request, incident, actor, form, status=422)
        if "preview" in request.POST:
            return _update_box(request, incident, actor, form, preview=form.cleaned_data["message"])
        if form.clashes():
            return _update_box(request, incident, actor, form, status=409)
        if _share(form, incident, actor):
            return _shared(request, incident, actor)
        if form.errors:
            return _update_box(request, incident, actor, form, status=422)
    return _update_box(request, incident, actor, form, status=409)


def _share(form: UpdateForm, incident: Incident, actor: Actor) -> bool:
    """Share the update and return whether it was: it was refused if the form has errors, else somebody was quicker."""
    try:
        with hidden_as_missing():
            share_update(incident.pk, form.to_draft(), actor, version=incident.version)
    except VersionConflictError:
        return False
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def page_context(
    request: HttpRequest, incident: Incident, actor: Actor, *, form: UpdateForm | None = None
) -> dict[str, Any]:
    """Return what the page and its regions are drawn from."""
    configuration = Configuration.current()
    page = read_incident_page(
        incident, actor, configuration, **_asked(request), shows_all="all" in request.GET
    )
    return {
        "page": page,
        "incident": incident,
        "head": page.head,
        "side": page.side,
        "tasks": page.tasks,
        "timeline": page.timeline,
        "form": form or UpdateForm(incident=incident, configuration=configuration),
        "focus": request.GET.get("focus", ""),
    }


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"kinds": request.GET.get("kinds", ""), "before": request.GET.get("before", "")}


def _found(count: int) -> str:
    return "1 entry in the timeline" if count == 1 else f"{count} entries in the timeline"


def _update_box(
    request: HttpRequest,
    incident: Incident,
    actor: Actor,
    form: UpdateForm,
    *,
    status: int = 200,
    preview: str = "",
) -> HttpResponse:
    """Answer with the box as it was typed into, and what there is to say about it."""
    context: dict[str, Any] = {"incident": incident, "form": form, "preview": preview}
    if status == 409:
        context["clashes"] = _told_clashes(incident, form)
    if wants_fragment(request):
        context["head"] = read_incident_head(incident, actor, form.configuration)
    else:
        context = page_context(request, incident, actor, form=form) | context
    return render_page(
        request, "incidents/detail.html", context, fragment="incidents/_update_form.html", status=status
    )


def _told_clashes(incident: Incident, form: UpdateForm) -> list[Clash]:
    events = last_events(incident)
    return [
        Clash(
            name=name,
            label=str(form.fields[name].label),
            theirs=_label_now(incident, form, name),
            mine=str(form.cleaned_data[name]),
            event=last_change(events, kind),
        )
        for name, kind in form.clashes().items()
    ]


def _label_now(incident: Incident, form: UpdateForm, name: str) -> str:
    nouns = (
        form.configuration.incident_statuses if name == "incident_status" else form.configuration.severities
    )
    now_id = incident.incident_status_id if name == "incident_status" else incident.severity_id
    noun = nouns.by_id.get(now_id or "")
    return str(noun) if noun else "none"


def _shared(request: HttpRequest, incident: Incident, actor: Actor) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, "Update shared.")
        return redirect_page(request, reverse("incidents:detail", args=[incident.reference]))
    incident = visible_incident(incident.reference, actor)
    context = page_context(request, incident, actor) | {"says": "Update shared"}
    return render(request, "incidents/_update_shared.html", context)
