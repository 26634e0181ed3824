"""The list of incidents, and the door to it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_safe

from incidents.filters import SEARCH, IncidentFilter
from incidents.models import Configuration, Incident, User
from incidents.models.search_query import unfinished
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.column_heads import column_heads
from incidents.web.empty_list import explain_empty_list
from incidents.web.filter_bar import everything, filter_chips
from incidents.web.filter_menu import filter_menu
from incidents.web.htmx import asked_by, lead_to, previous_query, render_page, wants_fragment
from incidents.web.incident_rows import read_list_page
from incidents.web.list_address import ListAddress
from incidents.web.list_columns import DEFAULT_COLUMNS
from incidents.web.list_display import (
    AFTER,
    BEFORE,
    PAGE_SIZE,
    PARAMETERS,
    display_menu,
    export_links,
    read_display,
)
from incidents.web.live_list import live_list
from incidents.web.navigation import built_in_views
from incidents.web.navigation_views import saved_view_links
from incidents.web.saved_views import (
    VIEW,
    named_view,
    open_view,
    opened_address,
    query_of,
    start_view_url,
    with_plain_columns,
)
from incidents.web.search_box import SearchBox, read_search_box
from incidents.web.search_marks import read_list_search
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from incidents.models import Actor, SavedView
    from incidents.web.list_display import ListDisplay

SEARCH_FORM = "filter-text-form"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if Incident.objects.visible_to(actor).exists():
        return redirect("incidents:list")
    context = {
        "configuration": Configuration.current(),
        "people": User.objects.filter(is_active=True).count(),
    }
    return render(request, "incidents/welcome.html", context)


@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    loaded_at = timezone.now()
    actor, configuration = actor_of(request), Configuration.current()
    given = ListAddress(request.path, request.GET)
    leads_to = _leads_to(given, actor, configuration)
    if leads_to:
        return HttpResponseRedirect(leads_to)
    view = named_view(request.GET[VIEW], actor) if VIEW in given.query else None
    whole = _whole_address(given, view, actor, configuration)
    box = read_search_box(whole, actor, configuration, is_typing=asked_by(request) == SEARCH_FORM)
    if box.is_changed and not wants_fragment(request):
        return HttpResponseRedirect(box.address.url)
    address, filtered = box.address, filtered_address(box.address, configuration)
    searched = _searched(filtered, box)
    incident_filter = filter_of(searched, Incident.objects.visible_to(actor), actor, configuration)
    display, problems = read_display(address.query, configuration)
    context = {
        **_frame(request, address, filtered, incident_filter, display),
        **_saved(request, filtered, view, actor),
        "facets_url": f"{reverse('incidents:facets')}?{query_of(searched)}",
        "box": box,
        "focus": "" if box.is_changed else _focus(request, filtered, configuration),
        "problems": _problems(filtered, incident_filter, problems),
    }
    if not context["problems"]:
        context["is_selectable"] = actor.can_respond
        context["columns_count"] = len(display.columns) + actor.can_respond
        context |= _results(incident_filter, display, filtered, box.text, is_selectable=actor.can_respond)
        context |= _pager(address, context["page"])
        context["live"] = live_list(address, context["page"], loaded_at=loaded_at)
    response = render_page(
        request,
        "incidents/list.html",
        context,
        fragment="incidents/_list_answer.html",
        status=422 if context["problems"] else 200,
    )
    return lead_to(response, box.address.url) if box.is_changed else response


def _leads_to(given: ListAddress, actor: Actor, configuration: Configuration) -> str:
    """Return where an address leads that is not written as it should be, or that leaves everything open."""
    if not given.query:
        return start_view_url(actor)
    plain = with_plain_columns(given.without_blanks() if given.has_blanks else given, configuration)
    return plain.url if plain != given else ""


def _whole_address(
    given: ListAddress, view: SavedView | None, actor: Actor, configuration: Configuration
) -> ListAddress:
    """Return the address from which every link of the page is made.

    Whose list opens with a saved view gets the open incidents written out: no address without filters means them.
    """
    address = opened_address(given, view)
    if actor.user is not None and actor.user.start_view_id is not None:
        return filtered_address(address, configuration)
    return address


def _searched(filtered: ListAddress, box: SearchBox) -> ListAddress:
    """Return the address that is answered: it has the words of the box, and not the terms that wait there."""
    if box.text == filtered.query.get(SEARCH, ""):
        return filtered
    return filtered.with_values(SEARCH, [box.text])


def _results(
    incident_filter: IncidentFilter,
    display: ListDisplay,
    filtered: ListAddress,
    text: str,
    *,
    is_selectable: bool,
) -> dict[str, Any]:
    page = read_list_page(
        incident_filter.incidents,
        display,
        incident_filter.configuration,
        read_list_search(text),
        is_selectable=is_selectable,
    )
    is_empty = not page.shown and display.place is None
    return {
        "page": page,
        "empty": explain_empty_list(incident_filter, filtered) if is_empty else None,
        "prefix_url": filtered.with_values(SEARCH, [unfinished(text)]).url
        if unfinished(text) != text
        else "",
    }


def _frame(
    request: HttpRequest,
    address: ListAddress,
    filtered: ListAddress,
    incident_filter: IncidentFilter,
    display: ListDisplay,
) -> dict[str, Any]:
    """Return what stands around the rows; every link in it is a change of the address."""
    views = [
        {
            "name": view.name,
            "url": _view_url(address, view.query),
            "is_current": _is_view(address, view.query),
        }
        for view in built_in_views(request)
    ]
    return {
        "heading": next((view["name"] for view in views if view["is_current"]), "Incidents"),
        "views": views,
        "is_built_in": any(_is_untouched(address, view.query) for view in built_in_views(request)),
        "list_url": address.path,
        "list_now_url": address.url,
        "chips": filter_chips(incident_filter.applied, filtered),
        "filter_menu": filter_menu(incident_filter.configuration),
        "kept": filtered.pairs,
        "search": filtered.query.get(SEARCH, ""),
        "search_kept": filtered.without(SEARCH).pairs,
        "display": display,
        "heads": column_heads(address, display),
        "is_chosen": display.columns is not DEFAULT_COLUMNS,
        "display_menu": display_menu(address, display),
        "export_links": export_links(address),
    }


def _saved(
    request: HttpRequest, filtered: ListAddress, view: SavedView | None, actor: Actor
) -> dict[str, Any]:
    """Return what the page says about saved views: the one that is open, or what would be saved."""
    query = query_of(filtered)
    saved = {
        "saved_views": saved_view_links(request, actor),
        "query": query,
        "columns_url": dataclasses.replace(filtered, path=reverse("incidents:columns")).url,
    }
    if view is None:
        return saved
    return {**saved, "heading": view.name, "opened": open_view(view, filtered, actor)}


def _focus(request: HttpRequest, filtered: ListAddress, configuration: Configuration) -> str:
    """Return the name of the filter that changed, whose chip is drawn anew and would lose the focus; "add" if it went."""
    previous = previous_query(request)
    if previous is None:
        return ""
    before = filtered_address(ListAddress(filtered.path, previous), configuration).query
    names = [*filtered.query, *before]
    changed = [name for name in names if "[" in name and before.getlist(name) != filtered.query.getlist(name)]
    return next((name if name in filtered.query else "add" for name in changed), "")


def _pager(address: ListAddress, page: Any) -> dict[str, Any]:
    return {
        "newer_url": address.with_values(BEFORE, [page.newer]).url if page.newer else "",
        "older_url": address.with_values(AFTER, [page.older]).url if page.older else "",
        "first_url": address.without().url,
        "is_later_page": AFTER in address.query or BEFORE in address.query,
    }


def _problems(
    filtered: ListAddress, incident_filter: IncidentFilter, display_problems: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return what is wrong with the address, each with the way out."""
    filters = list(incident_filter.filters)
    wrong = [
        {
            "label": str(incident_filter.filters[name].label),
            "message": " ".join(messages),
            "remove_url": (
                filtered.without(name).url
                if set(filters) - {name}
                else everything(filtered.without(name)).url
            ),
        }
        for name, messages in incident_filter.errors.items()
    ]
    wrong += [
        {"label": name, "message": message, "remove_url": filtered.without(name).url}
        for name, message in display_problems.items()
    ]
    return wrong


def _view_url(address: ListAddress, query: str) -> str:
    return f"{address.path}?{query}" if query else address.path


def _is_view(address: ListAddress, query: str) -> bool:
    return address.without(*PARAMETERS).query == MultiValueDict(QueryDict(query).lists())


def _is_untouched(address: ListAddress, query: str) -> bool:
    return address.without(PAGE_SIZE).query == MultiValueDict(QueryDict(query).lists())
