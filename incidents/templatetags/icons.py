"""{% icon "plus" %}: one picture of static/icons/icons.svg."""

from __future__ import annotations

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, classes: str = "icon") -> SafeString:
    """Draw an icon beside a text that says the same; alone it needs a label on its button or link."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        classes,
        static("icons/icons.svg"),
        name,
    )
