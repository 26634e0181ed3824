"""Reads the list out of a page."""

from __future__ import annotations

import html
import re
from typing import Any


def names_on(response: Any) -> list[str]:
    """Return the names of the incidents, from top to bottom."""
    names = re.findall(r'<a href="/incidents/INC-\d+/">(.*?)</a>', response.content.decode())
    return [re.sub(r"</?mark>", "", name) for name in names]


def heads_on(response: Any) -> list[tuple[str, str]]:
    """Return the heads of the groups with their counts."""
    found = re.findall(
        r"([^<>]*)<span class=\"incident-group-count\">([^<]*)</span>", response.content.decode()
    )
    return [(label.strip(), count) for label, count in found]


def link_of(response: Any, rel: str) -> str | None:
    """Return where the pager leads, if it does."""
    found = re.search(rf'rel="{rel}"\s+href="([^"]*)"', response.content.decode())
    return html.unescape(found[1]) if found else None
