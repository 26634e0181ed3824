"""Requests and answers to show: with ids of this installation, so that they work when pasted."""

from __future__ import annotations

import dataclasses
import datetime
import typing
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import UnsetType

from incidents.api.reference.describing import plain
from incidents.api.routes import Nothing, Route

_MOMENT = "2026-11-23T13:10:03.120000Z"
_ULID = "01FCNDV6P870EA6S7TK1DSYDG0"
# What is shown of fields whose words do not follow from their type.
_WORDS: Mapping[str, Any] = {
    "aliases": ["payments"],
    "call_url": "https://meet.example.com/payouts",
    "code": "is_required",
    "description": "What it is for.",
    "email": "priya@example.com",
    "external_id": "PAY-1932",
    "field_type": "text",
    "grace_period_minutes": 30,
    "idempotency_key": "deploy-2026-11-23",
    "instructions": "What to do.",
    "issue_name": "PAY-1932",
    "issue_permalink": "https://example.com/browse/PAY-1932",
    "message": "Rolled back to 4.18.2. Errors are down to 6%.",
    "page_size": 25,
    "permalink": "https://tocsin.example.com/incidents/INC-2485/",
    "provider": "jira",
    "rank": 3,
    "reference": "INC-2485",
    "role_names": ["viewer", "incident_creator"],
    "shortform": "liaison",
    "slack_user_id": "U02AYNF2XJM",
    "sort_key": 1000,
    "summary": "A third of the payout requests from EU merchants fail.",
    "title": "Alert when the connection pool passes 80%",
    "token": "toc_4HcX0mJ7qT2yB8uW5nL1eZ6kD3pA9sRv",
    "url": "https://github.com/example/payouts/issues/1932",
    "value_link": "https://example.com/dashboard",
    "value_numeric": "312",
    "value_text": "EU",
}
# Optional parts of a body that are worth showing. A new incident is a test, so that nothing pasted alarms anybody.
_SHOWN: Mapping[str, frozenset[str]] = {
    "IncidentsCreatePayload": frozenset({"name", "summary", "severity_id", "mode"}),
    "IncidentsCreatePayloadV1": frozenset({"name", "summary", "severity_id", "mode"}),
    "IncidentEditPayload": frozenset({"summary"}),
    "IncidentUpdateCreatePayload": frozenset({"message"}),
    "ResourcePayload": frozenset({"url", "title"}),
}
_NAMES: Mapping[str, str] = {
    "API keys": "deploy-marker",
    "Custom fields": "Affected customers",
    "Incident roles": "Customer liaison",
    "Incident statuses": "Verifying",
    "Incidents": "Payout API returning 502",
    "Severities": "Catastrophic",
}
# The same, and the descriptions, of things that lie inside another one, by the field they lie in.
_PARTS: Mapping[tuple[str, str], str] = {
    ("api_key", "name"): "deploy-marker",
    ("assignee", "name"): "Priya Raman",
    ("custom_field", "description"): "What customers of ours lose by it.",
    ("custom_field", "name"): "Affected services",
    ("incident", "name"): "Payout API returning 502",
    ("incident_status", "description"): "We are looking for the cause.",
    ("incident_status", "name"): "Investigating",
    ("incident_timestamp", "name"): "Fixed at",
    ("incident_type", "description"): "Something customers notice.",
    ("incident_type", "name"): "Production",
    ("new_incident_status", "name"): "Monitoring",
    ("new_severity", "name"): "Major",
    ("priority", "name"): "High",
    ("role", "description"): "Coordinates everybody else.",
    ("role", "name"): "Incident lead",
    ("severity", "description"): "Customers cannot do what they came for.",
    ("severity", "name"): "Major",
    ("user", "name"): "Priya Raman",
    ("value_catalog_entry", "external_id"): "payments",
    ("value_catalog_entry", "name"): "Payments",
    ("value_option", "value"): "EU",
}
# Parameters of which a route needs one, though none of them is required by itself.
_ASKED: Mapping[str, tuple[str, ...]] = {
    "/v1/incident_attachments": ("incident_id",),
    "/v2/incidents/actions/similar": ("name",),
}
# Lists that a body cannot do without; the others are empty where they are sent.
_NEEDED_LISTS = frozenset({"source_incident_ids"})
_WORDS_OF_QUERIES: Mapping[str, str] = {"name": "payout api 5xx", "page_size": "25"}
_PREFERRED = frozenset({"live", "arbitrary_url", "completed", "jira", "test", "text", "public", "github"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sampler:
    """Makes examples for one route. `find_id` returns an id of this installation by the name of a field."""

    route: Route
    find_id: Callable[[str], str | None]

    @property
    def names_its_target(self) -> bool:
        """Whether the reader has to say which thing is changed: no example may change one of theirs by itself."""
        return self.route.method != "GET" and bool(self.route.parameters)

    def path(self) -> str:
        """Return the path with an id in it, or with the name of a shell variable."""
        values = {name: "$ID" if self.names_its_target else self._id(name) for name in self.route.parameters}
        return self.route.path.format(**values)

    def query(self) -> str:
        """Return the parameters without which the route does not answer."""
        fields = msgspec.structs.fields(self.route.query)
        asked = _ASKED.get(self.route.path, ())
        values = {
            field.encode_name: _WORDS_OF_QUERIES.get(field.encode_name) or self._id(field.encode_name)
            for field in fields
            if field.required or (self.route.method == "GET" and field.encode_name in asked)
        }
        return f"?{urlencode(values)}" if values else ""

    def body(self) -> str:
        """Return a body that the route takes, as JSON to read; nothing where it takes none."""
        if self.route.body is Nothing:
            return ""
        return _written(self._struct(self.route.body, "", is_sent=True))

    def answer(self) -> str:
        """Return what the route may answer; nothing where it answers nothing."""
        if self.route.answer is None:
            return ""
        return _written(self._struct(self.route.answer, "", is_sent=False))

    def _id(self, name: str) -> str:
        return self.find_id(name) or _ULID

    def _struct(self, shape: type[msgspec.Struct], within: str, *, is_sent: bool) -> dict[str, Any]:
        shown = _SHOWN.get(shape.__name__, frozenset())
        return {
            field.encode_name: self._value(field.encode_name, field.type, within, is_sent=is_sent)
            for field in msgspec.structs.fields(shape)
            if not is_sent or field.required or field.encode_name in shown
        }

    def _value(self, name: str, expected: Any, within: str, *, is_sent: bool) -> Any:
        bare = _first(expected)
        if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            return self._struct(bare, name, is_sent=is_sent)
        if typing.get_origin(bare) is typing.Literal:
            choices = typing.get_args(bare)
            return next((choice for choice in choices if choice in _PREFERRED), choices[0])
        if typing.get_origin(bare) is list:
            return self._list(name, typing.get_args(bare)[0], within, is_sent=is_sent)
        return _PARTS.get((within, name)) or self._leaf(name, bare, within)

    def _list(self, name: str, item: Any, within: str, *, is_sent: bool) -> list[Any]:
        if name in _WORDS:
            return list(_WORDS[name])
        is_shown = not is_sent or name in _NEEDED_LISTS
        return [self._value(_singular(name), item, within, is_sent=is_sent)] if is_shown else []

    def _leaf(self, name: str, bare: Any, within: str) -> Any:
        if name == "name":
            return _NAMES.get(self.route.group, "Priya Raman")
        if bare is int and name == "external_id":
            return 2485
        if name in _WORDS:
            return _WORDS[name]
        if name == "id" and within:
            return self._id(f"{within}_id")
        if name == "id" or name.endswith("_id"):
            return self._id(name)
        if (
            bare is datetime.datetime
            or name.endswith("_at")
            or (name == "value" and "timestamp" in self.route.path)
        ):
            return _MOMENT
        return {bool: True, int: 1, float: 1.5, dict: {}}.get(bare, "text")


def _first(expected: Any) -> Any:
    """Return the type that a field has where it is sent, without its bounds."""
    parts = [part for part in typing.get_args(expected) if part not in {UnsetType, type(None)}]
    is_union = typing.get_origin(expected) is not None and UnsetType in typing.get_args(expected)
    return plain(parts[0] if is_union else expected)


def _singular(name: str) -> str:
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _written(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
