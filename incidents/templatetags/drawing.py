"""Parts of pages that are drawn once for the same values, not once for each page: a template takes its time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.utils.safestring import SafeString

register = template.Library()

MOST_KEPT = 512


@register.simple_tag
def drawn(template_name: str, **values: Hashable) -> SafeString:
    """Draw a template that knows nothing but these values, which are plain: text that is marked safe looks the same."""
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    return draw(template_name, get_script_prefix(), tuple(values.items()))


@lru_cache(maxsize=MOST_KEPT)
def _draw(template_name: str, script_prefix: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    # The addresses in it begin with the script prefix.
    return render_to_string(template_name, dict(values))
