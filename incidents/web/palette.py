"""The command palette: what it offers for a few words, to be opened by keyboard alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.urls import reverse

from incidents.models import Incident
from incidents.text import fold
from incidents.web.navigation import navigation_links
from incidents.web.navigation_views import saved_view_links
from incidents.web.settings_pages import settings_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from incidents.models import Actor, Configuration
    from incidents.models.incident_queryset import IncidentQuerySet

MOST_INCIDENTS = 8
MOST_LOOKED_AT = 50
MOST_PAGES = 8
LONGEST_QUESTION = 200


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PaletteLine:
    """One thing to open: `key` tells its shortcut, `press` names the control that does it without leaving the page."""

    name: str
    url: str
    icon: str
    reference: str = ""
    note: str = ""
    keys: tuple[str, ...] = ()
    press: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class PaletteGroup:
    """Lines under one head."""

    name: str
    lines: tuple[PaletteLine, ...]


def read_palette(
    request: HttpRequest, question: str, actor: Actor, configuration: Configuration
) -> list[PaletteGroup]:
    """Return what the palette offers, without its empty groups; one query, and two more if something is asked.

    Incidents that are called so come before those whose texts only mention it.
    """
    words = fold(question).split()
    groups = [
        PaletteGroup("Incidents", tuple(_incidents(question, words, actor, configuration)) if words else ()),
        PaletteGroup("Actions", tuple(_matching(_actions(), words))),
        PaletteGroup("Views", tuple(_matching(_views(request, actor), words))[:MOST_PAGES]),
        PaletteGroup("Pages", tuple(_matching(_pages(request, actor), words))[:MOST_PAGES]),
    ]
    return [group for group in groups if group.lines]


def _incidents(
    question: str, words: list[str], actor: Actor, configuration: Configuration
) -> Iterator[PaletteLine]:
    visible = Incident.objects.visible_to(actor)
    found = list(_read(visible.by_reference(question.strip())))
    if not found:
        found = list(_read(visible.in_default_modes().search(question).newest_first()))
        found.sort(key=lambda row: not _has_words(row[1], words))
    for number, name, status_id in found[:MOST_INCIDENTS]:
        status = configuration.incident_statuses.by_id[status_id]
        yield PaletteLine(
            name=name,
            url=reverse("incidents:detail", args=[f"INC-{number}"]),
            icon=f"status-{status.category}",
            reference=f"INC-{number}",
            note=status.name,
        )


def _read(incidents: IncidentQuerySet) -> Iterable[tuple[int, str, str]]:
    return incidents.values_list("number", "name", "incident_status_id")[:MOST_LOOKED_AT]


def _actions() -> Iterator[PaletteLine]:
    yield PaletteLine(name="Declare an incident", url=reverse("incidents:new"), icon="plus", keys=("C",))
    yield PaletteLine(name="Change theme", url=reverse("incidents:preferences"), icon="moon", press="theme")
    yield PaletteLine(
        name="Keyboard shortcuts", url=reverse("incidents:keyboard"), icon="info", keys=("?",), press="keys"
    )


def _views(request: HttpRequest, actor: Actor) -> Iterator[PaletteLine]:
    for link in saved_view_links(request, actor):
        yield PaletteLine(name=link.name, url=link.url, icon=link.icon, note="View")


def _pages(request: HttpRequest, actor: Actor) -> Iterator[PaletteLine]:
    for place, link in enumerate(navigation_links(request), 1):
        yield PaletteLine(name=link.name, url=link.url, icon=link.icon, keys=("G", str(place)))
    for group in settings_groups(request):
        for page in group.links:
            yield PaletteLine(name=page.name, url=page.url, icon=page.icon, note="Settings")
    if actor.can_respond:
        yield PaletteLine(name="Bulk changes", url=reverse("incidents:bulk_recent"), icon="layers")


def _matching(lines: Iterable[PaletteLine], words: list[str]) -> Iterator[PaletteLine]:
    """Yield the lines whose name and note hold every word."""
    return (line for line in lines if _has_words(f"{line.name} {line.note}", words))


def _has_words(text: str, words: list[str]) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)
