"""Where incidents that are one and the same are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Iterable


def merge_url(references: Iterable[str]) -> str:
    """Return the address that offers to merge the incidents."""
    query = QueryDict(mutable=True)
    query.setlist("id", list(references))
    return f"{reverse('incidents:merge')}?{query.urlencode()}"
