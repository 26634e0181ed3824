"""What tests of the pages of API keys read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.forms import read_form

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import ApiKey

KEYS = "/settings/api-keys/"
NEW = f"{KEYS}new/"
TOKEN = re.compile(r"toc_[A-Za-z0-9]{32}")


def page_of(api_key: ApiKey, name: str) -> str:
    return f"{KEYS}{api_key.pk}/{name}/"


def filled(client: Client, **changes: Any) -> dict[str, list[str]]:
    """Return what the form for a new key sends."""
    return read_form(client.get(NEW), "api-key-form").filled(**{"name": "deploy-marker", **changes})


def rows_of(text: str) -> list[str]:
    """Return the words of each row of the table."""
    rows = re.findall(r"<tr.*?</tr>", text.partition("<tbody")[2].partition("</tbody>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def token_in(response: Any) -> str:
    """Return the one token that the page shows."""
    (token,) = set(TOKEN.findall(response.text))
    return str(token)
