"""What a list of the JSON API costs: against the floor, and in statements."""

from __future__ import annotations

from incidents.api.reading.fragments import fragments
from incidents.models import Configuration
from incidents.services.api_keys import ApiKeyDraft, issue_api_key
from tests.bench.floors import json_list
from tests.bench.measuring import Asker, Figure, leaving_nothing, medians, queries_of

SIZE = 250
PAGE_SIZES = (1, 25, SIZE)
PATH = "/v2/incidents?page_size={}"
ANY_NUMBER = 1_000_000


def measure() -> dict[str, Figure]:
    """Return the figures of whole requests, with the key, the limit and the middleware."""
    with leaving_nothing():
        draft = ApiKeyDraft(name="bench", roles=("viewer", "global_access"), rate_limit=ANY_NUMBER)
        asker = Asker(token=issue_api_key(draft, None).token, takes_gzip=False)
        assert asker.get(PATH.format(SIZE)).status == 200
        pieces = fragments(Configuration.current())
        request, floor = medians(lambda: asker.get(PATH.format(SIZE)), lambda: json_list(pieces, SIZE))
        queries = [_queries(asker, size) for size in PAGE_SIZES]
    return {
        "json-floor": Figure(request / floor, f"{request:.1f} against {floor:.1f} ms"),
        "json-queries": Figure(max(queries) - min(queries), f"{max(queries)} each"),
    }


def _queries(asker: Asker, size: int) -> int:
    # Every so many requests one tells the database how many there were; that is not of the list.
    return min(queries_of(lambda: asker.get(PATH.format(size))) for _ in range(2))
