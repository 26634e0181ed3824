"""What the list of 25 costs: the whole request, and its body against the floor."""

from __future__ import annotations

import statistics

from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from incidents.models import Actor, Configuration, Incident, User
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.column_heads import column_heads
from incidents.web.incident_rows import read_list_page
from incidents.web.list_address import ListAddress
from incidents.web.list_display import ListDisplay
from tests.bench.floors import ListFloor
from tests.bench.measuring import (
    READER,
    Asker,
    Figure,
    cpu_with_database,
    leaving_nothing,
    medians,
    queries_of,
)

PATH = "/incidents/"
KILOBYTE = 1_024


def measure() -> dict[str, Figure]:
    """Return the figures of the list as somebody sees it who opens it without any filter: what is open, in groups."""
    with leaving_nothing():
        asker = Asker()
        answer = asker.get(PATH)
        assert answer.status == 200, answer
        (cpu,) = medians(lambda: asker.get(PATH))
        # The length is padded at random, against those who guess from it.
        sent = statistics.median(len(asker.get(PATH).body) for _ in range(20))
        queries = queries_of(lambda: asker.get(PATH))
        return {
            "list-cpu": Figure(cpu),
            "list-queries": Figure(queries),
            "list-bytes": Figure(sent / KILOBYTE),
            "list-floor": _against_the_floor(),
        }


def _against_the_floor() -> Figure:
    actor, configuration = Actor.of_user(User.objects.get(email=READER)), Configuration.current()
    floor = ListFloor(actor, configuration)
    assert floor.draw().count("<tr") == _body(actor, configuration).count('<tr class="incident-row"')
    body, least = medians(lambda: _body(actor, configuration), floor.draw, clock=cpu_with_database)
    return Figure(body / least, f"{body:.1f} against {least:.1f} ms")


def _body(actor: Actor, configuration: Configuration) -> str:
    """Return the table of the list: filter, queries, rows and template."""
    address = filtered_address(ListAddress(PATH, MultiValueDict()), configuration)
    display = ListDisplay()
    found = filter_of(address, Incident.objects.visible_to(actor), actor, configuration)
    context = {
        "page": read_list_page(found.incidents, display, configuration, is_selectable=True),
        "heading": "Open",
        "display": display,
        "heads": column_heads(address, display),
        "is_selectable": True,
        "columns_count": len(display.columns) + 1,
    }
    return render_to_string("incidents/_results.html", context)
