"""From the bytes of a request to a Struct, or to everything that is wrong with it."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from incidents.api.errors import ApiError, Problem, invalid

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_BYTES: Final = 1024 * 1024
MOST_PROBLEMS: Final = 50
StructT = TypeVar("StructT", bound=msgspec.Struct)

_WORDS: Mapping[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


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
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(400, Problem("malformed_json", f"The body is no JSON: {error}")) from None
    except RecursionError:
        raise ApiError(400, Problem("malformed_json", "The body is nested too deeply.")) from None


def _problems(value: Any, expected: Any, pointer: str) -> Iterator[Problem]:
    """Yield what is wrong with a value and all that is in it; msgspec itself stops at the first."""
    expected = _as_sent(expected, value)
    plain = _plain(expected)
    if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
        yield from _problems_of_struct(value, plain, pointer)
        return
    found = False
    if typing.get_origin(plain) is list and isinstance(value, list):
        (item,) = typing.get_args(plain)
        for place, part in enumerate(value):
            for problem in _problems(part, item, f"{pointer}/{place}"):
                found = True
                yield problem
    if not found and (whole := _problem_of_leaf(value, expected, pointer)):
        yield whole


def _problems_of_struct(value: Any, expected: type[msgspec.Struct], pointer: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("invalid_type", f"Send an object here, not {_named(value)}.", pointer or "/")
        return
    for field in _fields(expected):
        at = f"{pointer}/{field.encode_name}"
        if field.encode_name in value:
            yield from _problems(value[field.encode_name], field.type, at)
        elif field.required:
            yield Problem("is_required", f"{field.encode_name} is required.", at)


def _problem_of_leaf(value: Any, expected: Any, pointer: str) -> Problem | None:
    try:
        msgspec.convert(value, expected)
    except msgspec.ValidationError as error:
        return Problem(*_told(value, expected, str(error)), pointer or "/")
    except UnicodeEncodeError:
        return Problem("invalid_value", "This holds half of a character (a lone surrogate).", pointer or "/")
    return None


def _told(value: Any, expected: Any, reason: str) -> tuple[str, str]:
    """Return the code and the words for a value that does not fit."""
    if value is None:
        return "invalid_type", "Leave this out instead of sending null."
    choices = _choices(expected)
    if choices and isinstance(value, type(choices[0])):
        return "invalid_value", f"Send one of: {', '.join(map(str, choices))}."
    wanted = _words(expected)
    if (
        reason.startswith("Expected")
        and " of length " not in reason
        and wanted
        and not _fits(value, expected)
    ):
        return "invalid_type", f"Send {wanted} here, not {_named(value)}."
    return "invalid_value", reason.replace("`", "").removesuffix(" - at $") + "."


def _fits(value: Any, expected: Any) -> bool:
    plain = _plain(expected)
    return (
        isinstance(plain, type)
        and isinstance(value, plain)
        and not (isinstance(value, bool) and plain is not bool)
    )


def _choices(expected: Any) -> tuple[Any, ...]:
    if typing.get_origin(expected) is typing.Literal:
        return typing.get_args(expected)
    return ()


def _words(expected: Any) -> str:
    plain = _plain(expected)
    if typing.get_origin(plain) is typing.Literal:
        return "a string"
    return _WORDS.get(typing.get_origin(plain) or plain, "")


def _plain(expected: Any) -> Any:
    while typing.get_origin(expected) is typing.Annotated:
        expected = typing.get_args(expected)[0]
    return expected


def _named(value: Any) -> str:
    return _WORDS.get(type(value), "something else")


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
