"""Changes of configuration: what hangs on them, and the version by which every process notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from incidents.models import (
    Actor,
    AlertSource,
    CatalogEntry,
    CatalogType,
    ConfigurationVersion,
    CustomField,
    CustomFieldEntry,
    CustomFieldOption,
    DurationMetric,
    FollowUpPriority,
    Incident,
    IncidentRole,
    IncidentStatus,
    IncidentType,
    Severity,
)
from incidents.models.configuration import Noun
from incidents.models.ulid import new_ulid
from incidents.services.errors import Problems, require_administrator
from incidents.services.usage import need_of
from incidents.text import slug

_SLUG_LENGTH = 80

# Rows that administrators configure like nouns, and that the snapshot does not hold.
OtherNoun = CatalogType | CatalogEntry | FollowUpPriority | AlertSource
_WITHOUT_SLUG = (CatalogType, FollowUpPriority)
# The columns that make a row what it is.
_NATURES: Mapping[type[models.Model], tuple[str, ...]] = {
    IncidentStatus: ("category",),
    IncidentRole: ("role_type",),
    CustomField: ("field_type", "catalog_type_id"),
    CatalogEntry: ("catalog_type_id",),
}


def save_noun(noun: Noun | OtherNoun, actor: Actor) -> None:
    """Store a row of configuration, give a new one its slug, and carry its rank over to incidents.

    A slug stays when the name changes: addresses that people kept go on working. A new default type or headline
    metric takes the place of the one before.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: what is in use or needed would change its nature: the category of a status, the type of a
            role or of a field.
        ObjectDoesNotExist: somebody removed the row meanwhile.
    """
    require_administrator(actor)
    with transaction.atomic():
        # First, because its row is a lock: changes of the configuration wait for each other instead of deadlocking.
        touch_configuration()
        if not isinstance(noun, _WITHOUT_SLUG) and not noun.slug:
            noun.slug = _free_slug(noun)
        if not noun._state.adding:
            _refuse_new_nature_in_use(noun)
        _give_way(noun)
        noun.save()
        if isinstance(noun, Severity):
            incidents = Incident.objects.filter(severity=noun).exclude(severity_rank=noun.rank)
            incidents.update(severity_rank=noun.rank)


def delete_noun(noun: Noun | OtherNoun, actor: Actor) -> None:
    """Remove a row of configuration that nothing refers to.

    Raises:
        PermissionDenied: the actor is no administrator.
        django.db.models.ProtectedError: incidents or other configuration refer to it, or Tocsin needs it.
    """
    require_administrator(actor)
    with transaction.atomic():
        # First, as in save_noun: of the last two of a kind, only one can go.
        touch_configuration()
        if reason := need_of(noun):
            raise models.ProtectedError(reason, {noun})
        # By its id: Django would take the id from this object, which requests may share.
        type(noun)._default_manager.filter(pk=noun.pk).delete()


def touch_configuration() -> None:
    """Make every process read the configuration again; call it in the transaction that changed it."""
    ConfigurationVersion.objects.update_or_create(id=1, defaults={"token": new_ulid()})


def free_slug(name: str, taken: models.QuerySet[Any]) -> str:
    """Return a slug of the name that no row of `taken` has: with a number behind it if need be."""
    base = slug(name) or "unnamed"
    used = set(taken.filter(slug__startswith=base).values_list("slug", flat=True))
    candidate, number = base, 2
    while candidate in used:
        candidate = f"{base[: _SLUG_LENGTH - 10]}-{number}"
        number += 1
    return candidate


def _free_slug(noun: Noun | CatalogEntry | AlertSource) -> str:
    if isinstance(noun, CatalogEntry):
        return free_slug(noun.name, CatalogEntry.objects.filter(catalog_type=noun.catalog_type_id))
    if isinstance(noun, CustomFieldOption):
        return free_slug(noun.value, CustomFieldOption.objects.filter(custom_field=noun.custom_field_id))
    return free_slug(noun.name, type(noun)._default_manager.all())


def _refuse_new_nature_in_use(noun: Noun | OtherNoun) -> None:
    # Django would insert a row that is gone once more.
    stored = type(noun)._default_manager.get(pk=noun.pk)
    problems = Problems()
    for name in _NATURES.get(type(noun), ()):
        if getattr(stored, name) != getattr(noun, name) and (reason := _reason_against_new_nature(stored)):
            problems.add(name.removesuffix("_id"), reason, "in_use")
    problems.raise_if_any()


def _reason_against_new_nature(stored: models.Model) -> str:
    if isinstance(stored, CustomField):
        has_values = CustomFieldEntry.objects.filter(custom_field=stored).exists()
        return "Incidents have values in this field. Add a new field instead." if has_values else ""
    if isinstance(stored, CatalogEntry):
        is_named = CustomFieldEntry.objects.filter(value_catalog_entry=stored).exists()
        return "Incidents name this entry: it stays in its catalog." if is_named else ""
    if isinstance(stored, IncidentStatus) and Incident.objects.filter(incident_status=stored).exists():
        return "Incidents have this status: its category stays. Add a new status instead."
    return need_of(stored)


def _give_way(noun: Noun | OtherNoun) -> None:
    """Take the place of the one that was the default, or the headline, before."""
    if isinstance(noun, IncidentType) and noun.is_default:
        IncidentType.objects.exclude(pk=noun.pk).filter(is_default=True).update(is_default=False)
    elif isinstance(noun, DurationMetric) and noun.is_headline:
        DurationMetric.objects.exclude(pk=noun.pk).filter(is_headline=True).update(is_headline=False)
