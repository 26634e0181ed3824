"""The saved views in the navigation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.urls import reverse

from incidents.models import SavedView
from incidents.web.saved_views import VIEW, view_url

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import Actor

MOST_LINKS = 20


@dataclasses.dataclass(frozen=True, slots=True)
class SavedViewLink:
    """One saved view of the navigation."""

    id: str
    name: str
    icon: str
    url: str
    is_current: bool


def saved_view_links(request: HttpRequest, actor: Actor) -> list[SavedViewLink]:
    """Return the person's own views and then the shared ones, the first of them; one query."""
    named = request.GET.get(VIEW, "").upper() if request.path == reverse("incidents:list") else ""
    rows = SavedView.objects.visible_to(actor).own_first().values_list("id", "name", "is_shared")
    return [
        SavedViewLink(pk, name, "users" if is_shared else "layers", view_url(pk), pk == named)
        for pk, name, is_shared in rows[:MOST_LINKS]
    ]
