"""Links that change a list without leaving it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def swaps(url: str) -> SafeString:
    """Return the attributes of a link that replaces the results; without JavaScript it is a plain link."""
    return format_html(
        'href="{0}" hx-get="{0}" hx-target="#results" hx-swap="outerHTML" hx-push-url="true"', url
    )
