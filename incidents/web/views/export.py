"""The list as a CSV file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from incidents.filters import read_listed
from incidents.models import Configuration
from incidents.services.exporting import read_for_export
from incidents.web.incident_csv import BYTE_ORDER_MARK, IncidentTable
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from incidents.filters import ListedIncidents
    from incidents.models import Actor

INCOMPLETE = "This file is not complete: the export broke off here. Export once more.\r\n"


@require_safe
def export_csv(request: HttpRequest) -> HttpResponseBase:
    actor, configuration = actor_of(request), Configuration.current()
    listed = read_listed(
        request.GET, actor=actor, configuration=configuration, zone=timezone.get_current_timezone()
    )
    if listed.problems:
        told = "\n".join(f"{name}: {message}" for name, message in listed.problems.items())
        return HttpResponse(told, status=422, content_type="text/plain; charset=utf-8")
    name = f"incidents-{timezone.now():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _written(listed, IncidentTable(configuration), actor) if request.method == "GET" else (),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(listed: ListedIncidents, table: IncidentTable, actor: Actor) -> Iterator[str]:
    yield BYTE_ORDER_MARK + table.head()
    try:
        for records in read_for_export(listed.incidents, listed.order, actor):
            # Read after the rows: it knows whatever they refer to.
            yield table.lines(records, Configuration.current(), actor)
    except DatabaseError:
        # A table has no end that could be missing, and some programs keep what came before a connection broke.
        yield INCOMPLETE
        raise
