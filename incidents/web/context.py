"""What every template knows about the installation and the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from incidents import __version__

if TYPE_CHECKING:
    from django.http import HttpRequest

THEMES = ("light", "dark")


def installation(request: HttpRequest) -> dict[str, str]:
    """Return the names of the installation and the theme asked for; no theme means the system's."""
    theme = request.COOKIES.get("theme", "")
    return {
        "organisation_name": settings.ORGANISATION_NAME,
        "support_text": settings.SUPPORT_TEXT,
        "theme": theme if theme in THEMES else "",
        "tocsin_version": __version__,
    }
