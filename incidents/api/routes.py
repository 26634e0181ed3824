"""The table of routes: what dispatches a request is also what documents it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from django.http import HttpRequest

    from incidents.models import Actor, ApiKey, Configuration
    from incidents.models.api_key_roles import Scope

QueryT = TypeVar("QueryT")
BodyT = TypeVar("BodyT")


class Nothing(msgspec.Struct):
    """No query parameters, or no body."""


@dataclasses.dataclass(frozen=True, slots=True)
class Call(Generic[QueryT, BodyT]):
    """One request to one route: who asks, what the address says, and what was sent."""

    request: HttpRequest
    api_key: ApiKey
    actor: Actor
    configuration: Configuration
    path: Mapping[str, str]
    query: QueryT
    body: BodyT


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns where the body alone does not say it all."""

    body: msgspec.Struct | msgspec.Raw | None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


Handler = Callable[[Call[Any, Any]], "Answer | msgspec.Struct | None"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route:
    """One method of one path. A scope of None means that any usable key may ask."""

    method: str
    path: str
    group: str
    summary: str
    handler: Handler
    scope: Scope | None
    query: type[msgspec.Struct] = Nothing
    body: type[msgspec.Struct] = Nothing
    answer: type[msgspec.Struct] | None = None
    status: int = 200
    description: str = ""
    is_deprecated: bool = False
    reads_filters: bool = False
    """Whether the query may also hold the filters of incidents."""
    takes_token_in_query: bool = False
    """Whether the key may come as `?token=` (incident.io API, Alert Events V2)."""
    refusals: tuple[int, ...] = ()
    """What it may answer besides 400, 401, 403, 422 and 429, which need no saying."""

    @cached_property
    def name(self) -> str:
        """The name of the operation: unique, made of method and path."""
        words = re.sub(r"[{}]", "", self.path).strip("/").replace("/", "_")
        return f"{self.method.lower()}_{words}"

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What matches the path."""
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path) + r"\Z")


class RouteTable:
    """Finds the routes of a path: by their number of segments and the first two of them, then one by one."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.routes = routes
        self._by_start: dict[tuple[int, str], list[Route]] = {}
        for route in routes:
            self._by_start.setdefault(_start(route.path), []).append(route)

    def find(self, path: str) -> tuple[dict[str, Route], dict[str, str]]:
        """Return the routes of a path by method, and the values in it; none where there is no such path."""
        found: dict[str, Route] = {}
        values: dict[str, str] = {}
        for route in self._by_start.get(_start(path), ()):
            if match := route.pattern.match(path):
                # A path that is written out wins over one with a name in it.
                if found and match.groupdict() and not values:
                    continue
                found[route.method] = route
                values = match.groupdict()
        return found, values


def _start(path: str) -> tuple[int, str]:
    segments = path.split("/")
    return len(segments), "/".join(segments[:3])
