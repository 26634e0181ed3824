"""What monitoring systems report, where it comes from, and the incidents it belongs to."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.ulid import ULIDField, is_ulid, new_ulid

KEY_LENGTH = 500


class AlertSourceQuerySet(models.QuerySet["AlertSource"]):
    """Questions about alert sources."""

    def named(self, reference: str) -> AlertSourceQuerySet:
        """Keep the one that an address names by id or slug."""
        if is_ulid(reference.upper()):
            return self.filter(pk=reference.upper())
        return self.filter(slug=reference)


class AlertSource(models.Model):
    """A monitoring system that sends alerts, with what its alerts do (incident.io API, `alert_source_config_id`)."""

    class Policy(models.TextChoices):
        ATTACH = "attach", "Attach to the open incident that the alert repeats, else declare"
        WARN = "warn", "Always declare"
        REFUSE = "refuse", "Declare only where no open incident is like it"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    policy = models.CharField(
        max_length=10,
        choices=Policy,
        blank=True,
        help_text="What an alert does that looks like an open incident. Empty: what the settings of duplicates say.",
    )
    severity = models.ForeignKey(
        "incidents.Severity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="What its incidents begin with. Empty: the mildest one.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AlertSourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """Something a monitoring system reported; sent again with the same key, it is counted and stays one.

    `count` is how often it came as firing. `firing_id` changes with the event that begins to fire, the first one or
    one after it was resolved: whichever request wrote it decides what the alert belongs to.
    """

    class Status(models.TextChoices):
        FIRING = "firing", "Firing"
        RESOLVED = "resolved", "Resolved"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    source = models.ForeignKey(AlertSource, models.PROTECT, null=True, related_name="alerts", db_index=False)
    deduplication_key = models.CharField(max_length=KEY_LENGTH, blank=True)
    title = models.CharField(max_length=500)
    description = models.TextField(max_length=text.SUMMARY_LENGTH, blank=True)
    source_url = models.CharField(max_length=text.URL_LENGTH, blank=True)
    metadata = models.JSONField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.FIRING)
    count = models.PositiveIntegerField(default=1)
    firing_id = ULIDField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "deduplication_key"], name="alert_once_per_source"),
        ]

    def __str__(self) -> str:
        return self.title


class IncidentAlert(models.Model):
    """An alert that belongs to an incident (incident.io API, Incident Alerts V2): it began it, or repeats it."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="incident_alerts", db_index=False
    )
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="incident_alerts", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "incident"], name="incident_alert_once"),
        ]
        indexes = [models.Index("incident", models.F("id").desc(), name="incident_alert_newest")]

    def __str__(self) -> str:
        return f"{self.alert_id} in {self.incident_id}"
