"""The saved views in the navigation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.urls import reverse

from incidents.models.saved_view_names import read_view_names
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
    return [
        SavedViewLink(pk, name, "users" if is_shared else "layers", view_url(pk), pk == named)
        for pk, name, is_shared in read_view_names(actor, MOST_LINKS)
    ]
