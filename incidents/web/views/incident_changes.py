"""What an open list asks every 20 seconds. Mostly the answer is 204: nothing changed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.models import Configuration, Incident
from incidents.models.incident import REFERENCE_PREFIX
from incidents.models.incident_order import NEWEST_FIRST
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.htmx import wants_fragment
from incidents.web.incident_rows import read_list_page
from incidents.web.list_address import ListAddress
from incidents.web.list_display import read_display
from incidents.web.live_list import (
    MOST_CHANGES,
    MOST_NUMBERS,
    NEW,
    SHOWN,
    SINCE,
    STATE,
    Change,
    Marker,
    created_since,
    digest_of,
    next_question,
    read_changes,
    read_gone,
    read_numbers,
)
from incidents.web.row_drawing import draw_gone, swapped_along
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from incidents.models import Actor


@require_safe
def incident_changes(request: HttpRequest) -> HttpResponse:
    address = ListAddress(reverse("incidents:list"), request.GET).without_blanks()
    address = address.without(*STATE)
    if not wants_fragment(request):
        return redirect(address.url)
    marker = Marker.read(request.GET.get(SINCE, ""))
    shown, known = (read_numbers(request.GET.get(name, "")) for name in (SHOWN, NEW))
    actor, now = actor_of(request), timezone.now()
    changes = read_changes(actor, marker)
    gone = read_gone(actor, shown)
    if digest_of(changes, since=marker.since) == marker.digest and not gone:
        return HttpResponse(status=204)
    marker = dataclasses.replace(marker, asked_at=now)
    marker = dataclasses.replace(marker, digest=digest_of(changes, since=marker.since))
    asked = _Asked(request, actor, address, Configuration.current())
    new = _new(asked, marker, changes, shown=shown, known=known)
    is_outdated = new is None
    kept = [number for number in shown if number not in gone]
    changed = {change.number for change in changes}
    context = {
        "live": next_question(address, marker, shown=kept, new=new or (), is_outdated=is_outdated),
        "rows": _rows(asked, [number for number in kept if number in changed]),
        "gone": [draw_gone(f"{REFERENCE_PREFIX}{number}") for number in gone],
    }
    return render(request, "incidents/_changes.html", context)


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    request: HttpRequest
    actor: Actor
    address: ListAddress
    configuration: Configuration


def _new(
    asked: _Asked,
    marker: Marker,
    changes: Sequence[Change],
    *,
    shown: Sequence[int],
    known: Sequence[int],
) -> Collection[int] | None:
    """Return the numbers that belong to the list and are not on the page; None where that cannot be told any more."""
    incident_filter = filter_of(
        filtered_address(asked.address, asked.configuration),
        Incident.objects.visible_to(asked.actor),
        asked.actor,
        asked.configuration,
    )
    if len(changes) > MOST_CHANGES or incident_filter.errors:
        return None
    oldest = created_since(marker)
    came = {change.number for change in changes if marker.is_whole or change.id >= oldest}
    candidates = {*came, *known} - {*shown}
    if not candidates:
        return ()
    found: set[Any] = {
        *incident_filter.incidents.filter(number__in=candidates).values_list("number", flat=True)
    }
    return found if len(found) <= MOST_NUMBERS else None


def _rows(asked: _Asked, numbers: Sequence[int]) -> SafeString | str:
    """Return the rows of these incidents as they are now, whether they still meet the filters or not."""
    if not numbers:
        return ""
    display, _ = read_display(asked.request.GET, asked.configuration)
    display = dataclasses.replace(display, order=NEWEST_FIRST, size=MOST_NUMBERS, place=None)
    incidents = Incident.objects.visible_to(asked.actor).filter(number__in=numbers)
    page = read_list_page(incidents, display, asked.configuration, is_selectable=asked.actor.can_respond)
    return swapped_along(page.groups[0].rows) if page.groups else ""
