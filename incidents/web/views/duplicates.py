"""Duplicates: what looks alike and is not merged, and how often incidents are declared twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from incidents.models import Configuration
from incidents.models.ulid import is_ulid
from incidents.services.errors import require_responder
from incidents.services.verdicts import reject_pairs
from incidents.web.duplicate_figures import read_duplicate_figures
from incidents.web.duplicate_groups import read_duplicate_groups
from incidents.web.htmx import redirect_page
from incidents.web.visible import actor_of, hidden_as_missing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_list(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    actor = actor_of(request)
    require_responder(actor)
    ids = [pk.upper() for pk in request.POST.getlist("id")]
    if not all(is_ulid(pk) for pk in ids):
        raise Http404
    try:
        with hidden_as_missing():
            count = reject_pairs(ids, actor)
    except ValidationError as error:
        return _page(request, problem=" ".join(error.messages), status=422)
    said = f"{count} pair{'' if count == 1 else 's'} will not be suggested again."
    messages.success(request, said if count else "Somebody was quicker: nothing is left to say about these.")
    return redirect_page(request, reverse("incidents:duplicates"))


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    actor, configuration = actor_of(request), Configuration.current()
    context |= {
        "duplicates": read_duplicate_groups(actor, configuration),
        "figures": read_duplicate_figures(actor),
        "configuration": configuration,
        "can_judge": actor.can_respond,
        "can_configure": actor.can_configure,
    }
    return render(request, "incidents/duplicates.html", context, status=status)
