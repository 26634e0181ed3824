"""The numbers beside the values of the filter menu, asked for when it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.models import Configuration, Incident
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.facets import count_facets
from incidents.web.list_address import ListAddress
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def list_facets(request: HttpRequest) -> HttpResponse:
    configuration = Configuration.current()
    address = ListAddress(reverse("incidents:list"), request.GET).without_blanks()
    actor, filtered = actor_of(request), filtered_address(address, configuration)
    incident_filter = filter_of(filtered, Incident.objects.visible_to(actor), actor, configuration)
    if incident_filter.errors:
        # The list itself says what is wrong.
        return HttpResponse(status=204)
    return render(request, "incidents/_facets.html", {"facets": count_facets(incident_filter)})
