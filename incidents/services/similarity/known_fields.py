"""The custom fields that the check reads, and the values that incidents have in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from incidents.models import Configuration
from incidents.models.incident_listing import read_entries
from incidents.services.similarity.question import KnownValue
from incidents.services.similarity.reading import NO_KNOWN_VALUES, KnownPairs, KnownValues
from incidents.services.similarity.words import Vocabulary

VALUE_LIMIT = 70

_cached: tuple[str, KnownValues] = ("", NO_KNOWN_VALUES)


def known_values(configuration: Configuration) -> KnownValues:
    """Return the options of the fields that the check reads, and the synonyms, ready to be used; no query."""
    global _cached
    if _cached[0] != configuration.token:
        values = [
            (field.similarity, option.value[:VALUE_LIMIT])
            for field in configuration.custom_fields
            if field.similarity
            for option in configuration.options[field.pk]
        ]
        vocabulary = Vocabulary(group.words.split() for group in configuration.synonym_groups)
        _cached = (configuration.token, KnownValues(values, vocabulary))
    return _cached[1]


def pairs_asked(values: Collection[KnownValue]) -> KnownPairs:
    """Return the known values of a question, without what no database takes."""
    pairs = ((value.kind, _printable(value.value)) for value in values)
    return frozenset((kind, text) for kind, text in pairs if text)


def fields_read(configuration: Configuration) -> dict[str, str]:
    """Return which custom fields the check reads, and what kind of value each holds, by its id."""
    return {field.pk: field.similarity for field in configuration.custom_fields if field.similarity}


def pairs_stored(incident_ids: Collection[str], configuration: Configuration) -> Mapping[str, KnownPairs]:
    """Return the known values of incidents by id; one query, none where no field is read."""
    entries = read_entries(list(incident_ids), list(fields_read(configuration)))
    return pairs_in(entries, configuration)


def pairs_in(entries: Iterable[Sequence[Any]], configuration: Configuration) -> Mapping[str, KnownPairs]:
    """Return the known values by incident; an entry is one of read_entries, of a field that the check reads."""
    kinds = fields_read(configuration)
    options = {option.pk: option.value for pk in kinds for option in configuration.options[pk]}
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for incident_id, field_id, option_id, *values in entries:
        text = next((value for value in (options.get(option_id), *values) if value), "").strip()[:VALUE_LIMIT]
        if text:
            pairs[incident_id].add((kinds[field_id], text))
    return {incident_id: frozenset(found) for incident_id, found in pairs.items()}


def _printable(value: str) -> str:
    return "".join(filter(str.isprintable, value[:VALUE_LIMIT])).strip()
