"""Who asks: the key that a request carries."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from incidents.api.errors import ApiError, ErrorRateLimit, Problem, in_api_time
from incidents.services.api_key_usage import RateLimit, count_request
from incidents.services.api_keys import api_key_of_token

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.api.routes import Route
    from incidents.models import ApiKey

logger = logging.getLogger(__name__)

_BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,200})\Z", re.IGNORECASE)


def authenticate(request: HttpRequest, route: Route) -> ApiKey:
    """Return the key of a request, which a few routes take in the address, too; one query.

    Raises:
        ApiError: 401 without a key, or with one that opens nothing.
    """
    header = request.META.get("HTTP_AUTHORIZATION", "").strip()
    if not header and route.takes_token_in_query and "token" in request.GET:
        header = f"Bearer {request.GET['token']}"
    if not header:
        raise _unauthorised(
            "missing_authorization_material", "Send an API key as “Authorization: Bearer <token>”."
        )
    match = _BEARER.match(header)
    api_key = api_key_of_token(match[1]) if match else None
    if api_key is None:
        logger.warning("refused a token that opens nothing")
        raise _unauthorised("invalid_authorization_material", "This API key is unknown, revoked or expired.")
    return api_key


def require_scope(api_key: ApiKey, route: Route) -> None:
    """Refuse a key whose roles do not include what the route asks for.

    Raises:
        ApiError: 403.
    """
    if route.scope is not None and route.scope not in api_key.scopes:
        logger.warning("refused key %s: it lacks %s", api_key.pk, route.scope)
        raise ApiError(
            403,
            Problem("missing_scope", f"This key lacks the scope {route.scope}. Give it a role that has it."),
        )


def require_within_limit(api_key: ApiKey) -> RateLimit:
    """Count the request.

    Raises:
        ApiError: 429 once the key has made all the requests of this minute.
    """
    limit = count_request(api_key)
    if limit.is_exceeded:
        raise ApiError(
            429,
            Problem("too_many_requests", f"This key may ask {limit.limit:,} times a minute."),
            headers={"Retry-After": str(limit.seconds_left)},
            rate_limit=ErrorRateLimit(
                name=api_key.name, limit=limit.limit, remaining=0, retry_after=in_api_time(limit.resets_at)
            ),
        )
    return limit


def _unauthorised(code: str, message: str) -> ApiError:
    return ApiError(401, Problem(code, message), headers={"WWW-Authenticate": "Bearer"})
