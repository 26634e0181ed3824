"""Icons, drawn from one sprite file."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css_class: str = "icon") -> SafeString:
    """Draw one icon. It is decoration: the words beside it, or the button's label, carry the meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}" /></svg>',
        css_class,
        static("icons/icons.svg"),
        name,
    )
