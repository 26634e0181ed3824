"""What the navigation shows: the built-in views of the list, and whether this is a page of the settings."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from incidents.filters import OPEN_ONLY
from incidents.web.settings_pages import is_settings_path, settings_groups

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclasses.dataclass(frozen=True, slots=True)
class BuiltInView:
    """One view: its name, its icon and the query that makes it."""

    name: str
    icon: str
    query: str


BUILT_IN_VIEWS = (
    BuiltInView("Open", "zap", ""),
    BuiltInView("Major and above", "shield-alert", "status_category[one_of]=open&severity[gte]=major"),
    BuiltInView("I lead", "eye", "incident_role[lead][one_of]=me"),
    BuiltInView("Awaiting write-up", "book-open", "status_category[one_of]=learning"),
    BuiltInView("All incidents", "layers", "status_category[one_of]=any"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class NavigationLink:
    """One line of the navigation."""

    name: str
    icon: str
    url: str
    is_current: bool


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context processor: the links of the navigation, made when a template asks, which calls what can be called."""
    return {
        "navigation_links": cache(lambda: navigation_links(request)),
        "is_in_duplicates": lambda: request.path == reverse("incidents:duplicates"),
        "settings_groups": SimpleLazyObject(lambda: settings_groups(request)),
        "is_in_settings": cache(lambda: is_settings_path(request.path)),
    }


def navigation_links(request: HttpRequest) -> tuple[NavigationLink, ...]:
    """Return every built-in view, marking the one whose address this request has."""
    path = reverse("incidents:list")
    asked = request.GET if request.path == path else None
    return tuple([_link(view, path, asked) for view in built_in_views(request)])


def built_in_views(request: HttpRequest) -> tuple[BuiltInView, ...]:
    """Return the views that everybody has; the first writes its filter out for those whose list opens with another."""
    person = getattr(request, "user", None)
    if getattr(person, "start_view_id", None) is None:
        return BUILT_IN_VIEWS
    first, *others = BUILT_IN_VIEWS
    return (dataclasses.replace(first, query="=".join(OPEN_ONLY)), *others)


def _link(view: BuiltInView, path: str, asked: QueryDict | None) -> NavigationLink:
    query = QueryDict(view.query)
    encoded = query.urlencode(safe="[]")
    return NavigationLink(
        name=view.name,
        icon=view.icon,
        url=f"{path}?{encoded}" if encoded else path,
        is_current=asked is not None and asked.dict() == query.dict(),
    )
