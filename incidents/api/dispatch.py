"""One request: find its route, learn who asks, read what was sent, ask the handler, write its answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from incidents.api.auth import authenticate, require_scope, require_within_limit
from incidents.api.errors import JSON, ApiError, Problem, error_response, not_found, problems_of
from incidents.api.parsing import read_body
from incidents.api.query import read_query
from incidents.api.routes import Answer, Call, Nothing, Route
from incidents.api.table import TABLE
from incidents.models import Action, Actor, ApiKey, Configuration, FollowUp, Incident
from incidents.services.errors import IdempotencyKeyReusedError, VersionConflictError

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def api(request: HttpRequest, path: str) -> HttpResponse:
    try:
        return _answer(request)
    except ApiError as error:
        return error_response(error, request.META.get("REQUEST_ID", ""))


def _answer(request: HttpRequest) -> HttpResponse:
    routes, values = TABLE.find(request.path_info)
    if not routes:
        raise ApiError(
            404, Problem("not_found", "There is no such path. See /docs/api/ for those there are.")
        )
    route = _route(request, routes)
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise ApiError(400, Problem("https_required", "Ask by https: keys must not travel in the clear."))
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": _allowed(routes)})
    api_key = authenticate(request, route)
    limit = require_within_limit(api_key)
    require_scope(api_key, route)
    response = _write(_handled(route, _call(request, route, api_key, values)), route)
    response["RateLimit-Limit"] = str(limit.limit)
    response["RateLimit-Remaining"] = str(limit.remaining)
    return response


def _route(request: HttpRequest, routes: Mapping[str, Route]) -> Route:
    method = {"HEAD": "GET", "OPTIONS": next(iter(routes))}.get(request.method or "", request.method or "")
    if method not in routes:
        raise ApiError(
            405,
            Problem("method_not_allowed", f"This path takes {_allowed(routes)}."),
            headers={"Allow": _allowed(routes)},
        )
    return routes[method]


def _allowed(routes: Mapping[str, Route]) -> str:
    methods = {*routes, "OPTIONS", *(["HEAD"] if "GET" in routes else [])}
    return ", ".join(sorted(methods))


def _call(request: HttpRequest, route: Route, api_key: ApiKey, values: Mapping[str, str]) -> Call[Any, Any]:
    return Call(
        request=request,
        api_key=api_key,
        actor=Actor.of_api_key(api_key),
        configuration=Configuration.current(),
        path=values,
        query=read_query(request.GET, route),
        body=Nothing() if route.body is Nothing else read_body(request, route.body),
    )


def _handled(route: Route, call: Call[Any, Any]) -> Answer | msgspec.Struct | None:
    """Ask the handler, and put what services raise into the words of the API."""
    try:
        return route.handler(call)
    except Incident.DoesNotExist:
        raise not_found("incident") from None
    except Action.DoesNotExist:
        raise not_found("action") from None
    except FollowUp.DoesNotExist:
        raise not_found("follow-up") from None
    except PermissionDenied as error:
        raise ApiError(403, Problem("forbidden", str(error) or "You may not do this.")) from None
    except ValidationError as error:
        raise ApiError(422, *problems_of(error, {})) from None
    except VersionConflictError as error:
        raise ApiError(412, Problem("precondition_failed", str(error))) from None
    except IdempotencyKeyReusedError:
        message = "This key stands for another request already. Send another one."
        raise ApiError(422, Problem("idempotency_key_reused", message, "/idempotency_key")) from None


def _write(answered: Answer | msgspec.Struct | None, route: Route) -> HttpResponse:
    answer = answered if isinstance(answered, Answer) else Answer(answered)
    body = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return HttpResponse(body, status=route.status, content_type=JSON, headers=dict(answer.headers))
