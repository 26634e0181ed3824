"""The official Python client of the incident.io API, pointed at a server of ours."""

from __future__ import annotations

import importlib
import inspect
import typing
from typing import Any

import incident_io
from incident_io.models import ErrorResponse
from incident_io.types import Unset


class OfficialClient:
    """Calls any operation by the name of its group and verb; bodies and filters are given as plain data."""

    def __init__(self, url: str, token: str) -> None:
        # As its documentation says, with another base address.
        self._client = incident_io.AuthenticatedClient(
            base_url=url, token=token, raise_on_unexpected_status=True
        )

    def __enter__(self) -> OfficialClient:
        self._client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._client.__exit__(*error)

    def call(self, group: str, verb: str, **given: Any) -> Any:
        """Return what the client made of the answer, which is never an error."""
        parsed = self.ask(group, verb, **given)
        assert not isinstance(parsed, ErrorResponse), parsed.to_dict()
        return parsed

    def refused(self, group: str, verb: str, **given: Any) -> ErrorResponse:
        """Return the error that the client made of the answer."""
        parsed = self.ask(group, verb, **given)
        assert isinstance(parsed, ErrorResponse), parsed
        return parsed

    def ask(self, group: str, verb: str, **given: Any) -> Any:
        """Return what the client made of the answer, whatever it is."""
        module = importlib.import_module(f"incident_io.api.{group}.{group}_{verb}")
        shapes = typing.get_type_hints(module.sync_detailed)
        path = {name: value for name, value in given.items() if name in {"id", "id_"}}
        arguments = {name: _shaped(value, shapes[name]) for name, value in given.items() if name not in path}
        accepted = inspect.signature(module.sync_detailed).parameters
        assert arguments.keys() <= accepted.keys(), arguments.keys() - accepted.keys()
        return module.sync_detailed(*path.values(), client=self._client, **arguments).parsed


def _shaped(value: Any, expected: Any) -> Any:
    """Return a mapping as the model that the client wants, and a word as its choice."""
    for shape in typing.get_args(expected) or (expected,):
        if shape in {Unset, type(None)}:
            continue
        if isinstance(value, dict) and hasattr(shape, "from_dict"):
            return shape.from_dict(value)
        if isinstance(value, str) and isinstance(shape, type) and issubclass(shape, str) and shape is not str:
            return shape(value)
    return value
