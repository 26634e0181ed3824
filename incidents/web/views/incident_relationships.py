"""The ties of an incident to others: listed, added, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models.ulid import is_ulid
from incidents.services.errors import require_responder
from incidents.services.private_views import record_private_view
from incidents.services.relationships import relate_incidents, unrelate_incidents
from incidents.web.forms.relationship import RelationshipForm
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.incident_relationships import read_ties, visible_ties
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing, visible_incident

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor, Incident


@require_http_methods(["GET", "HEAD", "POST"])
def incident_relationships(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = visible_incident(reference, actor)
    record_private_view(incident, actor)
    if request.method != "POST":
        form = RelationshipForm(incident=incident, actor=actor)
        return _section(request, incident, actor, {"relationship_form": form})
    require_responder(actor)
    form = RelationshipForm(request.POST, incident=incident, actor=actor)
    if not form.is_valid() or not _related(form, actor):
        return _section(request, incident, actor, {"relationship_form": form}, status=422)
    return _changed(request, incident, actor, f"Relationship to {form.other.reference} added")


@require_POST
def incident_relationship_remove(request: HttpRequest, reference: str, relationship_id: str) -> HttpResponse:
    actor = actor_of(request)
    incident = changeable_incident(reference, actor)
    named = relationship_id.upper()
    relationship = visible_ties(incident, actor).filter(pk=named).first() if is_ulid(named) else None
    if relationship is None:
        raise Http404
    with hidden_as_missing():
        unrelate_incidents(relationship, actor)
    return _changed(request, incident, actor, "Relationship removed")


def _related(form: RelationshipForm, actor: Actor) -> bool:
    """Tie the incidents together; return whether that was done, or else the form says why not."""
    try:
        with hidden_as_missing():
            relate_incidents(**form.tie, actor=actor)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _section(
    request: HttpRequest, incident: Incident, actor: Actor, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {"incident": incident, "ties": read_ties(incident, actor), **context}
    return render_page(
        request,
        "incidents/relationships.html",
        context,
        fragment="incidents/_relationships.html",
        status=status,
    )


def _changed(request: HttpRequest, incident: Incident, actor: Actor, says: str) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, f"{says}.")
        return redirect_page(
            request, f"{reverse('incidents:detail', args=[incident.reference])}#relationships"
        )
    form = RelationshipForm(incident=incident, actor=actor)
    return _section(request, incident, actor, {"relationship_form": form, "says": says, "focus": "tie"})
