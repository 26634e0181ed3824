"""Saved views: the page of all, one form to save and one to change, and what the list's buttons do."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.models import Configuration, SavedView
from incidents.services.saved_views import (
    SavedViewDraft,
    choose_start_view,
    delete_view,
    edit_view,
    save_view,
)
from incidents.web.forms.saved_view import SavedViewForm, initial_of
from incidents.web.htmx import redirect_page, wants_fragment
from incidents.web.list_address import ListAddress
from incidents.web.navigation_views import saved_view_links
from incidents.web.saved_views import checked_query, named_view, view_url
from incidents.web.view_counts import view_counts
from incidents.web.visible import actor_of, hidden_as_missing

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import Actor

form_methods = require_http_methods(["GET", "HEAD", "POST"])
# A browser asks for the counts with every page; those of the last minute will do.
COUNTS_LAST_SECONDS = 60


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    views = list(SavedView.objects.visible_to(actor).own_first().select_related("owner"))
    rows = [
        {"view": view, "url": view_url(view.pk), "may_change": view.may_be_changed_by(actor)}
        for view in views
    ]
    context = {
        "own": [row for row, view in zip(rows, views, strict=True) if not view.is_shared],
        "shared": [row for row, view in zip(rows, views, strict=True) if view.is_shared],
        "start_view_id": actor.user.start_view_id if actor.user else None,
    }
    return render(request, "views/list.html", context)


@require_safe
def view_link_list(request: HttpRequest) -> HttpResponse:
    if not wants_fragment(request):
        return redirect("incidents:views")
    context = {"saved_views": saved_view_links(request, actor_of(request))}
    return render(request, "components/_saved_views.html", context)


@require_safe
def view_count_list(request: HttpRequest) -> HttpResponse:
    response = render(request, "views/_counts.html", {"counts": view_counts(actor_of(request))})
    response["Cache-Control"] = f"private, max-age={COUNTS_LAST_SECONDS}"
    return response


@form_methods
def view_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    is_sent = request.method == "POST"
    written = request.POST.get("query", "") if is_sent else ListAddress("", request.GET).url.removeprefix("?")
    query, problem = checked_query(written, actor, Configuration.current())
    form = SavedViewForm(request.POST if is_sent else None, actor=actor)
    if is_sent and not problem and (view := _saved(form, query, actor)):
        messages.success(request, f"View “{view.name}” saved.")
        return redirect_page(request, view_url(view.pk))
    context = {"form": form, "query": query or written, "problem": problem}
    return render(
        request, "views/new.html", context, status=422 if problem or (is_sent and form.errors) else 200
    )


@form_methods
def view_edit(request: HttpRequest, view_id: str) -> HttpResponse:
    actor = actor_of(request)
    view = _changeable_view(view_id, actor)
    is_sent = request.method == "POST"
    form = SavedViewForm(request.POST if is_sent else None, actor=actor, initial=initial_of(view, actor))
    if is_sent and _changed(form, view, actor):
        messages.success(request, "View changed.")
        return redirect_page(request, view_url(view.pk))
    context = {"form": form, "view": view, "url": view_url(view.pk)}
    return render(request, "views/edit.html", context, status=422 if is_sent else 200)


@require_POST
def view_query(request: HttpRequest, view_id: str) -> HttpResponse:
    actor = actor_of(request)
    view = _changeable_view(view_id, actor)
    query, problem = checked_query(request.POST.get("query", ""), actor, Configuration.current())
    if problem:
        messages.error(request, problem)
    else:
        with hidden_as_missing():
            edit_view(view, SavedViewDraft(query=query), actor)
        messages.success(request, f"View “{view.name}” updated.")
    return redirect_page(request, view_url(view.pk))


@require_POST
def view_start(request: HttpRequest, view_id: str) -> HttpResponse:
    actor = actor_of(request)
    view = named_view(view_id, actor)
    _choose_start(view, actor, is_start=request.POST.get("is_start") == "true")
    return redirect_page(request, view_url(view.pk))


@form_methods
def view_delete(request: HttpRequest, view_id: str) -> HttpResponse:
    actor = actor_of(request)
    view = _changeable_view(view_id, actor)
    if request.method != "POST":
        return render(request, "views/delete.html", {"view": view})
    with hidden_as_missing():
        delete_view(view, actor)
    messages.success(request, f"View “{view.name}” deleted.")
    return redirect_page(request, reverse("incidents:views"))


def _changeable_view(view_id: str, actor: Actor) -> SavedView:
    view = named_view(view_id, actor)
    if not view.may_be_changed_by(actor):
        raise Http404
    return view


def _saved(form: SavedViewForm, query: str, actor: Actor) -> SavedView | None:
    if not form.is_valid():
        return None
    try:
        view = save_view(dataclasses.replace(form.to_draft(), query=query), actor)
    except ValidationError as error:
        form.refuse(error)
        return None
    if form.cleaned_data["is_start"]:
        choose_start_view(view, actor)
    return view


def _changed(form: SavedViewForm, view: SavedView, actor: Actor) -> bool:
    if not form.is_valid():
        return False
    try:
        with hidden_as_missing():
            edit_view(view, form.to_draft(), actor)
    except ValidationError as error:
        form.refuse(error)
        return False
    _choose_start(view, actor, is_start=form.cleaned_data["is_start"])
    return True


def _choose_start(view: SavedView, actor: Actor, *, is_start: bool) -> None:
    """Start with the view, or no longer; another view that the person starts with stays."""
    was_start = actor.user is not None and actor.user.start_view_id == view.pk
    if is_start != was_start:
        with hidden_as_missing():
            choose_start_view(view if is_start else None, actor)
