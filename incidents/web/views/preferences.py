"""What a person chooses for themselves: name, time zone, theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from incidents.services.people import edit_preferences
from incidents.web.context import THEMES
from incidents.web.preferences import PreferencesForm

if TYPE_CHECKING:
    from incidents.models import User

YEAR_SECONDS = 365 * 24 * 60 * 60


def preferences_edit(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = (
        PreferencesForm(request.POST)
        if request.method == "POST"
        else PreferencesForm(initial=_initial(request, user))
    )
    if request.method == "POST" and _save(form, user):
        messages.success(request, "Preferences saved.")
        response = redirect("incidents:preferences")
        _keep_theme(request, response, form.cleaned_data["theme"])
        return response
    return render(request, "account/preferences.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_POST
def theme_edit(request: HttpRequest) -> HttpResponse:
    response = redirect(_next_address(request))
    _keep_theme(request, response, request.POST.get("theme", ""))
    return response


def _initial(request: HttpRequest, user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "time_zone": user.time_zone,
        "theme": request.COOKIES.get("theme", ""),
        "shortcuts_enabled": user.shortcuts_enabled,
    }


def _save(form: PreferencesForm, user: User) -> bool:
    if not form.is_valid():
        return False
    try:
        edit_preferences(user, form.to_preferences())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _keep_theme(request: HttpRequest, response: HttpResponse, theme: str) -> None:
    """Remember the theme in the browser; without one the device's own is used."""
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, secure=request.is_secure(), samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")


def _next_address(request: HttpRequest) -> str:
    """Return where to go on: only within this installation, whatever the form says."""
    address = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure()):
        return address
    return "/"
