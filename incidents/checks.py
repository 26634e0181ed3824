"""Mistakes in an installation that can be told before it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections

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


@register(Tags.database)
def check_configuration(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Without these rows nobody can declare, or nobody can lead; `check --database default` and migrate tell it."""
    if "default" not in (databases or ()) or not _has_tables():
        return []
    from incidents.models import Configuration

    configuration = Configuration.current()
    missing = {
        "incident role of the type lead": configuration.lead_role,
        "default incident type": configuration.default_type,
        "incident status of the category triage": configuration.first_status("triage"),
        "incident status of the category live": configuration.first_status("live"),
        "severity": next(iter(configuration.severities), None),
    }
    return [
        CheckWarning(
            f"There is no {noun}.",
            hint="An administrator adds one under /admin/.",
            id="incidents.W003",
        )
        for noun, row in missing.items()
        if row is None
    ]


def _has_tables() -> bool:
    """Say whether migrations have run: migrate asks before it begins, on an older database too."""
    # The table of configuration that came last: an upgrade has the others already.
    return "incidents_duplicatesettings" in connections["default"].introspection.table_names()
