"""Custom field values: read what was typed, store what it means."""

from __future__ import annotations

import dataclasses
import decimal
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from incidents import text
from incidents.models import CatalogEntry, Configuration, CustomField, CustomFieldEntry
from incidents.models.custom_field import plain_number
from incidents.models.ulid import is_ulid
from incidents.services.errors import Problems

_DIGITS = 15
_DECIMAL_PLACES = 4
MULTI_SELECT_LIMIT = 100

FieldValue = str | decimal.Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class CleanValue:
    """One value that may be stored: the column of CustomFieldEntry, what goes in, and how people read it."""

    column: str
    value: FieldValue
    label: str


CleanValues = Mapping[str, tuple[CleanValue, ...]]


def problem_key(field_id: str) -> str:
    """Return the name under which problems with a custom field are reported."""
    return f"custom_field_entries.{field_id}"


def clean_custom_fields(
    typed: Mapping[str, tuple[str, ...]], configuration: Configuration, problems: Problems
) -> CleanValues:
    """Return the values by field id, empty where a field is to be emptied; note every problem.

    No query, but one for each catalog-backed field that has values.
    """
    cleaned: dict[str, tuple[CleanValue, ...]] = {}
    for field_id, raw in typed.items():
        field = configuration.custom_fields.by_id.get(field_id)
        if field is None:
            problems.add("custom_field_entries", f"There is no custom field “{field_id[:50]}”.", "unknown")
            continue
        given = tuple(value for value in raw if value.strip())
        if len(given) > 1 and field.field_type != CustomField.FieldType.MULTI_SELECT:
            problems.add(problem_key(field.pk), f"“{field.name}” takes one value.", "too_many")
            continue
        if len(given) > MULTI_SELECT_LIMIT:
            problems.add(problem_key(field.pk), f"Choose at most {MULTI_SELECT_LIMIT} values.", "too_many")
            continue
        cleaned[field.pk] = _clean_values(field, given, configuration, problems)
    return cleaned


def require_custom_fields(
    filled: Iterable[str], required: Iterable[CustomField], problems: Problems, *, when: str
) -> None:
    """Note each required field that is not among the filled ones."""
    filled = frozenset(filled)
    for field in required:
        if field.pk not in filled:
            problems.add(problem_key(field.pk), f"Fill in “{field.name}” {when}.", "is_required")


def write_custom_fields(incident_id: str, cleaned: CleanValues, *, is_new: bool) -> None:
    """Store the values in place of what the fields held; two queries, one for a new incident."""
    if not is_new and cleaned:
        CustomFieldEntry.objects.filter(incident_id=incident_id, custom_field_id__in=list(cleaned)).delete()
    CustomFieldEntry.objects.bulk_create(
        CustomFieldEntry(
            incident_id=incident_id,
            custom_field_id=field_id,
            position=position,
            **{value.column: value.value},
        )
        for field_id, values in cleaned.items()
        for position, value in enumerate(values)
    )


def _clean_values(
    field: CustomField, given: tuple[str, ...], configuration: Configuration, problems: Problems
) -> tuple[CleanValue, ...]:
    if field.is_select:
        chosen = _chosen(field, given, configuration, problems)
        # The same option chosen twice is chosen once.
        return tuple({value.value: value for value in chosen}.values())
    return tuple(value for raw in given if (value := _clean_one(field, raw, problems)) is not None)


def _chosen(
    field: CustomField, given: tuple[str, ...], configuration: Configuration, problems: Problems
) -> list[CleanValue]:
    if field.catalog_type_id is not None:
        return _catalog_entries(field, given, problems)
    found = []
    for named in given:
        option = configuration.options[field.pk].find(named)
        if option is None:
            problems.add(
                problem_key(field.pk), f"“{field.name}” has no option “{_short(named)}”.", "unknown_option"
            )
        else:
            found.append(CleanValue("value_option_id", option.pk, option.value))
    return found


def _catalog_entries(field: CustomField, given: tuple[str, ...], problems: Problems) -> list[CleanValue]:
    if not given:
        return []
    entries = list(CatalogEntry.objects.filter(catalog_type_id=field.catalog_type_id))
    by_name: dict[str, CatalogEntry] = {}
    for entry in entries:
        names = [entry.pk, entry.slug, entry.external_id or "", *entry.aliases]
        by_name.update((text.fold(name), entry) for name in names if name and text.fold(name) not in by_name)
    found = []
    for named in given:
        match = by_name.get(text.fold(named))
        if match is None:
            problems.add(
                problem_key(field.pk), f"“{field.name}” has no entry “{_short(named)}”.", "unknown_entry"
            )
        else:
            found.append(CleanValue("value_catalog_entry_id", match.pk, match.name))
    return found


def _clean_one(field: CustomField, raw: str, problems: Problems) -> CleanValue | None:
    key = problem_key(field.pk)
    if field.field_type == CustomField.FieldType.NUMERIC:
        number = _number(problems.line(key, raw, limit=50))
        if number is None:
            problems.add(
                key,
                f"Enter a number of at most {_DIGITS} digits, {_DECIMAL_PLACES} of them after the point.",
                "not_a_number",
            )
            return None
        return CleanValue("value_numeric", number, plain_number(number))
    if field.field_type == CustomField.FieldType.LINK:
        link = problems.line(key, raw, limit=text.URL_LENGTH)
        if link and not is_web_link(link):
            problems.add(key, "Enter a link that begins with https:// or http://.", "not_a_link")
            return None
        return CleanValue("value_link", link, link) if link else None
    value = problems.text(key, raw, limit=text.VALUE_LENGTH)
    return CleanValue("value_text", value, value) if value else None


def is_web_link(link: str) -> bool:
    """Tell whether a link is one that a page may offer: http or https, with a host."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _number(typed: str) -> decimal.Decimal | None:
    try:
        number = decimal.Decimal(typed)
    except decimal.InvalidOperation:
        return None
    # Adjusted exponents first: they are cheap, while 1e999999 written out is not.
    if not number.is_finite() or not -_DECIMAL_PLACES <= number.adjusted() < _DIGITS - _DECIMAL_PLACES:
        return decimal.Decimal(0) if number.is_zero() else None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= -_DECIMAL_PLACES else None


def _short(typed: str) -> str:
    return typed[:26] if is_ulid(typed.upper()) else typed[:50]
