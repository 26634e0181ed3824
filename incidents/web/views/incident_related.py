"""Incidents that may have to do with one: asked for after the page, because comparing takes longer than reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from incidents.models import Configuration, Incident, SimilarityVerdict
from incidents.services.verdicts import give_verdict
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.merging import merge_url
from incidents.web.related_incidents import JUDGED, read_related_incidents
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing, visible_incident

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_Verdict = SimilarityVerdict.Verdict


@require_safe
def incident_related(request: HttpRequest, reference: str) -> HttpResponse:
    return _answer(request, visible_incident(reference, actor_of(request)))


@require_POST
def incident_verdicts(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = changeable_incident(reference, actor)
    other = Incident.objects.visible_to(actor).by_reference(request.POST.get("other", "")).first()
    if other is None:
        return _answer(request, incident, problem="Choose the incident to compare with.", status=422)
    verdict = request.POST.get("verdict", "")
    try:
        with hidden_as_missing():
            give_verdict(incident.pk, other.pk, verdict, actor)
    except ValidationError as error:
        return _answer(request, incident, problem=" ".join(error.messages), status=422)
    if verdict == _Verdict.SAME:
        return redirect_page(request, merge_url([incident.reference, other.reference]))
    says = f"{other.reference}: {JUDGED[_Verdict(verdict)].lower()}"
    if wants_fragment(request):
        return _answer(request, incident, says=says, judged=other.reference)
    messages.success(request, f"{says}.")
    return redirect_page(request, reverse("incidents:related", args=[incident.reference]))


def _answer(request: HttpRequest, incident: Incident, *, status: int = 200, **context: str) -> HttpResponse:
    related = read_related_incidents(incident, actor_of(request), Configuration.current())
    return render_page(
        request,
        "incidents/related.html",
        {"incident": incident, "related": related, **context},
        fragment="incidents/_related_answer.html",
        status=status,
    )
