"""The list for a wall screen. A header loads it again, so that it needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.models import Configuration, Incident
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.filter_bar import filter_chips
from incidents.web.kiosk import read_kiosk
from incidents.web.list_address import ListAddress
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SECONDS = 30
THEME, REFRESH = "theme", "refresh"


@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    address = ListAddress(request.path, request.GET).without_blanks()
    actor, configuration = actor_of(request), Configuration.current()
    filtered = filtered_address(address, configuration)
    incident_filter = filter_of(filtered, Incident.objects.visible_to(actor), actor, configuration)
    errors = incident_filter.errors
    is_refreshed = address.query.get(REFRESH) != "off"
    list_address = ListAddress(reverse("incidents:list"), address.query).without(THEME, REFRESH)
    context = {
        "kiosk": None if errors else read_kiosk(incident_filter.incidents, configuration),
        "configuration": configuration,
        "chips": () if errors else filter_chips(incident_filter.applied, filtered),
        "problems": [f"{name}: {' '.join(said)}" for name, said in errors.items()],
        "now": timezone.now(),
        "seconds": SECONDS,
        "is_refreshed": is_refreshed,
        "refresh_url": (
            address.with_values(REFRESH, ["off"]) if is_refreshed else address.without(REFRESH)
        ).url,
        "list_url": list_address.url,
        "theme": "light" if address.query.get(THEME) == "light" else "dark",
    }
    response = render(request, "incidents/kiosk.html", context, status=422 if errors else 200)
    if is_refreshed:
        response["Refresh"] = str(SECONDS)
    return response
