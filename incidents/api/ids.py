"""Ids as they are sent: in any case, and perhaps not ids at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incidents.api.errors import Problem, invalid, not_found
from incidents.models.ulid import is_ulid

if TYPE_CHECKING:
    from msgspec import UnsetType

    from incidents.api.routes import Call


def id_in_path(call: Call[Any, Any], noun: str) -> str:
    """Return the id that the path names.

    Raises:
        ApiError: 404 where the text is no id, as for an id of nothing.
    """
    named = call.path["id"].upper()
    if not is_ulid(named):
        raise not_found(noun)
    return named


def id_sent(value: str | UnsetType, pointer: str) -> str | None:
    """Return an id of the query or the body, None where there is none.

    Raises:
        ApiError: 422 where the text is no id.
    """
    if not value:
        return None
    if not is_ulid(value.upper()):
        raise invalid(Problem("invalid_value", "This is no id: send its 26 characters.", pointer))
    return value.upper()


def needed_id(value: str, pointer: str) -> str:
    """Return an id of the query or the body that must be there.

    Raises:
        ApiError: 422 where the text is no id.
    """
    found = id_sent(value, pointer)
    if found is None:
        raise invalid(Problem("is_required", f"{pointer.removeprefix('/')} is required.", pointer))
    return found
