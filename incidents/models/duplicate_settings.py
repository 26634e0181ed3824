"""How loud the duplicate check is, and what a likely duplicate does at each door."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents.models.api_key import ApiKey
from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid

LOWEST_WARN_AT = 30
"""A known difference, such as another region, keeps the score below this."""
HIGHEST_SCORE = 100


class DuplicateSettings(models.Model):
    """One row, part of the configuration; without it the defaults hold.

    A warning is a match of `warn_at` points or more. From `stop_at` on the form asks for a tick before it goes on.
    """

    class AdminPolicy(models.TextChoices):
        WARN = "warn", "Ask for a tick"
        OFF = "off", "Do not check"

    class ImportPolicy(models.TextChoices):
        REPORT = "report", "Import, and list what looks alike"
        SKIP = "skip", "Leave out what is there already"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    warn_at = models.PositiveSmallIntegerField(default=50)
    stop_at = models.PositiveSmallIntegerField(default=50)
    admin_policy = models.CharField(max_length=10, choices=AdminPolicy, default=AdminPolicy.WARN)
    import_policy = models.CharField(max_length=10, choices=ImportPolicy, default=ImportPolicy.REPORT)
    alert_policy = models.CharField(
        max_length=10, choices=ApiKey.SimilarPolicy, default=ApiKey.SimilarPolicy.ATTACH
    )
    api_key_policy = models.CharField(
        max_length=10, choices=ApiKey.SimilarPolicy, default=ApiKey.SimilarPolicy.WARN
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="duplicate_settings_one_row"),
            models.CheckConstraint(
                condition=models.Q(
                    warn_at__gte=LOWEST_WARN_AT,
                    stop_at__gte=models.F("warn_at"),
                    stop_at__lte=HIGHEST_SCORE,
                ),
                name="duplicate_settings_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"warn from {self.warn_at}, stop from {self.stop_at}"


class DuplicateSettingsChange(Creatable):
    """Who changed the settings of the duplicate check, and what: `{"warn_at": [50, 60]}`. Never edited."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    changes = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="duplicate_change_one_creator"),
        ]

    def __str__(self) -> str:
        changed = (field for field in DuplicateSettings._meta.fields if field.name in self.changes)
        return ", ".join(
            "{} {} → {}".format(field.verbose_name, *self.changes[field.name]) for field in changed
        )
