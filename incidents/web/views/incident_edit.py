"""The form for everything about an incident, and what happens when two people use it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import Configuration
from incidents.services.editing import edit_incident
from incidents.services.errors import VersionConflictError
from incidents.web.conflicts import Clash, told_clashes
from incidents.web.forms.edit import EditForm
from incidents.web.htmx import redirect_page
from incidents.web.views.incident_detail import ATTEMPTS
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor, Incident


@require_http_methods(["GET", "HEAD", "POST"])
def incident_edit(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    for _ in range(ATTEMPTS):
        incident = changeable_incident(reference, actor)
        posted = request.POST if request.method == "POST" else None
        form = EditForm(posted, incident=incident, configuration=Configuration.current())
        if posted is None:
            return _form_page(request, form)
        if not form.is_valid():
            return _form_page(request, form, status=422)
        if form.clashes:
            return _conflict_page(request, form)
        if _save(form, incident, actor):
            messages.success(request, "Changes saved.")
            return redirect_page(request, reverse("incidents:detail", args=[incident.reference]))
        if form.errors:
            return _form_page(request, form, status=422)
    return _conflict_page(request, form)


def _save(form: EditForm, incident: Incident, actor: Actor) -> bool:
    """Save and return whether it was: it was refused if the form has errors, else somebody was quicker."""
    try:
        with hidden_as_missing():
            edit_incident(incident.pk, form.to_edit(), actor, version=incident.version)
    except VersionConflictError:
        return False
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _conflict_page(request: HttpRequest, form: EditForm) -> HttpResponse:
    """Ask for each value that two people changed which one holds; everything else is kept."""
    clashes = told_clashes(form)
    kept = len(form.touched) - len(clashes)
    return _form_page(request, form.rebased(), status=409, clashes=clashes, kept=kept)


def _form_page(
    request: HttpRequest,
    form: EditForm,
    *,
    status: int = 200,
    clashes: list[Clash] | None = None,
    kept: int = 0,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "incident": form.incident,
        "is_conflict": status == 409,
        "clashes": clashes or [],
        "kept": kept,
    }
    return render(request, "incidents/edit.html", context, status=status)
