"""People and catalog entries that a request names: found together, because there may be thousands of either."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from incidents.filters.values import Choice
from incidents.models import CatalogEntry, User
from incidents.models.ulid import is_ulid
from incidents.text import VALUE_LENGTH, TextError, clean_line, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incidents.models import Actor

ME = "me"


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """What was found: people by id, e-mail and `me`; catalog entries by type and then id, slug or external id."""

    people: Mapping[str, Choice]
    entries: Mapping[tuple[str, str], Choice]

    @classmethod
    def find(cls, people: Iterable[str], entries: Iterable[tuple[str, str]], actor: Actor) -> Self:
        """Look up what the texts name; one query for people and one for catalog entries, none without texts."""
        names = {fold(named) for named in people if _is_storable(named)}
        entries = {(type_id, named) for type_id, named in entries if _is_storable(named)}
        return cls(_find_people(names, actor), _find_entries(entries))

    def person(self, named: str) -> tuple[Choice, ...]:
        """Return the person that an id, an e-mail or `me` names."""
        choice = self.people.get(fold(named))
        return (choice,) if choice else ()

    def entry(self, catalog_type_id: str, named: str) -> tuple[Choice, ...]:
        """Return the catalog entry that an id, slug or external id names."""
        choice = self.entries.get((catalog_type_id, fold(named)))
        return (choice,) if choice else ()


def _find_people(names: set[str], actor: Actor) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    if actor.user is not None:
        # The person who asks is known already: most filters by person are "me".
        own = Choice(ME, "me", actor.user.pk, actor.user.pk)
        found = dict.fromkeys((ME, fold(actor.user.pk), fold(actor.user.email)), own)
    unknown = names - found.keys()
    if not unknown:
        return found
    ids = [name.upper() for name in unknown if is_ulid(name.upper())]
    people = User.objects.filter(Q(id__in=ids) | Q(email__in=unknown)).order_by()
    for pk, email, name in people.values_list("id", "email", "name"):
        choice = Choice(email, name or email, pk, pk)
        found |= {fold(pk): choice, fold(email): choice}
    return found


def _find_entries(names: set[tuple[str, str]]) -> dict[tuple[str, str], Choice]:
    if not names:
        return {}
    written = {named for _, named in names}
    ids = [named.upper() for named in written if is_ulid(named.upper())]
    slugs = {fold(named) for named in written}
    entries = CatalogEntry.objects.filter(
        Q(id__in=ids) | Q(slug__in=slugs) | Q(external_id__in=written),
        catalog_type__in={catalog_type_id for catalog_type_id, _ in names},
    ).order_by()
    found: dict[tuple[str, str], Choice] = {}
    for pk, type_id, slug, external_id, name in entries.values_list(
        "id", "catalog_type_id", "slug", "external_id", "name"
    ):
        choice = Choice(slug, name, pk, pk)
        for key in filter(None, (external_id, slug, pk)):
            found[type_id, fold(key)] = choice
    return found


def _is_storable(named: str) -> bool:
    """Databases refuse some texts even in a question; the form says so by the filter."""
    try:
        clean_line(named, limit=VALUE_LENGTH)
    except TextError:
        return False
    return True
