"""Which columns the list shows, and in which order: a form that leads back to the list."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.models import Configuration
from incidents.web.htmx import render_page, wants_fragment
from incidents.web.list_address import ListAddress
from incidents.web.list_columns import COLUMNS, MOST_COLUMNS, NAME, all_columns, read_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest, HttpResponse

    from incidents.web.list_columns import Column

UP, DOWN = "up", "down"


@dataclasses.dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One line of the form."""

    key: str
    label: str
    is_chosen: bool
    is_fixed: bool = False
    is_first: bool = False
    is_last: bool = False


@require_safe
def list_columns(request: HttpRequest) -> HttpResponse:
    configuration = Configuration.current()
    columns, problem = read_columns(request.GET.getlist(COLUMNS), configuration)
    chosen = _moved(columns, request.GET.get(UP, ""), request.GET.get(DOWN, ""))
    address = ListAddress(reverse("incidents:list"), request.GET).without_blanks()
    address = address.without(COLUMNS, UP, DOWN)
    context = {
        "choices": _choices(chosen, all_columns(configuration).values()),
        "kept": address.pairs,
        "list_url": address.path,
        "usual_url": address.url,
        "moved": request.GET.get(UP) or request.GET.get(DOWN),
        "is_upwards": UP in request.GET,
        "most": MOST_COLUMNS,
        "problem": problem,
        "is_fragment": wants_fragment(request),
    }
    return render_page(
        request,
        "incidents/columns.html",
        context,
        fragment="incidents/_columns_form.html",
        status=422 if problem else 200,
    )


def _moved(columns: Sequence[Column], up: str, down: str) -> list[Column]:
    """Return the columns with one of them a place further up or down, where there is one."""
    moved = list(columns)
    keys = [column.key for column in columns]
    if up in keys and keys.index(up) > 0:
        at = keys.index(up)
        moved[at - 1], moved[at] = moved[at], moved[at - 1]
    elif down in keys and keys.index(down) < len(keys) - 1:
        at = keys.index(down)
        moved[at + 1], moved[at] = moved[at], moved[at + 1]
    return moved


def _choices(chosen: Sequence[Column], offered: Iterable[Column]) -> list[ColumnChoice]:
    """Return the chosen columns in their order, then the others."""
    last = len(chosen) - 1
    lines = [
        ColumnChoice(
            column.key,
            column.label,
            is_chosen=True,
            is_fixed=column.key == NAME,
            is_first=place == 0,
            is_last=place == last,
        )
        for place, column in enumerate(chosen)
    ]
    keys = {column.key for column in chosen}
    others = [column for column in offered if column.key not in keys]
    return [*lines, *(ColumnChoice(column.key, column.label, is_chosen=False) for column in others)]
