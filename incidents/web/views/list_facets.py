"""The numbers beside the values of the filter menu, asked for when it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.models import Configuration
from incidents.web.facets import count_facets
from incidents.web.list_address import ListAddress
from incidents.web.list_filter import filtered_address, read_filter
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def list_facets(request: HttpRequest) -> HttpResponse:
    configuration = Configuration.current()
    address = ListAddress(reverse("incidents:list"), request.GET).without_blanks()
    incident_filter = read_filter(filtered_address(address, configuration), actor_of(request), configuration)
    if incident_filter.errors:
        # The list itself says what is wrong.
        return HttpResponse(status=204)
    return render(request, "incidents/_facets.html", {"facets": count_facets(incident_filter)})
