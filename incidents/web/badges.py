"""The badges of rows: the same in every row, so each is drawn once per configuration."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incidents.models import Configuration


@dataclasses.dataclass(frozen=True, slots=True)
class Badges:
    """HTML by the id of a severity or status; no severity draws nothing."""

    token: str
    severities: Mapping[str | None, SafeString]
    statuses: Mapping[str, SafeString]


_drawn: Badges | None = None


def row_badges(configuration: Configuration) -> Badges:
    """Return the badges of every severity and status."""
    global _drawn
    if _drawn is None or _drawn.token != configuration.token:
        _drawn = Badges(
            token=configuration.token,
            severities={
                severity.pk: _draw("_severity", severity=severity, configuration=configuration)
                for severity in configuration.severities
            },
            statuses={
                status.pk: _draw("_status", status=status) for status in configuration.incident_statuses
            },
        )
    return _drawn


def _draw(component: str, **context: object) -> SafeString:
    html = render_to_string(f"components/{component}.html", {**context, "badge_class": ""})
    return mark_safe(html.strip())  # noqa: S308 - the template escaped it
