"""Words of one meaning: listed, added, changed and removed by administrators."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from incidents.models import SynonymGroup, TokenReading
from incidents.models.synonym_group import MOST_GROUPS
from incidents.models.ulid import is_ulid
from incidents.services.errors import require_administrator
from incidents.services.similarity.rereading import read_again
from incidents.services.synonyms import add_synonym_group, change_synonym_group, delete_synonym_group
from incidents.web.forms.synonyms import SynonymGroupForm
from incidents.web.htmx import redirect_page
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 403 to everybody else, and find the group that the address names."""

    @wraps(view)
    def guarded(request: HttpRequest, group_id: str | None = None) -> HttpResponse:
        require_administrator(actor_of(request))
        if group_id is None:
            return view(request)
        group = (
            SynonymGroup.objects.filter(pk=group_id.upper()).first() if is_ulid(group_id.upper()) else None
        )
        if group is None:
            raise Http404
        return view(request, group)

    return guarded


@require_safe
@for_administrators
def synonym_list(request: HttpRequest) -> HttpResponse:
    groups = list(SynonymGroup.objects.all()[:MOST_GROUPS])
    context = {"groups": groups, "reading": TokenReading.objects.first(), "most_groups": MOST_GROUPS}
    return render(request, "settings/synonyms.html", context)


@form_methods
@for_administrators
def synonym_new(request: HttpRequest) -> HttpResponse:
    form = SynonymGroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            group = add_synonym_group(form.cleaned_data["words"], actor_of(request))
        except ValidationError as error:
            form.refuse(error)
        else:
            return _done(request, f"“{group}” is added.")
    return _form_page(request, form)


@form_methods
@for_administrators
def synonym_edit(request: HttpRequest, group: SynonymGroup) -> HttpResponse:
    form = SynonymGroupForm(request.POST if request.method == "POST" else None, group=group)
    if form.is_valid():
        try:
            changed = change_synonym_group(group.pk, form.cleaned_data["words"], actor_of(request))
        except ValidationError as error:
            form.refuse(error)
        except SynonymGroup.DoesNotExist:
            raise Http404 from None
        else:
            return _done(request, f"“{changed}” is saved.")
    return _form_page(request, form, group=group)


@form_methods
@for_administrators
def synonym_delete(request: HttpRequest, group: SynonymGroup) -> HttpResponse:
    if request.method != "POST":
        return render(request, "settings/synonym_delete.html", {"group": group})
    delete_synonym_group(group.pk, actor_of(request))
    return _done(request, f"“{group}” is removed.")


def _form_page(request: HttpRequest, form: SynonymGroupForm, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "settings/synonym_form.html", {"form": form, **context}, status=status)


def _done(request: HttpRequest, message: str) -> HttpResponse:
    # A small installation is done with this; in a large one the worker goes on.
    read_again()
    messages.success(request, message)
    return redirect_page(request, reverse("incidents:synonyms"))
