"""Changes the settings of the duplicate check, and remembers who changed what."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from incidents.models import Actor, ApiKey, DuplicateSettings, DuplicateSettingsChange
from incidents.models.duplicate_settings import HIGHEST_SCORE, LOWEST_WARN_AT
from incidents.services.configuration import touch_configuration
from incidents.services.errors import Problems, require_administrator

_POLICIES: Mapping[str, type[models.TextChoices]] = {
    "admin_policy": DuplicateSettings.AdminPolicy,
    "import_policy": DuplicateSettings.ImportPolicy,
    "alert_policy": ApiKey.SimilarPolicy,
    "api_key_policy": ApiKey.SimilarPolicy,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSettingsEdit:
    """The settings that somebody wants; what is None stays as it is."""

    warn_at: int | None = None
    stop_at: int | None = None
    admin_policy: str | None = None
    import_policy: str | None = None
    alert_policy: str | None = None
    api_key_policy: str | None = None


def edit_duplicate_settings(edit: DuplicateSettingsEdit, actor: Actor) -> DuplicateSettings:
    """Store the settings, and note what changed if anything did.

    Raises:
        PermissionDenied: the actor is no administrator.
        ValidationError: by the names of the columns, with everything that is wrong.
    """
    require_administrator(actor)
    wanted = {name: value for name, value in dataclasses.asdict(edit).items() if value is not None}
    with transaction.atomic():
        # First, because its row is a lock: changes of the configuration wait for each other.
        touch_configuration()
        stored = DuplicateSettings.objects.first() or DuplicateSettings()
        _require_valid(
            wanted,
            warn_at=wanted.get("warn_at", stored.warn_at),
            stop_at=wanted.get("stop_at", stored.stop_at),
        )
        changes = {
            name: [getattr(stored, name), value]
            for name, value in wanted.items()
            if getattr(stored, name) != value
        }
        for name, value in wanted.items():
            setattr(stored, name, value)
        stored.save()
        if changes:
            DuplicateSettingsChange.objects.create(changes=changes, **actor.creator_columns)
    return stored


def _require_valid(wanted: dict[str, Any], *, warn_at: int, stop_at: int) -> None:
    problems = Problems()
    if not LOWEST_WARN_AT <= warn_at <= HIGHEST_SCORE:
        message = f"Warn from {LOWEST_WARN_AT} to {HIGHEST_SCORE} points: below, a difference is known."
        problems.add("warn_at", message, "out_of_range")
    elif not warn_at <= stop_at <= HIGHEST_SCORE:
        message = (
            f"Ask for a tick from {warn_at} to {HIGHEST_SCORE} points: nobody is asked without a warning."
        )
        problems.add("stop_at", message, "out_of_range")
    for name, choices in _POLICIES.items():
        if name in wanted and wanted[name] not in choices.values:
            problems.add(name, f"Choose one of {', '.join(choices.values)}.", "unknown")
    problems.raise_if_any()
