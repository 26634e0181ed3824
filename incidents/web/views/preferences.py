"""What a person chooses for themselves: name, time zone, theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from incidents.web.context import THEMES
from incidents.web.preferences import PreferencesForm

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import User

YEAR_SECONDS = 365 * 24 * 60 * 60


def preferences_edit(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=cast("User", request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
        return redirect("incidents:preferences")
    return render(request, "account/preferences.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_POST
def theme_edit(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_next_address(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, secure=request.is_secure(), samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _next_address(request: HttpRequest) -> str:
    """Return where to go on: only within this installation, whatever the form says."""
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return "/"
