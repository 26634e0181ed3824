"""Choosing a row by typing: what is sent as the choice may be anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from incidents.models.ulid import is_ulid


class SuggestedRow(AutocompleteSelect):
    """Django looks up whatever was sent to draw the form again, and fails where it is no id."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, _ids(value), attrs)


class SuggestedRows(AutocompleteSelectMultiple):
    """As SuggestedRow, for several."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, _ids(value), attrs)


def _ids(values: Sequence[str]) -> list[str]:
    return [value for value in values if is_ulid(str(value).upper())]
