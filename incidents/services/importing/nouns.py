"""Finds the configured rows that words of a file mean, and makes those that are missing where that is wished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from incidents.models import (
    Actor,
    Configuration,
    CustomField,
    CustomFieldOption,
    IncidentStatus,
    IncidentType,
    Severity,
    StatusCategory,
)
from incidents.models.configuration import Noun, Nouns
from incidents.services.configuration import save_noun
from incidents.services.importing.targets import INCIDENT_TYPE, SEVERITY, STATUS
from incidents.text import TextError, clean_line, fold, slug

_NAME_LENGTHS = {SEVERITY: 50, STATUS: 50, INCIDENT_TYPE: 50}
_OPTION_LENGTH = 200


class Vocabulary:
    """What words mean in one import. With an actor, what is missing is made; without, only told."""

    def __init__(
        self,
        configuration: Configuration,
        values: Mapping[str, Mapping[str, str]],
        *,
        makes_missing: bool,
        actor: Actor | None,
    ) -> None:
        self.configuration = configuration
        self.makes_missing = makes_missing
        self._values = values
        self._actor = actor

    def find(self, target: str, written: str) -> Any:
        """Return the severity, status or type that the words mean, or None."""
        nouns = self._nouns(target)
        meant = self._values.get(target, {}).get(fold(written))
        if meant:
            return nouns.find(meant)
        return _named(nouns, written)

    def option(self, field: CustomField, written: str) -> CustomFieldOption | None:
        """Return the option of a select, or None."""
        found: CustomFieldOption | None = _named(self.configuration.options[field.pk], written)
        return found

    def make(self, target: str, written: str, category: str = "") -> Any:
        """Make the severity, status or type; without an actor, return one that stands in for it, or None.

        A new severity is the least of all, because nobody said how bad it is.
        """
        name = _clean(written, _NAME_LENGTHS[target])
        if not name or not self.makes_missing:
            return None
        if self._actor is None:
            nouns = self._nouns(target)
            return next((noun for noun in nouns if getattr(noun, "category", "") in {"", category}), None)
        made: Noun
        if target == SEVERITY:
            made = Severity(name=name, rank=0)
        elif target == STATUS:
            made = IncidentStatus(name=name, category=category, rank=1_000)
        else:
            made = IncidentType(name=name)
        self._save(made)
        return made

    def make_option(self, field: CustomField, written: str) -> str | None:
        """Make an option and return its id; without an actor, "" for one that would be made; None if it cannot be."""
        value = _clean(written, _OPTION_LENGTH)
        if not value or not self.makes_missing or field.catalog_type_id is not None:
            return None
        if self._actor is None:
            return ""
        made = CustomFieldOption(custom_field=field, value=value)
        self._save(made)
        return made.pk

    def _save(self, noun: Noun) -> None:
        assert self._actor is not None  # noqa: S101 - the callers ask
        save_noun(noun, self._actor)
        self.configuration = Configuration.current()

    def _nouns(self, target: str) -> Nouns[Any]:
        nouns: dict[str, Nouns[Any]] = {
            SEVERITY: self.configuration.severities,
            STATUS: self.configuration.incident_statuses,
            INCIDENT_TYPE: self.configuration.incident_types,
        }
        return nouns[target]


def category_of(written: str) -> str:
    """Return the category of a status that the words name; what is past is closed, unless something else is said."""
    known = {**{label.lower(): value for value, label in StatusCategory.choices}}
    named = fold(written)
    if named in StatusCategory.values:
        return named
    return str(known.get(named, StatusCategory.CLOSED))


def _named(nouns: Nouns[Any], written: str) -> Any:
    if found := nouns.find(written[:200]):
        return found
    if found := nouns.by_slug.get(slug(written[:200])):
        return found
    wanted = fold(written[:200])
    return next((noun for noun in nouns if fold(str(noun)) == wanted), None)


def _clean(written: str, limit: int) -> str:
    try:
        return clean_line(written, limit=limit)
    except TextError:
        return ""
