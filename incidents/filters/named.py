"""People and catalog entries that a request names: found together, because there may be thousands of either."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Self

from django.db.models import Q, Value

from incidents.filters.values import Choice
from incidents.models import BulkChange, CatalogEntry, User
from incidents.models.ulid import ULIDField, is_ulid
from incidents.text import VALUE_LENGTH, TextError, clean_line, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from incidents.models import Actor

ME = "me"


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """What was found: people by id, e-mail and `me`; catalog entries by type and then id, slug or external id."""

    people: dict[str, Choice]
    entries: dict[tuple[str, str], Choice]

    @classmethod
    def find(cls, people: Iterable[str], entries: Iterable[tuple[str, str]], actor: Actor) -> Self:
        """Look up what the texts name; one query, and none where people name nobody but themselves."""
        named = cls(_themselves(actor), {})
        names = {fold(name) for name in people if _is_storable(name)} - named.people.keys()
        wanted = {(type_id, name) for type_id, name in entries if _is_storable(name)}
        if names or wanted:
            _look_up(names, wanted, named)
        return named

    def person(self, named: str) -> tuple[Choice, ...]:
        """Return the person that an id, an e-mail or `me` names."""
        choice = self.people.get(fold(named))
        return (choice,) if choice else ()

    def entry(self, catalog_type_id: str, named: str) -> tuple[Choice, ...]:
        """Return the catalog entry that an id, slug or external id names."""
        choice = self.entries.get((catalog_type_id, fold(named)))
        return (choice,) if choice else ()


def find_bulk_change(named: str, actor: Actor) -> tuple[Choice, ...]:
    """Return the bulk change that an id names, if the actor may know of it; one query."""
    change = BulkChange.objects.visible_to(actor).named(named).first()
    return () if change is None else (Choice(change.pk, str(change), change.pk, change.pk),)


def _themselves(actor: Actor) -> dict[str, Choice]:
    """Return the person who asks: most filters by person are about them, and they are known already."""
    if actor.user is None:
        return {}
    own = Choice(ME, "me", actor.user.pk, actor.user.pk)
    return dict.fromkeys((ME, fold(actor.user.pk), fold(actor.user.email)), own)


def _look_up(names: set[str], wanted: set[tuple[str, str]], named: Named) -> None:
    """Add what the database knows, people and entries in one query: each row is an id, a type, two words, a label."""
    nothing = Value(None, output_field=ULIDField())
    found = (
        _people(names)
        .values_list("id", nothing, "email", Value(""), "name")
        .union(_entries(wanted).values_list("id", "catalog_type_id", "slug", "external_id", "name"), all=True)
    )
    for pk, type_id, word, other_word, label in found:
        choice = Choice(word, label or word, pk, pk)
        for key in filter(None, (other_word, word, pk)):
            if type_id is None:
                named.people[fold(key)] = choice
            else:
                named.entries[type_id, fold(key)] = choice


def _people(names: set[str]) -> QuerySet[User]:
    return User.objects.filter(Q(id__in=_ids(names)) | Q(email__in=names)).order_by()


def _entries(wanted: set[tuple[str, str]]) -> QuerySet[CatalogEntry]:
    names = {name for _, name in wanted}
    slugs = {fold(name) for name in names}
    return CatalogEntry.objects.filter(
        Q(id__in=_ids(names)) | Q(slug__in=slugs) | Q(external_id__in=names),
        catalog_type__in={type_id for type_id, _ in wanted},
    ).order_by()


def _ids(names: set[str]) -> list[str]:
    return [name.upper() for name in names if is_ulid(name.upper())]


def _is_storable(named: str) -> bool:
    """Databases refuse some texts even in a question; the form says so by the filter."""
    try:
        clean_line(named, limit=VALUE_LENGTH)
    except TextError:
        return False
    return True
