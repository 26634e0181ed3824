"""A person's own feeds: their token is made, renewed and taken back. It is in the answer that makes it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models import FeedToken
from incidents.services.feed_tokens import issue_feed_token, revoke_feed_token
from incidents.web.confirmation import password_confirmed
from incidents.web.feed_entries import MOST_ENTRIES
from incidents.web.htmx import redirect_page
from incidents.web.visible import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: HttpRequest) -> HttpResponse:
    return _issue(request) if request.method == "POST" else _page(request)


@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    revoke_feed_token(actor_of(request))
    messages.success(request, "Your feeds are turned off. Their addresses open nothing any more.")
    return redirect_page(request, reverse("incidents:feeds"))


@password_confirmed
def _issue(request: HttpRequest) -> HttpResponse:
    token = issue_feed_token(actor_of(request))
    response = _page(request, token=token)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: HttpRequest, *, token: str = "") -> HttpResponse:
    context = {
        "feed_token": FeedToken.objects.filter(user=actor_of(request).user_id).first(),
        "addresses": _addresses(token) if token else [],
        "most_entries": MOST_ENTRIES,
    }
    return render(request, "settings/feeds.html", context)


def _addresses(token: str) -> list[dict[str, str]]:
    views = (("atom", "For a feed reader", "atom_feed"), ("ics", "For a calendar", "calendar_feed"))
    return [
        {
            "id": f"feed-{kind}",
            "label": label,
            "url": settings.BASE_URL + reverse(f"incidents:{name}", args=[token]),
        }
        for kind, label, name in views
    ]
