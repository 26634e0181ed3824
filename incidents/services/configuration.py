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
    CustomFieldOption,
    Incident,
    IncidentStatus,
    Severity,
)
from incidents.models.configuration import Noun
from incidents.models.ulid import new_ulid
from incidents.services.errors import require_administrator
from incidents.text import slug

_SLUG_LENGTH = 80

CatalogNoun = CatalogType | CatalogEntry


def save_noun(noun: Noun | CatalogNoun, actor: Actor) -> None:
    """Store a row of configuration, give a new one its slug, and carry its rank over to incidents.

    A slug stays when the name changes: addresses that people kept go on working.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: a status in use would change its category.
    """
    require_administrator(actor)
    with transaction.atomic():
        if not isinstance(noun, CatalogType) and not noun.slug:
            noun.slug = _free_slug(noun)
        if isinstance(noun, IncidentStatus):
            _refuse_new_category_in_use(noun)
        noun.save()
        if isinstance(noun, Severity):
            incidents = Incident.objects.filter(severity=noun).exclude(severity_rank=noun.rank)
            incidents.update(severity_rank=noun.rank)
        touch_configuration()


def delete_noun(noun: Noun | CatalogNoun, actor: Actor) -> None:
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


def _refuse_new_category_in_use(status: IncidentStatus) -> None:
    stored = IncidentStatus.objects.filter(pk=status.pk).first()
    if stored is None or stored.category == status.category:
        return
    if Incident.objects.filter(incident_status=status).exists():
        raise ValidationError(
            {"category": "Incidents have this status: its category stays. Add a new status instead."}
        )
