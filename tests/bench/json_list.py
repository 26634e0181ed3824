"""What a list of the JSON API costs: against the floor, and in statements."""

from __future__ import annotations

import msgspec

from incidents.api.reading.fragments import fragments
from incidents.api.reading.incidents import read_incidents
from incidents.api.reading.totals import total_of
from incidents.models import Actor, Configuration, Incident
from incidents.models.incident_listing import Asked
from incidents.models.incident_order import NEWEST_FIRST
from incidents.services.api_keys import ApiKeyDraft, issue_api_key
from tests.bench.floors import json_list
from tests.bench.measuring import Asker, Figure, leaving_nothing, medians, queries_of

USUAL, MOST = 25, 250
PATH = "/v2/incidents?page_size={}"
ANY_NUMBER = 1_000_000


def measure() -> dict[str, Figure]:
    """Return the figures of whole requests, with the key, the limit and the middleware; of a short list without them."""
    pieces = fragments(Configuration.current())
    with leaving_nothing():
        draft = ApiKeyDraft(name="bench", roles=("viewer", "global_access"), rate_limit=ANY_NUMBER)
        issued = issue_api_key(draft, None)
        asker, actor = Asker(token=issued.token, takes_gzip=False), Actor.of_api_key(issued.api_key)
        assert asker.get(PATH.format(MOST)).status == 200
        request, floor = medians(lambda: asker.get(PATH.format(MOST)), lambda: json_list(pieces, MOST))
        short, short_floor = medians(lambda: _read(USUAL, actor), lambda: json_list(pieces, USUAL))
        queries = [_queries(asker, size) for size in (1, USUAL, MOST)]
    return {
        "json-floor": Figure(request / floor, f"{request:.1f} against {floor:.1f} ms"),
        "json-25": Figure(short / short_floor, f"{short:.1f} against {short_floor:.1f} ms"),
        "json-queries": Figure(max(queries) - min(queries), f"{max(queries)} each"),
    }


def _read(size: int, actor: Actor) -> bytes:
    """Return the incidents as the API writes them."""
    visible = Incident.objects.visible_to(actor).in_default_modes()
    asked = Asked(order=NEWEST_FIRST, size=size)
    total = total_of(visible, actor, is_filtered=False)
    return msgspec.json.encode(read_incidents(visible, asked, Configuration.current(), total))


def _queries(asker: Asker, size: int) -> int:
    # Every so many requests one tells the database how many there were; that is not of the list.
    return min(queries_of(lambda: asker.get(PATH.format(size))) for _ in range(2))
