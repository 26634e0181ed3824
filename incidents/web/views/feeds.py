"""Feeds of incidents for programs that cannot log in: the token in the address says who reads."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from incidents.models import Actor, Configuration, Incident
from incidents.services.feed_tokens import feed_token_of
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.atom import write_atom
from incidents.web.feed_entries import read_entries
from incidents.web.icalendar import write_calendar
from incidents.web.list_address import ListAddress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from incidents.models import FeedToken
    from incidents.web.feed_entries import FeedEntry

_RECENTLY_UPDATED, _NEWEST = ("-updated_at", "-id"), ("-id",)


@dataclasses.dataclass(frozen=True, slots=True)
class _Feed:
    token: FeedToken
    entries: Sequence[FeedEntry]
    link: str

    @property
    def title(self) -> str:
        return f"Incidents of {settings.ORGANISATION_NAME}"


class _RefusedError(Exception):
    """The address asks for what cannot be filtered."""


@login_not_required
@require_safe
def incidents_atom(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        feed = _read(request, token, order=_RECENTLY_UPDATED)
    except _RefusedError as error:
        return _refusal(error)
    body = write_atom(feed.entries, title=feed.title, link=feed.link, began_at=feed.token.created_at)
    return _answer(request, body, "application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
def incidents_calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        feed = _read(request, token, order=_NEWEST)
    except _RefusedError as error:
        return _refusal(error)
    body = write_calendar(feed.entries, title=feed.title, now=timezone.now())
    return _answer(request, body, "text/calendar; charset=utf-8")


def _read(request: HttpRequest, token: str, *, order: tuple[str, ...]) -> _Feed:
    found = feed_token_of(token)
    if found is None:
        raise Http404
    actor, configuration = Actor.of_user(found.user), Configuration.current()
    address = ListAddress(reverse("incidents:list"), request.GET).without_blanks().without()
    with timezone.override(ZoneInfo(found.user.time_zone) if found.user.time_zone else None):
        incident_filter = filter_of(
            filtered_address(address, configuration),
            Incident.objects.visible_to(actor),
            actor,
            configuration,
        )
        if incident_filter.errors:
            raise _RefusedError(
                "\n".join(f"{name}: {' '.join(said)}" for name, said in incident_filter.errors.items())
            )
        entries = read_entries(incident_filter.incidents, configuration, order=order)
    return _Feed(found, entries, f"{settings.BASE_URL}{address.url}")


def _refusal(error: _RefusedError) -> HttpResponse:
    return HttpResponse(f"{error}\n", status=422, content_type="text/plain; charset=utf-8")


def _answer(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    """Answer with the feed, or with 304 where the reader has it already."""
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return get_conditional_response(request, etag=etag, response=response) or response
