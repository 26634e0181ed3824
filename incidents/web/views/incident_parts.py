"""What is changed in place on the incident page: status, severity, roles and members."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models import Configuration, IncidentRole, User
from incidents.services.editing import edit_incident
from incidents.services.errors import VersionConflictError
from incidents.services.memberships import grant_membership, revoke_membership
from incidents.web.conflicts import Clash, last_change, last_events
from incidents.web.forms.in_place import InPlaceForm, RoleForm, SeverityForm, StatusForm
from incidents.web.forms.members import MemberForm
from incidents.web.htmx import redirect_page, render_page, wants_fragment
from incidents.web.incident_page import read_incident_head, read_members
from incidents.web.views.incident_detail import ATTEMPTS, page_context
from incidents.web.visible import actor_of, changeable_incident, hidden_as_missing, visible_incident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor, Incident

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def incident_status(request: HttpRequest, reference: str) -> HttpResponse:
    return _in_place(request, reference, StatusForm)


@form_methods
def incident_severity(request: HttpRequest, reference: str) -> HttpResponse:
    return _in_place(request, reference, SeverityForm)


@form_methods
def incident_lead(request: HttpRequest, reference: str) -> HttpResponse:
    return _role(request, reference, Configuration.current().lead_role)


@form_methods
def incident_role(request: HttpRequest, reference: str, role: str) -> HttpResponse:
    return _role(request, reference, Configuration.current().incident_roles.find(role))


@form_methods
def incident_members(request: HttpRequest, reference: str) -> HttpResponse:
    actor = actor_of(request)
    incident = _private_incident(reference, actor)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"incident": incident, "form": form, "members": read_members(incident)}
        return render(request, "incidents/members.html", context, status=422 if form.errors else 200)
    user = User.objects.get(pk=form.cleaned_data["user"])
    with hidden_as_missing(), _public_as_missing():
        grant_membership(incident.pk, user, actor)
    messages.success(request, f"{user} sees this incident now.")
    return redirect_page(request, reverse("incidents:members", args=[incident.reference]))


@require_POST
def incident_member_remove(request: HttpRequest, reference: str, user_id: str) -> HttpResponse:
    actor = actor_of(request)
    incident = _private_incident(reference, actor)
    user = next((member for member in read_members(incident) if member.pk == user_id.upper()), None)
    if user is None:
        raise Http404
    with hidden_as_missing(), _public_as_missing():
        revoke_membership(incident.pk, user, actor)
    messages.success(request, f"{user} is no longer a member of {incident.reference}.")
    if user.pk == actor.user_id and not actor.sees_every_incident:
        return redirect_page(request, reverse("incidents:list"))
    return redirect_page(request, reverse("incidents:members", args=[incident.reference]))


def _private_incident(reference: str, actor: Actor) -> Incident:
    """Return the incident; public ones have no members, so there is no such page."""
    incident = changeable_incident(reference, actor)
    if not incident.is_private:
        raise Http404
    return incident


@contextmanager
def _public_as_missing() -> Iterator[None]:
    """Answer 404 also where the incident became public between two queries of a request."""
    try:
        yield
    except ValidationError:
        raise Http404 from None


def _role(request: HttpRequest, reference: str, role: IncidentRole | None) -> HttpResponse:
    if role is None:
        raise Http404
    return _in_place(request, reference, RoleForm, role=role)


def _in_place(
    request: HttpRequest, reference: str, form_class: type[InPlaceForm], *, role: IncidentRole | None = None
) -> HttpResponse:
    actor = actor_of(request)
    for _ in range(ATTEMPTS):
        incident = changeable_incident(reference, actor)
        posted = request.POST if request.method == "POST" else None
        form = form_class(posted, incident=incident, configuration=Configuration.current(), role=role)
        if posted is None:
            return _form_page(request, incident, actor, form)
        if refused := _refused(form) or _save(form, incident, actor):
            return _form_page(request, incident, actor, form, status=refused)
        if form.is_saved:
            return _changed(request, incident, actor, form)
    return _form_page(request, incident, actor, form, status=409)


def _refused(form: InPlaceForm) -> int:
    """Return the status to refuse the form with, 0 if there is nothing against it yet."""
    if not form.is_valid():
        return 422
    return 409 if form.is_outdated else 0


def _save(form: InPlaceForm, incident: Incident, actor: Actor) -> int:
    """Change the incident; return the status to refuse the form with, or 0. A quicker one leaves it unsaved."""
    try:
        with hidden_as_missing():
            edit_incident(incident.pk, form.to_edit(), actor, version=incident.version)
        form.is_saved = True
    except VersionConflictError:
        return 0
    except ValidationError as error:
        form.refuse(error)
        return 422
    return 0


def _form_page(
    request: HttpRequest, incident: Incident, actor: Actor, form: InPlaceForm, *, status: int = 200
) -> HttpResponse:
    """Answer with the form on a page of its own, or alone where it is swapped in."""
    head = read_incident_head(incident, actor, form.configuration)
    context: dict[str, Any] = {"incident": incident, "head": head, "form": form}
    if status == 409:
        context["clash"] = _told_clash(incident, form)
    return render_page(request, "incidents/in_place.html", context, fragment=form.fragment, status=status)


def _told_clash(incident: Incident, form: InPlaceForm) -> Clash:
    noun_id = "" if form.role is None else form.role.pk
    event = last_change(last_events(incident), form.kind, noun_id=noun_id)
    return Clash(
        name=form.field_name,
        label=str(form.role or form.noun),
        theirs=form.now_label,
        mine=form.chosen_label,
        event=event,
    )


def _changed(request: HttpRequest, incident: Incident, actor: Actor, form: InPlaceForm) -> HttpResponse:
    said = f"{form.role or form.noun.capitalize()} is {form.chosen_label} now"
    if not wants_fragment(request):
        messages.success(request, f"{said}.")
        return redirect_page(request, reverse("incidents:detail", args=[incident.reference]))
    incident = visible_incident(incident.reference, actor)
    focus = form.role.slug if form.role else form.noun
    context = page_context(request, incident, actor) | {"says": said, "focus": focus}
    return render(request, "incidents/_regions.html", context)
