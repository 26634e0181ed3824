"""The list of incidents, and the door to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_safe

from incidents.filters import SEARCH, IncidentFilter
from incidents.models import Configuration, Incident, User
from incidents.models.search_query import unfinished
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.empty_list import explain_empty_list
from incidents.web.filter_bar import everything, filter_chips
from incidents.web.filter_menu import filter_menu
from incidents.web.htmx import asked_by, lead_to, previous_query, render_page, wants_fragment
from incidents.web.incident_rows import read_list_page
from incidents.web.list_address import ListAddress
from incidents.web.list_display import (
    AFTER,
    BEFORE,
    PARAMETERS,
    export_links,
    group_links,
    read_display,
    size_links,
    sort_links,
    sort_url,
)
from incidents.web.live_list import live_list
from incidents.web.navigation import BUILT_IN_VIEWS
from incidents.web.search_box import SearchBox, read_search_box
from incidents.web.search_help import search_help
from incidents.web.search_marks import read_list_search
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

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
    address = ListAddress(request.path, request.GET)
    if address.has_blanks:
        return HttpResponseRedirect(address.without_blanks().url)
    actor, configuration = actor_of(request), Configuration.current()
    box = read_search_box(address, actor, configuration, is_typing=asked_by(request) == SEARCH_FORM)
    if box.is_changed and not wants_fragment(request):
        return HttpResponseRedirect(box.address.url)
    address, filtered = box.address, filtered_address(box.address, configuration)
    incident_filter = filter_of(
        _searched(filtered, box), Incident.objects.visible_to(actor), actor, configuration
    )
    display, problems = read_display(address.query)
    context = {
        **_frame(address, filtered, incident_filter, display),
        "box": box,
        "search_help": search_help(configuration),
        "focus": "" if box.is_changed else _focus(request, filtered, configuration),
        "problems": _problems(filtered, incident_filter, problems),
    }
    if not context["problems"]:
        context["is_selectable"] = actor.can_respond
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
    address: ListAddress, filtered: ListAddress, incident_filter: IncidentFilter, display: ListDisplay
) -> dict[str, Any]:
    """Return what stands around the rows; every link in it is a change of the address."""
    views = [
        {
            "name": view.name,
            "url": _view_url(address, view.query),
            "is_current": _is_view(address, view.query),
        }
        for view in BUILT_IN_VIEWS
    ]
    return {
        "heading": next((view["name"] for view in views if view["is_current"]), "Incidents"),
        "views": views,
        "list_url": address.path,
        "list_now_url": address.url,
        "chips": filter_chips(incident_filter.applied, filtered),
        "filter_menu": filter_menu(incident_filter.configuration),
        "kept": filtered.pairs,
        "search": filtered.query.get(SEARCH, ""),
        "search_kept": filtered.without(SEARCH).pairs,
        "display": display,
        "sort_links": sort_links(address, display),
        "sort_urls": _header_urls(address, display),
        "group_links": group_links(address, display),
        "size_links": size_links(address, display),
        "export_links": export_links(address),
    }


def _focus(request: HttpRequest, filtered: ListAddress, configuration: Configuration) -> str:
    """Return the name of the filter that changed, whose chip is drawn anew and would lose the focus; "add" if it went."""
    previous = previous_query(request)
    if previous is None:
        return ""
    before = filtered_address(ListAddress(filtered.path, previous), configuration).query
    names = [*filtered.query, *before]
    changed = [name for name in names if "[" in name and before.getlist(name) != filtered.query.getlist(name)]
    return next((name if name in filtered.query else "add" for name in changed), "")


def _header_urls(address: ListAddress, display: ListDisplay) -> Mapping[str, str]:
    """Return where the heads of columns lead; that of the reference turns the order by creation round."""
    turned = display.sort_by == "created_at_newest_first"
    return {
        "severity": sort_url(address, "severity_highest_first"),
        "reference": sort_url(address, f"created_at_{'oldest' if turned else 'newest'}_first"),
        "updated": sort_url(address, "updated_at_newest_first"),
    }


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
