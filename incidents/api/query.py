"""From the query of an address to a Struct."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from incidents.api.errors import Problem, invalid
from incidents.api.routes import Nothing
from incidents.api.wording import why_required, why_text_refused

if TYPE_CHECKING:
    from django.http import QueryDict

    from incidents.api.routes import Route

LARGEST_PAGE = 250
USUAL_PAGE = 25

PageSize = Annotated[int, Meta(ge=1, le=LARGEST_PAGE, description="How many to return, at most 250.")]
After = Annotated[
    str, Meta(max_length=200, description="The id after which to go on: the `after` of a page.")
]


class PageQuery(msgspec.Struct):
    """A part of a long list."""

    page_size: PageSize = USUAL_PAGE
    after: After = ""


def read_query(given: QueryDict, route: Route) -> Any:
    """Return what the query says; parameters that the route does not know are somebody else's.

    Raises:
        ApiError: 422 with everything that is wrong.
    """
    if route.query is Nothing:
        return Nothing()
    values: dict[str, Any] = {}
    problems = []
    for field in msgspec.structs.fields(route.query):
        if field.encode_name in given:
            sent = _sent(given, field)
            try:
                values[field.name] = msgspec.convert(sent, field.type, strict=False)
            except msgspec.ValidationError:
                words = why_text_refused(sent, field.type)
                problems.append(Problem("invalid_value", words, f"/{field.encode_name}"))
        elif field.required:
            words = why_required(field.encode_name, field.type)
            problems.append(Problem("is_required", words, f"/{field.encode_name}"))
    if problems:
        raise invalid(*problems)
    return route.query(**values)


def _sent(given: QueryDict, field: msgspec.structs.FieldInfo) -> str | list[str]:
    """Return the last value of a parameter, or all of them where it may be repeated."""
    expected = field.type
    while typing.get_origin(expected) is Annotated:
        expected = typing.get_args(expected)[0]
    if typing.get_origin(expected) is list:
        return [str(value) for value in given.getlist(field.encode_name)]
    return str(given[field.encode_name])
