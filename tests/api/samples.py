"""What tests of several resources send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient

MISSING_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
UNKNOWN_IDS = (MISSING_ID, "8" * 26, "0" * 300, "nonsense", "1", "%C5%BF", "..")
"""Ids of nothing: one that is well formed, and others that are none."""


def read_pages(api: ApiClient, path: str, noun: str, *, most: int = 20) -> list[list[Any]]:
    """Follow a list to its end as clients do; `path` ends where `after` is added."""
    pages: list[list[Any]] = []
    after: str | None = ""
    while after is not None and len(pages) < most:
        reply = api.get(f"{path}&after={after}")
        pages.append(reply.body[noun])
        after = reply.body["pagination_meta"].get("after")
    return pages


def count_queries(api: ApiClient, path: str) -> int:
    """Return what a list costs once the configuration is read: without the write that counts requests now and then."""
    assert api.get(path).status == 200
    with CaptureQueriesContext(connection) as queries:
        api.get(path)
    return sum("UPDATE incidents_apikey" not in query["sql"] for query in queries)
