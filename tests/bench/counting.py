"""How far the list counts when it holds everything."""

from __future__ import annotations

from incidents.models import Actor, Configuration, Incident, User
from incidents.web.incident_rows import read_list_page
from incidents.web.list_display import ListDisplay
from tests.bench.measuring import READER, Figure


def measure() -> dict[str, Figure]:
    """Return how many incidents the count of a list without filters reached."""
    actor = Actor.of_user(User.objects.get(email=READER))
    page = read_list_page(Incident.objects.visible_to(actor), ListDisplay(), Configuration.current())
    return {"list-counted": Figure(page.count, f"told as “{page.count_words}”")}
