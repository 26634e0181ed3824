"""The address of the list: it is the whole state of the page, so every control is a change of it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from collections.abc import Iterable

# What readers may leave as it is: brackets, ranges, times and e-mail addresses.
_READABLE = "[]~:@,"
_POSITION = ("after", "before")


@dataclasses.dataclass(frozen=True, slots=True)
class ListAddress:
    """A path and its parameters. Every change leads to the first page, unless it names another."""

    path: str
    query: MultiValueDict[str, str]

    @property
    def url(self) -> str:
        """The address as text."""
        encoded = "&".join(
            f"{quote(name, _READABLE)}={quote(value, _READABLE)}"
            for name, values in self.query.lists()
            for value in values
        )
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
        filled = {name: [value for value in values if value.strip()] for name, values in self.query.lists()}
        return self._with({name: values for name, values in filled.items() if values})

    def without(self, *names: str) -> Self:
        """Return the address without these parameters."""
        return self._with(
            {name: values for name, values in self.query.lists() if name not in {*names, *_POSITION}}
        )

    def with_values(self, name: str, values: Iterable[str], *, instead_of: str = "") -> Self:
        """Return the address with these values for a parameter, after all others."""
        kept = self.without(name, instead_of)
        return self._with({**dict(kept.query.lists()), name: list(values)})

    def _with(self, parameters: dict[str, list[str]]) -> Self:
        return dataclasses.replace(self, query=MultiValueDict(parameters))
