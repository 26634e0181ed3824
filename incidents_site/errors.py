"""What is answered where no view did: JSON below the API, a page elsewhere."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required

from incidents.api.errors import ApiError, Problem, error_response
from incidents.web.views import errors as pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_API_PATH = re.compile(r"/v[123](?:/|\Z)")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    if _is_api(request):
        return _json(request, 400, "invalid_request", "The request cannot be read.")
    return pages.bad_request(request, exception)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    if _is_api(request):
        return _json(request, 403, "forbidden", "You may not do this.")
    return pages.permission_denied(request, exception)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    if _is_api(request):
        return _json(request, 404, "not_found", "There is no such path.")
    return pages.page_not_found(request, exception)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away, else 500."""
    if not _is_api(request):
        return pages.server_error(request)
    if pages.is_database_away(sys.exc_info()[1]):
        response = _json(request, 503, "unavailable", "The database does not answer. Try again in a moment.")
        response["Retry-After"] = str(pages.RETRY_AFTER_SECONDS)
        return response
    return _json(request, 500, "internal_error", "Something broke. Nothing of this request was saved.")


def _is_api(request: HttpRequest) -> bool:
    return _API_PATH.match(request.path_info) is not None


def _json(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    error = ApiError(status, Problem(code, message))
    return error_response(error, request.META.get("REQUEST_ID", ""))
