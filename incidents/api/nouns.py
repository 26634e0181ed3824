"""Storing and removing rows of the configuration: the text gate first, then the services."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from incidents import text
from incidents.api.errors import ApiError, Problem, invalid
from incidents.models import Actor
from incidents.models.configuration import Noun
from incidents.services.configuration import delete_noun, save_noun
from incidents.services.errors import Problems
from incidents.services.usage import usage_of

# Texts that are one line; every other text of a noun may have several.
_LINES = ("name", "value", "shortform")
_TEXTS = ("description", "instructions")


def store_noun(row: Noun, actor: Actor) -> None:
    """Store a row whose columns hold what was sent.

    Raises:
        ApiError: 422, with the names of the columns, which are those on the wire.
    """
    _pass_gate(row)
    try:
        with transaction.atomic():
            row.full_clean(exclude=["slug"])
            save_noun(row, actor)
    except ValidationError as error:
        raise invalid(*_problems(error)) from None
    except IntegrityError:
        raise invalid(Problem("taken", "There is one of this name already.", "/name")) from None


def remove_noun(row: Noun, actor: Actor) -> None:
    """Remove a row that nothing refers to.

    Raises:
        ApiError: 409, with what refers to it.
    """
    try:
        if not (users := usage_of(row)):
            delete_noun(row, actor)
            return
    except ProtectedError:
        users = usage_of(row)
    named = ", ".join(users) or "something"
    raise ApiError(409, Problem("in_use", f"“{row}” is in use by {named}. Take it from those first."))


def _pass_gate(row: Noun) -> None:
    problems = Problems()
    for name in (*_LINES, *_TEXTS):
        value = getattr(row, name, None)
        if isinstance(value, str):
            clean = problems.line if name in _LINES else problems.text
            setattr(row, name, clean(name, value, limit=text.SUMMARY_LENGTH))
            if name in {"name", "value"} and not text.is_visible(value[: text.SUMMARY_LENGTH]):
                problems.add(name, "Use at least one letter or digit that can be seen.", "is_required")
    try:
        problems.raise_if_any()
    except ValidationError as error:
        raise invalid(*_problems(error)) from None


def _problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(one.code or "invalid", " ".join(one.messages), "" if field == "__all__" else f"/{field}")
        for field, errors in error.error_dict.items()
        for one in errors
    ]
