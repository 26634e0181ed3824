"""The list as a JSON file, for somebody who is logged in: the incidents as `GET /v2/incidents` writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.api.errors import JSON
from incidents.api.reading.incidents import write_incidents
from incidents.filters import read_listed
from incidents.models import Actor, Configuration
from incidents.services.exporting import read_for_export

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from incidents.filters import ListedIncidents
    from incidents.models import User


@require_safe
def export_json(request: HttpRequest) -> HttpResponseBase:
    actor = Actor.of_user(cast("User", request.user))
    listed = read_listed(
        request.GET,
        actor=actor,
        configuration=Configuration.current(),
        zone=timezone.get_current_timezone(),
    )
    if listed.problems:
        told = "\n".join(f"{name}: {message}" for name, message in listed.problems.items())
        return HttpResponse(told, status=422, content_type="text/plain; charset=utf-8")
    name = f"incidents-{timezone.now():%Y-%m-%d}.json"
    return StreamingHttpResponse(
        _written(listed, actor) if request.method == "GET" else (),
        content_type=JSON,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(listed: ListedIncidents, actor: Actor) -> Iterator[bytes]:
    """Yield an array with a line for each incident. It is closed only if nothing went wrong."""
    yield b"["
    separator = b"\n"
    for records in read_for_export(listed.incidents, listed.order, actor):
        # Read after the rows: it knows whatever they refer to.
        incidents = write_incidents(records, Configuration.current())
        yield separator + b",\n".join(map(msgspec.json.encode, incidents))
        separator = b",\n"
    yield b"\n]\n"
