"""Requests and answers to show in the reference: with ids of this installation, so that they work when pasted."""

from __future__ import annotations

import dataclasses
import datetime
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from incidents.api.routes import Nothing, Route

_MOMENT = "2026-11-23T13:10:03.120000Z"
_ULID = "01FCNDV6P870EA6S7TK1DSYDG0"
# What is shown of fields whose words do not follow from their type.
_WORDS: Mapping[str, Any] = {
    "idempotency_key": "deploy-2026-11-23",
    "summary": "A third of the payout requests from EU merchants fail.",
    "message": "Rolled back to 4.18.2. Errors are down to 6%.",
    "reference": "INC-2485",
    "external_id": 2485,
    "email": "priya@example.com",
    "slack_user_id": "U02AYNF2XJM",
    "call_url": "https://meet.example.com/payouts",
    "permalink": "https://tocsin.example.com/incidents/INC-2485/",
    "url": "https://example.com/issues/PAY-1932",
    "value_text": "EU",
    "value_link": "https://example.com/dashboard",
    "value_numeric": "312",
    "sort_key": 1000,
    "rank": 3,
    "issue_name": "PAY-1932",
    "title": "Alert when the connection pool passes 80%",
    "description": "What it is for.",
    "instructions": "What to do.",
    "shortform": "comms",
    "grace_period_minutes": 30,
    "page_size": 25,
    "labels": ["capacity"],
}
# Optional parts of a body that are worth showing.
_SHOWN = frozenset(
    {"name", "summary", "severity_id", "message", "incident", "assignee_id", "description", "url", "title"}
)
_NAMES: Mapping[str, str] = {
    "Incidents": "Payout API returning 502",
    "Severities": "Catastrophic",
    "Incident statuses": "Verifying",
    "Incident roles": "Customer liaison",
    "Custom fields": "Affected customers",
    "API keys": "deploy-marker",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Sampler:
    """Makes examples for one route. `find_id` returns an id of this installation by the name of a field."""

    route: Route
    find_id: Callable[[str], str | None]

    def body(self) -> bytes | None:
        """Return a body that the route takes, as JSON to read; None where it takes none."""
        if self.route.body is Nothing:
            return None
        return _pretty(self._struct(self.route.body, is_sent=True))

    def answer(self) -> bytes | None:
        """Return what the route may answer; None where it answers nothing."""
        if self.route.answer is None:
            return None
        return _pretty(self._struct(self.route.answer, is_sent=False))

    def path(self) -> str:
        """Return the path with ids in it."""
        values = {name: self._id(name) for name in self.route.parameters}
        return self.route.path.format(**values)

    def _id(self, name: str) -> str:
        return self.find_id(name) or _ULID

    def _struct(self, shape: type[msgspec.Struct], *, is_sent: bool) -> dict[str, Any]:
        return {
            field.encode_name: self._value(field.encode_name, field.type, is_sent=is_sent)
            for field in msgspec.structs.fields(shape)
            if not is_sent or field.required or field.encode_name in _SHOWN
        }

    def _value(self, name: str, expected: Any, *, is_sent: bool) -> Any:
        plain = _plain(expected)
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            return self._struct(plain, is_sent=is_sent)
        if typing.get_origin(plain) is list:
            if name in _WORDS:
                return _WORDS[name]
            (item,) = typing.get_args(plain)
            return [self._value(name, item, is_sent=is_sent)] if not is_sent else []
        if typing.get_origin(plain) is typing.Literal:
            return self._choice(name, typing.get_args(plain))
        return self._leaf(name, plain)

    def _choice(self, name: str, choices: tuple[Any, ...]) -> Any:
        return next(
            (choice for choice in choices if choice in {"live", "arbitrary_url", "completed"}), choices[0]
        )

    def _leaf(self, name: str, plain: Any) -> Any:
        if name == "name":
            return _NAMES.get(self.route.group, "Priya Raman")
        if name in _WORDS and not (plain is str and isinstance(_WORDS[name], int)):
            return _WORDS[name]
        if name == "id" or name.endswith(("_id", "_ids")):
            return self._id(name)
        if plain is datetime.datetime or name.endswith("_at") or name in {"value", "last_occurred_at"}:
            return _MOMENT
        return {bool: True, int: 1, float: 1.5, dict: {}}.get(plain, "text")


def _plain(expected: Any) -> Any:
    """Return the type without what may be left out, and without its bounds."""
    if typing.get_origin(expected) in {types.UnionType, typing.Union}:
        expected = next(part for part in typing.get_args(expected) if part is not UnsetType)
    while typing.get_origin(expected) is typing.Annotated:
        expected = typing.get_args(expected)[0]
    return UNSET if expected is UnsetType else expected


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
