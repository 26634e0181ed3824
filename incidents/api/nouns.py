"""Finding, storing and removing rows of the configuration: the text gate first, then the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from incidents import text
from incidents.api.errors import ApiError, Problem, invalid, not_found
from incidents.api.wire.configuration import LARGEST_RANK
from incidents.models import Actor, CustomFieldOption
from incidents.models.configuration import Noun, Nouns, NounT
from incidents.services.configuration import delete_noun, save_noun
from incidents.services.errors import Problems
from incidents.services.usage import reason_to_stay

if TYPE_CHECKING:
    from incidents.api.routes import Call

# Texts that are one line; every other text of a noun may have several.
_LINES = ("name", "value", "shortform")
_TEXTS = ("description", "instructions")
# What Django calls a value that another row has: of one column, or of several together.
_TAKEN = frozenset({"unique", "unique_together"})


def named(rows: Nouns[NounT], call: Call[Any, Any], noun: str) -> NounT:
    """Return the row whose id is in the path, to look at; no query.

    Raises:
        ApiError: 404.
    """
    row = rows.by_id.get(call.path["id"].upper())
    if row is None:
        raise not_found(noun)
    return row


def own_copy(row: NounT, noun: str) -> NounT:
    """Return a row to change, for requests share those of the configuration; one query.

    Raises:
        ApiError: 404 where it was removed meanwhile.
    """
    stored = cast("NounT | None", type(row)._default_manager.filter(pk=row.pk).first())
    if stored is None:
        raise not_found(noun)
    return stored


def next_rank(ranks: Iterable[int]) -> int:
    """Return the rank behind all of these; behind the largest there is none, and rows of one rank are told by age."""
    return min(max(ranks, default=-1) + 1, LARGEST_RANK)


def store_noun(row: Noun, actor: Actor) -> None:
    """Store a row whose columns hold what was sent.

    Raises:
        ApiError: 422, with the names of the columns, which are those on the wire; 404 where it was removed meanwhile.
    """
    _pass_gate(row)
    try:
        with transaction.atomic():
            row.full_clean(exclude=["slug"])
            save_noun(row, actor)
    except ValidationError as error:
        raise invalid(*_problems(error, row)) from None
    except IntegrityError:
        raise invalid(_taken(row)) from None
    except ObjectDoesNotExist:
        raise not_found(str(row._meta.verbose_name)) from None


def remove_noun(row: Noun, actor: Actor) -> None:
    """Remove a row that nothing refers to.

    Raises:
        ApiError: 409, with what refers to it.
    """
    reason = reason_to_stay(row)
    if not reason:
        try:
            delete_noun(row, actor)
        except (ProtectedError, IntegrityError):
            reason = reason_to_stay(row) or f"“{row}” was taken into use just now."
    if reason:
        raise ApiError(409, Problem("in_use", reason))


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
        raise invalid(*_problems(error, row)) from None


def _problems(error: ValidationError, row: Noun) -> list[Problem]:
    return [
        _taken(row)
        if one.code in _TAKEN
        else Problem(one.code or "invalid", " ".join(one.messages), "" if field == "__all__" else f"/{field}")
        for field, errors in error.error_dict.items()
        for one in errors
    ]


def _taken(row: Noun) -> Problem:
    field = "value" if isinstance(row, CustomFieldOption) else "name"
    return Problem("taken", f"There is one of this {field} already.", f"/{field}")
