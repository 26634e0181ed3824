"""Mistakes in an installation that can be told before it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.apps import AppConfig


@register(Tags.security, deploy=True)
def check_environment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A public installation says so, because that closes the demo's logins and insists on TLS."""
    if settings.PRODUCTION:
        return []
    return [
        CheckWarning(
            "This installation is not told that it is in production.",
            hint="Set TOCSIN_ENVIRONMENT=production. It refuses the demo's password and insists on TLS.",
            id="incidents.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_base_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Links in e-mails and permalinks lead to BASE_URL."""
    if settings.BASE_URL.startswith("https://"):
        return []
    return [
        CheckWarning(
            "BASE_URL is not an https address.",
            hint="Set BASE_URL to the address people type, such as https://tocsin.example.com.",
            id="incidents.W002",
        )
    ]
