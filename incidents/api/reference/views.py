"""The pages of the reference."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from incidents.api.errors import TYPES
from incidents.api.openapi import MEANINGS, refusals_of, roles_for
from incidents.api.reference.describing import body_lines, parameter_lines, route_groups
from incidents.api.reference.examples import Sampler
from incidents.api.reference.ids import finder
from incidents.api.table import TABLE
from incidents.models import Actor, Configuration

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from incidents.api.routes import Route
    from incidents.models import User


@require_safe
def reference_home(request: HttpRequest) -> HttpResponse:
    first = TABLE.routes[0]
    return redirect(address_of(first))


@require_safe
def reference_route(request: HttpRequest, method: str, path: str) -> HttpResponse:
    route = next((one for one in TABLE.routes if (one.method, one.path) == (method, f"/{path}")), None)
    if route is None:
        raise Http404
    actor = Actor.of_user(cast("User", request.user))
    sampler = Sampler(route, finder(route, actor, Configuration.current()))
    context = {
        "route": route,
        "groups": [
            {"name": group.name, "links": [_link(one, route) for one in group.routes]}
            for group in route_groups()
        ],
        "roles": roles_for(route),
        "parameters": parameter_lines(route),
        "body": body_lines(route),
        "answers": _answers(route),
        "curl": _curl(sampler),
        "answer": sampler.answer(),
        "can_manage_keys": actor.can_manage_keys,
    }
    return render(request, "api/reference.html", context)


def address_of(route: Route) -> str:
    """Return the address of a route's page."""
    return reverse("api:reference", args=[route.method, route.path.removeprefix("/")])


def _link(route: Route, current: Route) -> dict[str, Any]:
    return {
        "method": route.method,
        "name": route.path[len("/v1/") :].replace("/actions/", "/…/"),
        "version": route.path[1:3],
        "url": address_of(route),
        "is_current": route is current,
    }


def _answers(route: Route) -> list[dict[str, Any]]:
    refusals = [
        {"status": status, "type": TYPES[status], "meaning": MEANINGS[status]}
        for status in refusals_of(route)
    ]
    return [{"status": route.status, "type": "", "meaning": MEANINGS[route.status]}, *refusals]


def _curl(sampler: Sampler) -> str:
    """Return a command that can be pasted into a shell in which TOCSIN_TOKEN is set."""
    route = sampler.route
    address = f"{settings.BASE_URL}{sampler.path()}{sampler.query()}"
    quoted = f'"{address}"' if sampler.names_its_target else shlex.quote(address)
    lines = [f"curl -X {route.method} {quoted}", '-H "Authorization: Bearer $TOCSIN_TOKEN"']
    if body := sampler.body():
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(body)}"]
    return " \\\n  ".join(lines)
