"""The command palette, the keys and the help of the search: dialogs where scripts run, else plain pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_safe

from incidents.models import Configuration
from incidents.web.htmx import render_page
from incidents.web.palette import LONGEST_QUESTION, read_palette
from incidents.web.search_help import help_lines
from incidents.web.shortcuts import shortcut_groups
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    question = request.GET.get("q", "")[:LONGEST_QUESTION]
    groups = read_palette(request, question, actor_of(request), Configuration.current())
    context = {
        "question": question,
        "groups": groups,
        "count": sum(len(group.lines) for group in groups),
    }
    return render_page(request, "palette.html", context, fragment="components/_palette_results.html")


@require_safe
def keyboard(request: HttpRequest) -> HttpResponse:
    context = {"groups": shortcut_groups()}
    return render_page(request, "keyboard.html", context, fragment="components/_shortcuts.html")


@require_safe
def search_help(request: HttpRequest) -> HttpResponse:
    context = {"lines": help_lines(Configuration.current())}
    return render_page(request, "search_help.html", context, fragment="incidents/_search_help.html")
