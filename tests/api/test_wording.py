"""What is said of a value that does not fit: each reason in a sentence that says what to send instead."""

from __future__ import annotations

import datetime
import typing
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import pytest
from django.http import QueryDict
from msgspec import UNSET, Meta, UnsetType

from incidents.api.errors import ApiError
from incidents.api.parsing import check_body
from incidents.api.query import read_query
from incidents.api.routes import Route
from incidents.api.table import TABLE
from incidents.models.api_key_roles import Scope

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient


class Part(msgspec.Struct, kw_only=True):
    id: str


class Body(msgspec.Struct, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=5)]
    code: Annotated[str, Meta(min_length=2)] | UnsetType = UNSET
    rank: Annotated[int, Meta(ge=0, le=5_000)] | UnsetType = UNSET
    least: Annotated[int, Meta(ge=3)] | UnsetType = UNSET
    most: Annotated[int, Meta(le=3)] | UnsetType = UNSET
    ratio: float | UnsetType = UNSET
    is_open: bool | UnsetType = UNSET
    mode: Literal["standard", "test"] | UnsetType = UNSET
    ids: Annotated[list[Annotated[str, Meta(max_length=3)]], Meta(min_length=1, max_length=2)] | UnsetType = (
        UNSET
    )
    starts_at: Annotated[datetime.datetime, Meta(tz=True)] | UnsetType = UNSET
    ends_at: (
        Annotated[Annotated[datetime.datetime, Meta(tz=True)] | None, Meta(description="x")] | UnsetType
    ) = UNSET
    part: Part | UnsetType = UNSET
    parts: list[Part] | UnsetType = UNSET


class Query(msgspec.Struct):
    page_size: Annotated[int, Meta(ge=1, le=250)] = 25
    after: Annotated[str, Meta(max_length=3)] = ""
    is_open: bool = False
    mode: Literal["all", "any"] = "all"
    status: Annotated[list[Literal["live", "closed"]], Meta(max_length=2)] = []
    name: str = msgspec.field(default="", name="called")


MOMENT = "a moment such as 2026-11-23T13:10:03Z"
SAID: list[tuple[dict[str, Any], str, str, str]] = [
    ({"name": "x" * 6}, "/name", "invalid_value", "Send at most 5 characters: these are 6."),
    ({"name": ""}, "/name", "invalid_value", "This is empty. Fill it in."),
    ({"code": "x"}, "/code", "invalid_value", "Send at least 2 characters."),
    ({"name": 5}, "/name", "invalid_type", "Send a string here, not a whole number."),
    ({"name": None}, "/name", "invalid_type", "Send a string here, not null."),
    ({"code": None}, "/code", "invalid_type", "Send a string, or leave this out instead of sending null."),
    ({"rank": 5_001}, "/rank", "invalid_value", "Send a whole number from 0 to 5,000."),
    ({"rank": -1}, "/rank", "invalid_value", "Send a whole number from 0 to 5,000."),
    ({"rank": True}, "/rank", "invalid_type", "Send a whole number from 0 to 5,000 here, not true or false."),
    ({"rank": 1.5}, "/rank", "invalid_type", "Send a whole number from 0 to 5,000 here, not a number."),
    ({"least": 2}, "/least", "invalid_value", "Send a whole number of at least 3."),
    ({"most": 4}, "/most", "invalid_value", "Send a whole number of at most 3."),
    ({"ratio": "1"}, "/ratio", "invalid_type", "Send a number here, not a string."),
    ({"is_open": "yes"}, "/is_open", "invalid_type", "Send true or false here, not a string."),
    ({"mode": "real"}, "/mode", "invalid_value", "Send one of: standard, test."),
    ({"mode": []}, "/mode", "invalid_type", "Send one of: standard, test here, not a list."),
    ({"ids": "a"}, "/ids", "invalid_type", "Send a list here, not a string."),
    ({"ids": []}, "/ids", "invalid_value", "This is empty. Fill it in."),
    ({"ids": ["a", "b", "c"]}, "/ids", "invalid_value", "Send at most 2 entries: these are 3."),
    ({"ids": ["abcd"]}, "/ids/0", "invalid_value", "Send at most 3 characters: these are 4."),
    ({"ids": ["a", None]}, "/ids/1", "invalid_type", "Send a string here, not null."),
    ({"starts_at": "noon"}, "/starts_at", "invalid_value", f"Send {MOMENT}."),
    (
        {"starts_at": "2026-11-23T13:10:03"},
        "/starts_at",
        "invalid_value",
        "Say in which time zone: end the moment with Z, or with an offset such as +01:00.",
    ),
    ({"ends_at": 5}, "/ends_at", "invalid_type", f"Send {MOMENT} here, not a whole number."),
    ({"part": "x"}, "/part", "invalid_type", "Send an object here, not a string."),
    ({"part": None}, "/part", "invalid_type", "Send an object, or leave this out instead of sending null."),
    ({"part": {}}, "/part/id", "is_required", "id is required: send a string."),
    ({"parts": [{"id": "a"}, None]}, "/parts/1", "invalid_type", "Send an object here, not null."),
]


@pytest.mark.parametrize(("change", "pointer", "code", "words"), SAID)
def test_each_reason_has_its_sentence(change: dict[str, Any], pointer: str, code: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_body({"name": "x", **change}, Body)

    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code, problem.message) == (pointer, code, words)


def test_what_may_be_null_is_taken_as_null() -> None:
    assert check_body({"name": "x", "ends_at": None}, Body).ends_at is None


@pytest.mark.parametrize(
    ("query", "pointer", "words"),
    [
        ("page_size=0", "/page_size", "Send a whole number from 1 to 250."),
        ("page_size=many", "/page_size", "Send a whole number from 1 to 250."),
        ("after=abcd", "/after", "Send at most 3 characters: these are 4."),
        ("is_open=perhaps", "/is_open", "Send true or false."),
        ("mode=some", "/mode", "Send one of: all, any."),
        ("status=open", "/status", "Send one of: live, closed."),
        ("status=live&status=live&status=live", "/status", "Send at most 2 entries: these are 3."),
    ],
)
def test_parameters_of_an_address_are_told_what_to_be(query: str, pointer: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_query(QueryDict(query), route_asking(Query))

    (problem,) = refused.value.problems
    assert (problem.pointer, problem.message) == (pointer, words)


def test_a_missing_parameter_says_what_it_is() -> None:
    class Asked(msgspec.Struct):
        incident_id: str

    with pytest.raises(ApiError) as refused:
        read_query(QueryDict(""), route_asking(Asked))

    assert refused.value.problems[0].message == "incident_id is required: send a string."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "The body ends before its JSON is complete."),
        (b'{"name":,}', "The body is no JSON: look at its byte 8."),
        (b'{"a": "\xed\xa0\x80"}', "Send the body in UTF-8."),
        (b'{"a": ' + b"9" * 5_000 + b"}", "The body holds a number that is too large."),
        (b"[" * 1_000 + b"]" * 1_000, "The body is nested too deeply."),
    ],
)
def test_what_is_no_json_is_told_in_our_words(api: ApiClient, body: bytes, words: str) -> None:
    reply = api.send("POST", "/v2/incidents", body)

    assert (reply.status, reply.body["errors"][0]["message"]) == (400, words)


def test_the_wire_has_no_limit_without_words() -> None:
    """A pattern or another such limit would be told in the words for what nobody expected."""
    without_words = ("gt", "lt", "multiple_of", "pattern")
    shapes = [shape for route in TABLE.routes for shape in (route.body, route.query)]

    limits = [limit for shape in shapes for limit in limits_in(shape)]

    assert len(limits) > 100
    assert [
        limit for limit in limits if any(getattr(limit, name) is not None for name in without_words)
    ] == []


def limits_in(shape: Any) -> list[Meta]:
    """Return every limit in a type."""
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        return [limit for field in msgspec.structs.fields(shape) for limit in limits_in(field.type)]
    parts = typing.get_args(shape)
    own = [part for part in parts if isinstance(part, Meta)]
    return own + [limit for part in parts if not isinstance(part, Meta) for limit in limits_in(part)]


def route_asking(query: type[msgspec.Struct]) -> Route:
    return Route(
        method="GET",
        path="/v2/things",
        group="Things",
        summary="List things",
        handler=lambda call: None,
        scope=Scope.INCIDENTS_VIEW,
        query=query,
    )
