"""Changes of configuration: what hangs on them, and the version by which every process notices."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from incidents.models import (
    Actor,
    CatalogEntry,
    CatalogType,
    ConfigurationVersion,
    CustomField,
    CustomFieldEntry,
    CustomFieldOption,
    DurationMetric,
    FollowUpPriority,
    Incident,
    IncidentStatus,
    IncidentType,
    Severity,
)
from incidents.models.configuration import Noun
from incidents.models.ulid import new_ulid
from incidents.services.errors import require_administrator
from incidents.text import slug

_SLUG_LENGTH = 80

# Rows that administrators configure like nouns, and that the snapshot does not hold.
OtherNoun = CatalogType | CatalogEntry | FollowUpPriority
_WITHOUT_SLUG = (CatalogType, FollowUpPriority)


def save_noun(noun: Noun | OtherNoun, actor: Actor) -> None:
    """Store a row of configuration, give a new one its slug, and carry its rank over to incidents.

    A slug stays when the name changes: addresses that people kept go on working. A new default type or headline
    metric takes the place of the one before.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: what is in use would change its nature: the category of a status, the type of a field.
    """
    require_administrator(actor)
    with transaction.atomic():
        if not isinstance(noun, _WITHOUT_SLUG) and not noun.slug:
            noun.slug = _free_slug(noun)
        _refuse_new_nature_in_use(noun)
        _give_way(noun)
        noun.save()
        if isinstance(noun, Severity):
            incidents = Incident.objects.filter(severity=noun).exclude(severity_rank=noun.rank)
            incidents.update(severity_rank=noun.rank)
        touch_configuration()


def delete_noun(noun: Noun | OtherNoun, actor: Actor) -> None:
    """Remove a row of configuration that nothing refers to.

    Raises:
        PermissionDenied: the actor is no administrator.
        django.db.models.ProtectedError: incidents or other configuration refer to it.
    """
    require_administrator(actor)
    with transaction.atomic():
        noun.delete()
        touch_configuration()


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


def _free_slug(noun: Noun | CatalogEntry) -> str:
    if isinstance(noun, CatalogEntry):
        return free_slug(noun.name, CatalogEntry.objects.filter(catalog_type=noun.catalog_type_id))
    if isinstance(noun, CustomFieldOption):
        return free_slug(noun.value, CustomFieldOption.objects.filter(custom_field=noun.custom_field_id))
    return free_slug(noun.name, type(noun)._default_manager.all())


def _refuse_new_nature_in_use(noun: Noun | OtherNoun) -> None:
    stored = type(noun)._default_manager.filter(pk=noun.pk).first()
    if isinstance(noun, IncidentStatus) and isinstance(stored, IncidentStatus):
        if stored.category != noun.category and Incident.objects.filter(incident_status=noun).exists():
            raise ValidationError(
                {"category": "Incidents have this status: its category stays. Add a new status instead."}
            )
    elif isinstance(noun, CustomField) and isinstance(stored, CustomField):
        for name in ("field_type", "catalog_type_id"):
            if getattr(stored, name) != getattr(noun, name) and _has_values(noun):
                raise ValidationError(
                    {
                        name.removesuffix(
                            "_id"
                        ): "Incidents have values in this field. Add a new field instead."
                    }
                )
    elif isinstance(noun, CatalogEntry) and isinstance(stored, CatalogEntry):
        moved = stored.catalog_type_id != noun.catalog_type_id
        if moved and CustomFieldEntry.objects.filter(value_catalog_entry=noun).exists():
            raise ValidationError({"catalog_type": "Incidents name this entry: it stays in its catalog."})


def _has_values(field: CustomField) -> bool:
    return CustomFieldEntry.objects.filter(custom_field=field).exists()


def _give_way(noun: Noun | OtherNoun) -> None:
    """Take the place of the one that was the default, or the headline, before."""
    if isinstance(noun, IncidentType) and noun.is_default:
        IncidentType.objects.exclude(pk=noun.pk).filter(is_default=True).update(is_default=False)
    elif isinstance(noun, DurationMetric) and noun.is_headline:
        DurationMetric.objects.exclude(pk=noun.pk).filter(is_headline=True).update(is_headline=False)
