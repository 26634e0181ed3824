"""The menu that adds filters: the same for everybody, so it is drawn once per configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from incidents.filters import filter_fields
from incidents.web.facets import facet_keys
from incidents.web.filter_bar import menu_fields

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from incidents.models import Configuration

_drawn: tuple[str, SafeString] | None = None


def filter_menu(configuration: Configuration) -> SafeString:
    """Return the fields of the menu as HTML."""
    global _drawn
    if _drawn is None or _drawn[0] != configuration.token:
        fields = menu_fields(filter_fields(configuration).values(), facet_keys(configuration))
        context = {"fields": fields, "configuration": configuration}
        _drawn = (configuration.token, render_to_string("incidents/_filter_fields.html", context))
    return _drawn[1]
