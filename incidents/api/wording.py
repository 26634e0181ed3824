"""What to say of a value that does not fit where it was sent: which one to send instead."""

from __future__ import annotations

import datetime
import types
import typing
from collections.abc import Mapping
from typing import Any, Final

import msgspec

_WORDS: Mapping[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
    datetime.datetime: "a moment such as 2026-11-23T13:10:03Z",
}
# What a type is in the JSON that is decoded.
_SENT_AS: Mapping[type, type] = {datetime.datetime: str}
_UNKNOWN: Final = "This does not fit here. Send what the reference at /docs/api/ shows."


def why_refused(value: Any, expected: Any, *, may_be_left_out: bool = False) -> tuple[str, str]:
    """Return the code and the sentence for a value that is not of the type."""
    plain, limits = _without_wrapping(expected)
    wanted = _wanted(plain, limits)
    if not wanted:
        return "invalid_value", _UNKNOWN
    if value is None and may_be_left_out:
        return "invalid_type", f"Send {wanted}, or leave this out instead of sending null."
    if not _is_sent_as(value, plain):
        return "invalid_type", f"Send {wanted} here, not {_named(value)}."
    if isinstance(value, str | list):
        return "invalid_value", _of_content(value, plain, limits) or f"Send {wanted}."
    return "invalid_value", f"Send {wanted}."


def why_text_refused(value: str | list[str], expected: Any) -> str:
    """Return the sentence for a parameter of an address, where everything is text."""
    plain, limits = _without_wrapping(expected)
    if isinstance(value, list):
        return _of_content(value, plain, limits) or why_text_refused("", *typing.get_args(plain))
    if plain is str:
        return _of_content(value, plain, limits) or _UNKNOWN
    wanted = _wanted(plain, limits)
    return f"Send {wanted}." if wanted else _UNKNOWN


def why_required(name: str, expected: Any) -> str:
    """Return the sentence for a field that was left out."""
    wanted = _wanted(*_without_wrapping(expected))
    return f"{name} is required: send {wanted}." if wanted else f"{name} is required."


def _named(value: Any) -> str:
    return _WORDS.get(type(value), "something else")


def _without_wrapping(expected: Any) -> tuple[Any, list[msgspec.Meta]]:
    """Return a type as it is when it is sent and not null, and the limits around it."""
    limits: list[msgspec.Meta] = []
    while True:
        if typing.get_origin(expected) is typing.Annotated:
            expected, *around = typing.get_args(expected)
            limits += [limit for limit in around if isinstance(limit, msgspec.Meta)]
            continue
        parts = typing.get_args(expected) if _is_union(expected) else ()
        sent = [part for part in parts if part not in {msgspec.UnsetType, type(None)}]
        if len(sent) != 1:
            return expected, limits
        expected = sent[0]


def _is_union(expected: Any) -> bool:
    return typing.get_origin(expected) in {types.UnionType, typing.Union}


def _wanted(plain: Any, limits: list[msgspec.Meta]) -> str:
    if choices := _choices(plain):
        return f"one of: {', '.join(map(str, choices))}"
    kind = typing.get_origin(plain) or plain
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        kind = dict
    words = _WORDS.get(kind, "")
    if plain not in {int, float}:
        return words
    least, most = _limit(limits, "ge"), _limit(limits, "le")
    if least is not None and most is not None:
        return f"{words} from {least:,} to {most:,}"
    if least is not None:
        return f"{words} of at least {least:,}"
    return words if most is None else f"{words} of at most {most:,}"


def _is_sent_as(value: Any, plain: Any) -> bool:
    choices = _choices(plain)
    kind = type(choices[0]) if choices else typing.get_origin(plain) or plain
    return type(value) is _SENT_AS.get(kind, kind)


def _of_content(value: str | list[Any], plain: Any, limits: list[msgspec.Meta]) -> str:
    """Return what is wrong with a text or a list of the right kind; empty if it is not its length or its time."""
    least, most = _limit(limits, "min_length"), _limit(limits, "max_length")
    noun = "characters" if isinstance(value, str) else "entries"
    if most is not None and len(value) > most:
        return f"Send at most {most:,} {noun}: these are {len(value):,}."
    if least is not None and len(value) < least:
        return f"Send at least {least:,} {noun}." if least > 1 else "This is empty. Fill it in."
    if plain is datetime.datetime and _is_moment(value):
        return "Say in which time zone: end the moment with Z, or with an offset such as +01:00."
    return ""


def _is_moment(value: Any) -> bool:
    try:
        msgspec.convert(value, datetime.datetime)
    except msgspec.ValidationError:
        return False
    return True


def _limit(limits: list[msgspec.Meta], name: str) -> Any:
    return next((found for limit in limits if (found := getattr(limit, name)) is not None), None)


def _choices(plain: Any) -> tuple[Any, ...]:
    return typing.get_args(plain) if typing.get_origin(plain) is typing.Literal else ()
