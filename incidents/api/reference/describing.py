"""Routes as people read them: their parameters and bodies line by line."""

from __future__ import annotations

import dataclasses
import datetime
import types
import typing
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Meta, UnsetType

from incidents.api.openapi import FILTERS, query_fields
from incidents.api.reference.meanings import MEANINGS
from incidents.api.routes import Nothing
from incidents.api.table import TABLE

if TYPE_CHECKING:
    from incidents.api.routes import Route

_TYPE_WORDS = {
    str: "string",
    bool: "true or false",
    int: "whole number",
    float: "number",
    datetime.datetime: "moment",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One field of a body or one parameter: its name, how deep it lies, what it is, and what it means."""

    name: str
    depth: int
    kind: str
    is_required: bool
    meaning: str

    @property
    def steps(self) -> range:
        """One for each level that the field lies below the first."""
        return range(self.depth)


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """The routes of one resource."""

    name: str
    routes: Sequence[Route]


def route_groups() -> list[Group]:
    """Return every route by resource, in the order of the table."""
    grouped: dict[str, list[Route]] = {}
    for route in TABLE.routes:
        grouped.setdefault(route.group, []).append(route)
    return [Group(name, routes) for name, routes in grouped.items()]


def parameter_lines(route: Route) -> list[Line]:
    """Return what the query of a route may hold."""
    lines = [_line(field, 0) for field in query_fields(route)]
    if route.reads_filters:
        lines += [
            Line(name, 0, "filter", is_required=False, meaning=words) for name, words in FILTERS.items()
        ]
    return lines


def body_lines(route: Route) -> list[Line]:
    """Return what the body of a route may hold, with what lies within."""
    return [] if route.body is Nothing else list(_lines_of(route.body, 0))


def _lines_of(shape: type[msgspec.Struct], depth: int) -> Iterator[Line]:
    for field in msgspec.structs.fields(shape):
        yield _line(field, depth)
        if (inner := _inner(field.type)) is not None:
            yield from _lines_of(inner, depth + 1)


def _line(field: msgspec.structs.FieldInfo, depth: int) -> Line:
    described = _described(field.type)
    return Line(
        name=field.encode_name,
        depth=depth,
        kind=_kind(field.type),
        is_required=field.required,
        meaning=described or MEANINGS[field.encode_name],
    )


def _described(expected: Any) -> str:
    for part in _parts(expected):
        for meta in typing.get_args(part)[1:] if typing.get_origin(part) is typing.Annotated else ():
            if isinstance(meta, Meta) and meta.description:
                return meta.description
    return ""


def _inner(expected: Any) -> type[msgspec.Struct] | None:
    """Return the shape that lies within a field."""
    for part in map(plain, _parts(expected)):
        found = plain(typing.get_args(part)[0]) if typing.get_origin(part) is list else part
        if isinstance(found, type) and issubclass(found, msgspec.Struct):
            return found
    return None


def _kind(expected: Any) -> str:
    return " or ".join(dict.fromkeys(_kind_of_part(part) for part in _parts(expected)))


def _kind_of_part(part: Any) -> str:
    bare = plain(part)
    if bare is type(None):
        return "null"
    if _is_shape(bare):
        return "object"
    if typing.get_origin(bare) is list:
        return "list"
    if typing.get_origin(bare) is typing.Literal:
        return ", ".join(map(str, typing.get_args(bare)))
    return f"{_TYPE_WORDS.get(bare, 'value')}{_bounds(part)}"


def _bounds(part: Any) -> str:
    metas = [meta for meta in typing.get_args(part)[1:] if isinstance(meta, Meta)]
    for meta in metas:
        if meta.max_length is not None:
            return f", {meta.min_length or 0} to {meta.max_length:,}"
        if meta.le is not None:
            return f", {meta.ge or 0:,} to {meta.le:,}"
    return ""


def _parts(expected: Any) -> tuple[Any, ...]:
    """Return the types that a field may have where it is sent."""
    if typing.get_origin(expected) in {types.UnionType, typing.Union}:
        return tuple(part for part in typing.get_args(expected) if part is not UnsetType)
    return (expected,)


def plain(expected: Any) -> Any:
    """Return a type without its bounds."""
    while typing.get_origin(expected) is typing.Annotated:
        expected = typing.get_args(expected)[0]
    return expected


def _is_shape(expected: Any) -> bool:
    return isinstance(expected, type) and issubclass(expected, msgspec.Struct)
