"""Holds every answer of the API to the contract, and to the document that we hand out ourselves.

`contract.json` has the routes of the incident.io API that are served here, as published in August 2026: status, names of
the parameters, and the types, required fields and choices of bodies and answers.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from incidents.api.openapi import document
from incidents.api.table import TABLE

CONTRACT: dict[str, Any] = json.loads((Path(__file__).parent / "contract.json").read_text())


def assert_as_promised(method: str, path: str, status: int, body: Any) -> None:
    """Fail where an answer of a route is not what the contract or our own document says."""
    path = path.partition("?")[0]
    routes, _ = TABLE.find(path)
    route = routes.get("GET" if method == "HEAD" else method)
    if route is None or method == "HEAD":
        return
    assert_valid(_of_ours(route.method, route.path, status), body, f"our document, {route.name} {status}")
    known = CONTRACT["routes"].get(f"{route.method} {route.path}")
    if status >= 400 or known is None:
        return
    assert status == known["status"], f"{route.name} answers {status}, the contract says {known['status']}"
    if known["answer"] is not None:
        assert_no_null(body)
        assert_valid(_of_contract(route.method, route.path), body, f"the contract, {route.name}")


def assert_valid(validator: jsonschema_rs.Validator | None, body: Any, of: str) -> None:
    """Fail with what a body breaks."""
    if validator is None:
        assert body is None, f"{of} has no body, and one came"
        return
    errors = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(body)
    ]
    assert not errors, f"{of}: {errors[:5]}"


def assert_no_null(value: Any) -> None:
    """Fail where a null was sent: clients take it for an object."""
    assert value is not None, "null was sent"
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        assert_no_null(part)


@cache
def _of_contract(method: str, path: str) -> jsonschema_rs.Validator:
    known = CONTRACT["routes"][f"{method} {path}"]["answer"]
    return jsonschema_rs.validator_for({**known, "definitions": CONTRACT["definitions"]})


@cache
def _of_ours(method: str, path: str, status: int) -> jsonschema_rs.Validator | None:
    described = _document()
    responses = described["paths"][path][method.lower()]["responses"]
    assert str(status) in responses, f"{method} {path} may not answer {status}"
    content = responses[str(status)].get("content")
    if content is None:
        return None
    schema = content["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": described["components"]})


@cache
def _document() -> dict[str, Any]:
    return document("http://127.0.0.1:8000")
