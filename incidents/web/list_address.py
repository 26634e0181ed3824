"""The address of the list: it is the whole state of the page, so every control is a change of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

# What readers may leave as it is: brackets, ranges, times and e-mail addresses.
_READABLE = "[]~:@,"
_POSITION = ("after", "before")


@dataclasses.dataclass(frozen=True, slots=True)
class ListAddress:
    """A path and its parameters. Every change leads to the first page, unless it names another."""

    path: str
    query: QueryDict

    @property
    def url(self) -> str:
        """The address as text."""
        encoded = self.query.urlencode(safe=_READABLE)
        return f"{self.path}?{encoded}" if encoded else self.path

    @property
    def has_blanks(self) -> bool:
        """Whether a form was sent with empty fields, which say nothing."""
        return any(not value.strip() for _, values in self.query.lists() for value in values)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every parameter with every value, as the hidden fields of a form; forms lead to the first page."""
        return [
            (name, value) for name, values in self.query.lists() for value in values if name not in _POSITION
        ]

    def without_blanks(self) -> Self:
        """Return the same address with nothing empty in it."""
        query = self.query.copy()
        for name, values in self.query.lists():
            query.setlist(name, [value for value in values if value.strip()])
            if not query.getlist(name):
                del query[name]
        return dataclasses.replace(self, query=query)

    def without(self, *names: str) -> Self:
        """Return the address without these parameters."""
        query = self.query.copy()
        for name in (*names, *_POSITION):
            query.pop(name, None)
        return dataclasses.replace(self, query=query)

    def with_values(self, name: str, values: Iterable[str], *, instead_of: str = "") -> Self:
        """Return the address with these values for a parameter, at the place of the one it replaces."""
        changed = self.without()
        query = changed.query.copy()
        query.clear()
        for other, kept in changed.query.lists():
            if other not in {name, instead_of}:
                query.setlist(other, kept)
        query.setlist(name, list(values))
        return dataclasses.replace(self, query=query)
