"""How many queries a request costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient


def queries_of(api: ApiClient, path: str) -> int:
    """Return the number of queries of a GET, once everything that is kept is there."""
    api.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert api.get(path).status == 200
    return len(captured)
