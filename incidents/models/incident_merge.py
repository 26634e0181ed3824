"""Merges: who made several incidents one, and what each of them was before."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid


class IncidentMerge(Creatable):
    """One merge of up to fifty incidents into another, as it was done; it stays when it is undone."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    survivor = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    note = models.TextField(blank=True)
    configuration_token = models.CharField(max_length=26)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="incident_merge_one_creator"),
        ]
        indexes = [models.Index("survivor", models.F("id").desc(), name="incident_merge_survivor")]

    def __str__(self) -> str:
        return f"{self.pk} into {self.survivor_id}"


class IncidentBeforeMerge(models.Model):
    """What an incident was before a merge changed it, and how the merge left it.

    `columns` and `rows` hold what an undo puts back, as text. An undo is exact while `version_after` and
    `updated_at_after` still hold: every write of an incident changes one of them.
    """

    class Part(models.TextChoices):
        SURVIVOR = "survivor", "Goes on"
        SOURCE = "source", "Merged"
        LED_ON = "led_on", "Merged into a source before"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    merge = models.ForeignKey(IncidentMerge, models.PROTECT, related_name="incidents", db_index=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=10, choices=Part)
    columns = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    version_before = models.PositiveIntegerField()
    version_after = models.PositiveIntegerField()
    updated_at_before = models.DateTimeField()
    updated_at_after = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["merge", "incident"], name="before_merge_once"),
            models.CheckConstraint(
                condition=models.Q(part__in=["survivor", "source", "led_on"]), name="before_merge_part_known"
            ),
        ]
        indexes = [models.Index("incident", models.F("id").desc(), name="before_merge_newest")]

    def __str__(self) -> str:
        return f"{self.incident_id} before {self.merge_id}"
