"""What surrounds every request: its id, its headers, an address that can be read, and the time zone."""

from __future__ import annotations

import re
import secrets
import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.contrib.auth import middleware as auth_middleware
from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from incidents_site.logs import request_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")


class RequestIdMiddleware:
    """Names each request, so that a person can give the name and an operator can find it in the log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request.META["REQUEST_ID"] = secrets.token_hex(5).upper()
        token = request_id.set(name)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = name
            return response
        finally:
            request_id.reset(token)


class ResponseHeadersMiddleware:
    """Keeps what one person sees out of every shared cache, and turns off what no page needs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        patch_vary_headers(response, ("Cookie",))
        return response


class ReadableAddressMiddleware:
    """Refuses addresses that hold characters no database stores: NUL and halves of a surrogate pair."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = unquote(request.META.get("QUERY_STRING", ""))
        if UNREADABLE.search(request.path_info) or UNREADABLE.search(query):
            raise BadRequest("The address holds characters that cannot be stored.")
        return self.get_response(request)


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Asks for a login, but on an open page not who is there: that would take the database."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class TimeZoneMiddleware:
    """Shows times in the person's zone: the one they chose, else the browser's, else the installation's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> None:
        """Activate the zone. A page without login must not ask the database who is there."""
        chosen = getattr(request.user, "time_zone", "") if getattr(view, "login_required", True) else ""
        for name in (chosen, request.COOKIES.get("tz", "")):
            if name in _zone_names():
                timezone.activate(zoneinfo.ZoneInfo(name))
                return


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
