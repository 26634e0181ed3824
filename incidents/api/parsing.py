"""From the bytes of a request to a Struct, or to everything that is wrong with it."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from incidents.api.errors import ApiError, Problem, invalid
from incidents.api.wording import why_refused, why_required

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_BYTES: Final = 1024 * 1024
MOST_PROBLEMS: Final = 50
StructT = TypeVar("StructT", bound=msgspec.Struct)
# Where msgspec stopped reading, which it says only in the text of its errors.
_BYTE: Final = re.compile(r"\(byte (\d+)\)")


def read_body(request: HttpRequest, shape: type[StructT]) -> StructT:
    """Return the body of a request.

    Raises:
        ApiError: 413 for more than a megabyte, 415 for what does not call itself JSON, 400 for what is no JSON, 422
            with everything that is wrong in it.
    """
    _require_json(request)
    return check_body(_decode(_read(request)), shape)


def check_body(value: Any, shape: type[StructT]) -> StructT:
    """Return decoded JSON as the Struct.

    Raises:
        ApiError: 422 with everything that is wrong.
    """
    problems = [
        problem for problem, _ in zip(_problems(value, shape, ""), range(MOST_PROBLEMS), strict=False)
    ]
    if problems:
        raise invalid(*problems)
    return msgspec.convert(value, shape)


def _require_json(request: HttpRequest) -> None:
    content_type = request.META.get("CONTENT_TYPE", "")
    if content_type and "json" not in content_type.lower():
        raise ApiError(415, Problem("unsupported_media_type", "Send the body as application/json."))


def _read(request: HttpRequest) -> bytes:
    too_large = ApiError(413, Problem("payload_too_large", "Send at most 1 MiB."))
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > MOST_BYTES:
        raise too_large
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise too_large
    return body


def _decode(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except UnicodeDecodeError:
        raise ApiError(400, Problem("malformed_json", "Send the body in UTF-8.")) from None
    except msgspec.ValidationError:
        raise ApiError(400, Problem("malformed_json", "The body holds a number that is too large.")) from None
    except msgspec.DecodeError as error:
        place = _BYTE.search(str(error))
        words = f"is no JSON: look at its byte {place[1]}" if place else "ends before its JSON is complete"
        raise ApiError(400, Problem("malformed_json", f"The body {words}.")) from None
    except RecursionError:
        raise ApiError(400, Problem("malformed_json", "The body is nested too deeply.")) from None


def _problems(value: Any, expected: Any, pointer: str, *, may_be_left_out: bool = False) -> Iterator[Problem]:
    """Yield what is wrong with a value and all that is in it; msgspec itself stops at the first."""
    expected = _as_sent(expected, value)
    plain = _plain(expected)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        yield from _problems_of_struct(value, plain, pointer, may_be_left_out=may_be_left_out)
        return
    found = False
    if typing.get_origin(plain) is list and isinstance(value, list):
        (item,) = typing.get_args(plain)
        for place, part in enumerate(value):
            for problem in _problems(part, item, f"{pointer}/{place}"):
                found = True
                yield problem
    if not found and not _fits(value, expected):
        told = why_refused(value, expected, may_be_left_out=may_be_left_out)
        yield Problem(*told, pointer or "/")


def _problems_of_struct(
    value: Any, expected: type[msgspec.Struct], pointer: str, *, may_be_left_out: bool
) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(*why_refused(value, dict, may_be_left_out=may_be_left_out), pointer or "/")
        return
    for field in _fields(expected):
        at = f"{pointer}/{field.encode_name}"
        if field.encode_name in value:
            sent = value[field.encode_name]
            yield from _problems(sent, field.type, at, may_be_left_out=not field.required)
        elif field.required:
            yield Problem("is_required", why_required(field.encode_name, field.type), at)


def _fits(value: Any, expected: Any) -> bool:
    try:
        msgspec.convert(value, expected)
    except msgspec.ValidationError:
        return False
    return True


def _plain(expected: Any) -> Any:
    while typing.get_origin(expected) is typing.Annotated:
        expected = typing.get_args(expected)[0]
    return expected


def _as_sent(expected: Any, value: Any) -> Any:
    """Return the type that a field has where it is sent: with a value, or as the null that a few fields take."""
    if typing.get_origin(expected) in {types.UnionType, typing.Union}:
        absent = {msgspec.UnsetType} if value is None else {msgspec.UnsetType, type(None)}
        kept = [part for part in typing.get_args(expected) if part not in absent]
        if len(kept) == 1:
            return kept[0]
    return expected


@cache
def _fields(shape: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(shape)
