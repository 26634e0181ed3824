"""The OpenAPI 3.0.3 document, made of the table that dispatches."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from incidents import __version__
from incidents.api.errors import JSON, ErrorResponse
from incidents.api.routes import Nothing, Route
from incidents.api.table import TABLE
from incidents.models.api_key_roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

_REFERENCE = "#/components/schemas/{name}"
USUAL_REFUSALS = (400, 401, 403, 422, 429, 503)
MEANINGS = {
    200: "Done.",
    201: "Made.",
    202: "Accepted.",
    204: "Done; there is nothing to say.",
    400: "The request cannot be read.",
    401: "No key, or one that is unknown, revoked or expired.",
    403: "The key lacks the scope.",
    404: "There is no such thing, or none that the key may know of.",
    409: "It does not go together with what is there.",
    412: "It has changed since the version that If-Match names.",
    413: "The body is larger than 1 MiB.",
    415: "The body does not call itself JSON.",
    422: "Something in it is wrong: each error names its place by JSON pointer.",
    429: "The key has asked too often this minute. Retry-After says how long to wait.",
    503: "The database does not answer. Retry-After says how long to wait.",
}
# The filters of incidents, whose names hold brackets: `status[one_of]`, `custom_field[ID][one_of]`.
_FLAT_FILTERS = {
    "status": "Statuses by id or slug: one_of, not_in.",
    "status_category": "Categories: one_of, not_in.",
    "severity": "Severities by id or slug: one_of, not_in; gte and lte compare their ranks.",
    "incident_type": "Types by id or slug: one_of, not_in.",
    "mode": "Modes: one_of. Without it, standard and retrospective.",
    "visibility": "public or private: one_of.",
    "created_at": "Days or moments: gte, lte, date_range (2026-11-01~2026-11-23).",
    "updated_at": "Days or moments: gte, lte, date_range.",
    "team": "Teams by id or slug: one_of, not_in, is_blank.",
    "creator": "Who declared it, by id or e-mail: one_of.",
}
_NESTED_FILTERS = {
    "incident_role": "By role id or slug: one_of (people), is_blank, is_set.",
    "custom_field": "By field id or slug: one_of, not_in, is_blank; contains and is for text; gte and lte for numbers.",
}
FILTERS = {**_FLAT_FILTERS, **_NESTED_FILTERS}


_NO_DEFAULTS = (msgspec.NODEFAULT, msgspec.UNSET, "")


@require_safe
@login_not_required
def openapi_document(request: HttpRequest) -> HttpResponse:
    """Answer with the document. It tells of the software, not of the installation: anybody may read it."""
    return HttpResponse(_encoded(settings.BASE_URL), content_type=JSON)


def document(base_url: str) -> dict[str, Any]:
    """Return the document as plain data."""
    schemas = _components()
    paths: dict[str, dict[str, Any]] = {}
    for route in TABLE.routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Tocsin",
            "version": __version__,
            "description": "The incident.io API as Tocsin serves it, and what Tocsin adds beside it.",
        },
        "servers": [{"url": base_url}],
        "security": [{"api_key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"api_key": {"type": "http", "scheme": "bearer"}},
        },
    }


def query_fields(route: Route) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Return the parameters that a route takes beside the filters."""
    return () if route.query is Nothing else msgspec.structs.fields(route.query)


def roles_for(route: Route) -> list[str]:
    """Return the roles of keys that open a route."""
    return [role for role, (_, scopes) in ROLES.items() if route.scope in scopes]


@cache
def _encoded(base_url: str) -> bytes:
    return msgspec.json.encode(document(base_url))


def _components() -> dict[str, Any]:
    shapes: dict[Any, None] = {ErrorResponse: None}
    for route in TABLE.routes:
        shapes |= {shape: None for shape in (route.body, route.answer) if shape not in {Nothing, None}}
    _, components = msgspec.json.schema_components(list(shapes), ref_template=_REFERENCE)
    return {name: _as_openapi(schema) for name, schema in sorted(components.items())}


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.group],
        "summary": route.summary,
        "description": " ".join(filter(None, (route.description, _scope_words(route)))),
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": dict(_responses(route)),
    }
    if route.is_deprecated:
        operation["deprecated"] = True
    if route.body is not Nothing:
        operation["requestBody"] = {"required": True, "content": _content(route.body)}
    return operation


def _scope_words(route: Route) -> str:
    if route.scope is None:
        return "Any key may ask."
    return f"Needs the scope {route.scope}, which these roles have: {', '.join(roles_for(route))}."


def _path_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in route.parameters:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for field in query_fields(route):
        schema = _as_openapi(msgspec.json.schema(field.type))
        if field.default not in _NO_DEFAULTS:
            schema["default"] = field.default
        yield {
            "name": field.encode_name,
            "in": "query",
            "required": field.required,
            "description": schema.pop("description", ""),
            "schema": schema,
        }
    if route.reads_filters:
        yield from _filter_parameters()


def _filter_parameters() -> Iterator[dict[str, Any]]:
    values: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    operators = {"type": "object", "additionalProperties": values}
    nested = {"type": "object", "additionalProperties": operators}
    for filters, schema in ((_FLAT_FILTERS, operators), (_NESTED_FILTERS, nested)):
        for name, description in filters.items():
            yield {
                "name": name,
                "in": "query",
                "style": "deepObject",
                "explode": True,
                "description": description,
                "schema": schema,
            }


def _responses(route: Route) -> Iterator[tuple[str, dict[str, Any]]]:
    success: dict[str, Any] = {"description": MEANINGS[route.status]}
    if route.answer is not None:
        success["content"] = _content(route.answer)
    yield str(route.status), success
    for status in refusals_of(route):
        yield str(status), {"description": MEANINGS[status], "content": _content(ErrorResponse)}


def refusals_of(route: Route) -> list[int]:
    """Return every status with which a route may refuse."""
    with_body = (413, 415) if route.body is not Nothing else ()
    return sorted({*USUAL_REFUSALS, *route.refusals, *with_body})


def _content(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": _REFERENCE.format(name=shape.__name__)}}}


def _as_openapi(schema: Any) -> Any:
    """Return a JSON Schema of 2020-12 in the words of OpenAPI 3.0."""
    if isinstance(schema, list):
        return [_as_openapi(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {
        name: _as_openapi(part) for name, part in schema.items() if name not in {"examples", "default"}
    }
    if examples := schema.get("examples"):
        changed["example"] = examples[0]
    if "default" in schema:
        changed["default"] = schema["default"]
    if "enum" in changed:
        changed.setdefault("type", "string")
    if "$ref" in changed and len(changed) > 1:
        # Beside a reference OpenAPI 3.0 ignores everything.
        changed = {"allOf": [{"$ref": changed.pop("$ref")}], **changed}
    return changed
