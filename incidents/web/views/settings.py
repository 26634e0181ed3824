"""The door to the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from incidents.web.settings_pages import first_settings_url
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def settings_home(request: HttpRequest) -> HttpResponse:
    return redirect(first_settings_url(actor_of(request)))
