"""The pages for what went wrong. Those for 500 and 503 need neither database nor session."""

from __future__ import annotations

import logging
import sqlite3
import sys
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from incidents.web.context import installation

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 10
LONGEST_ASKED = 100


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _standalone(request, "400.html", 400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    logger.warning("refused a form without a valid token: %s", reason)
    return _standalone(request, "403_csrf.html", 403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    asked = request.path_info.rstrip("/").rpartition("/")[2][:LONGEST_ASKED]
    return render(request, "404.html", {"asked": asked}, status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    if is_database_away(sys.exc_info()[1]):
        response = _standalone(request, "503.html", 503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return _standalone(request, "500.html", 500)


def is_database_away(error: BaseException | None) -> bool:
    """Say whether the same request can succeed later. SQLite files our own mistakes under the same class."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    return not (
        isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR
    )


def _standalone(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Render without context processors, which would ask the session who is there."""
    context = {**installation(request), "request_id": request.META.get("REQUEST_ID", "")}
    return HttpResponse(render_to_string(template, context), status=status)
