"""Why a request was refused, in the one envelope that every error has."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from django.http import HttpResponse

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError

JSON = "application/json"
# The type of each status, in the words of the API.
TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "resource_forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "precondition_failed",
    413: "payload_too_large",
    415: "invalid_request_error",
    422: "validation_error",
    429: "too_many_requests",
    500: "api_error",
    503: "api_error",
}


class ErrorSource(msgspec.Struct):
    """Where in the request the problem lies: the name of the field, and the way to it through the JSON."""

    field: str
    pointer: str


class ErrorItem(msgspec.Struct):
    """One thing that is wrong."""

    code: str
    message: str
    source: ErrorSource | msgspec.UnsetType = msgspec.UNSET
    metadata: dict[str, str] | msgspec.UnsetType = msgspec.UNSET


class ErrorRateLimit(msgspec.Struct):
    """The limit that was passed, and when to try again."""

    name: str
    limit: int
    remaining: int
    retry_after: str


class ErrorResponse(msgspec.Struct):
    """Every answer that is not a success."""

    type: str
    status: int
    request_id: str
    errors: list[ErrorItem]
    rate_limit: ErrorRateLimit | msgspec.UnsetType = msgspec.UNSET


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request; the pointer is empty where no field is to blame."""

    code: str
    message: str
    pointer: str = ""
    metadata: Mapping[str, str] = dataclasses.field(default_factory=dict)


class ApiError(Exception):
    """The request is refused."""

    def __init__(
        self,
        status: int,
        *problems: Problem,
        headers: Mapping[str, str] | None = None,
        rate_limit: ErrorRateLimit | msgspec.UnsetType = msgspec.UNSET,
    ) -> None:
        super().__init__(problems[0].message)
        self.status = status
        self.problems = problems
        self.headers = headers or {}
        self.rate_limit = rate_limit


def not_found(noun: str) -> ApiError:
    """Return the answer for what is missing, which is also the one for what is hidden."""
    return ApiError(404, Problem("not_found", f"There is no such {noun}."))


def invalid(*problems: Problem) -> ApiError:
    """Return the answer to a request whose content cannot be."""
    return ApiError(422, *problems)


def problems_of(error: ValidationError, pointers: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what a service found wrong. `pointers` leads from its names to places in the body, where they differ."""
    for field, errors in error.error_dict.items():
        for one in errors:
            pointer = pointers.get(field, "/" + field.replace(".", "/"))
            yield Problem(one.code or "invalid", " ".join(one.messages), pointer)


def error_response(error: ApiError, request_id: str) -> HttpResponse:
    """Return the error as JSON."""
    body = ErrorResponse(
        type=TYPES[error.status],
        status=error.status,
        request_id=request_id,
        errors=_items(error.problems),
        rate_limit=error.rate_limit,
    )
    return HttpResponse(
        msgspec.json.encode(body), status=error.status, content_type=JSON, headers=dict(error.headers)
    )


def in_api_time(moment: datetime.datetime) -> str:
    """Return a moment as the API writes it: UTC, microseconds, Z."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _items(problems: Iterable[Problem]) -> list[ErrorItem]:
    return [
        ErrorItem(
            code=problem.code,
            message=problem.message,
            source=_source(problem.pointer) if problem.pointer else msgspec.UNSET,
            metadata=dict(problem.metadata) or msgspec.UNSET,
        )
        for problem in problems
    ]


def _source(pointer: str) -> ErrorSource:
    return ErrorSource(field=pointer.removeprefix("/").replace("/", "."), pointer=pointer)
