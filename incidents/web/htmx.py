"""The one place that knows HTMX: whether a request wants a page or a part of it, and how each is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, push_url, trigger_client_event
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether only a part of the page is asked for. Boosted links and the Back button want it whole."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def asked_by(request: HttpRequest) -> str:
    """Return the id of the element that asks for a fragment, empty where there is none."""
    return HtmxDetails(request).trigger or "" if wants_fragment(request) else ""


def lead_to(response: HttpResponse, address: str) -> HttpResponse:
    """Say that the answer belongs to another address, which the browser shall show."""
    return push_url(response, address)


def previous_query(request: HttpRequest) -> QueryDict | None:
    """Return the query of the page on which the fragment will land; None when a whole page is asked for."""
    if not wants_fragment(request):
        return None
    address = HtmxDetails(request).current_url or ""
    return QueryDict(address.partition("?")[2].partition("#")[0])


def render_page(
    request: HttpRequest, page: str, context: dict[str, Any], *, fragment: str, status: int = 200
) -> HttpResponse:
    """Render the template `page`, or the template `fragment` when only that is asked for.

    Both have the same address, so the answer says that it varies: a cache must not hand out one for the other.
    """
    template = fragment if wants_fragment(request) else page
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def nothing_new() -> HttpResponse:
    """Answer that the fragment on the page is as it would be drawn now: nothing is swapped."""
    response = HttpResponse(status=204)
    patch_vary_headers(response, ("HX-Request",))
    return response


def tell_page(response: HttpResponse, event: str) -> HttpResponse:
    """Let an event happen on the element that asked, for the page's scripts."""
    return trigger_client_event(response, event)


def redirect_page(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the browser to another page, also when HTMX asked: it would swap in what a plain redirect leads to."""
    response: HttpResponse
    if wants_fragment(request):
        response = HttpResponseClientRedirect(address)
    else:
        response = HttpResponseRedirect(address)
        response.status_code = 303
    patch_vary_headers(response, ("HX-Request",))
    return response
