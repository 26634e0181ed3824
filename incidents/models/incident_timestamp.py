"""Incident timestamps, duration metrics, and their values on an incident."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class IncidentTimestamp(models.Model):
    """A moment that matters in an incident (incident.io API, Incident Timestamps V2)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    rank = models.PositiveSmallIntegerField(help_text="Order on the page.")
    set_at_creation = models.BooleanField(default=False, help_text="Set when the incident is declared.")
    set_by_statuses = models.ManyToManyField(
        "incidents.IncidentStatus",
        blank=True,
        related_name="+",
        help_text="Set when the incident first enters one of these; kept if it was set before.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.name


class IncidentTimestampValue(models.Model):
    """When a moment came; no row while it has not."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="timestamp_values", db_index=False
    )
    incident_timestamp = models.ForeignKey(
        IncidentTimestamp, models.PROTECT, related_name="+", db_index=False
    )
    value = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "incident_timestamp"], name="incident_timestamp_value_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_timestamp_id} at {self.value:%Y-%m-%d %H:%M:%S}"


class DurationMetric(models.Model):
    """The time between two timestamps."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    from_timestamp = models.ForeignKey(IncidentTimestamp, models.PROTECT, related_name="+")
    to_timestamp = models.ForeignKey(IncidentTimestamp, models.PROTECT, related_name="+")
    is_headline = models.BooleanField(default=False, help_text="The one that lists show as “Lasted”.")
    rank = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_timestamp=models.F("to_timestamp")),
                name="duration_metric_two_timestamps",
            ),
            models.UniqueConstraint(
                fields=["is_headline"],
                condition=models.Q(is_headline=True),
                name="duration_metric_one_headline",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IncidentDurationMetric(models.Model):
    """A duration metric of one incident, in whole seconds, with the reason where it has no value."""

    class Status(models.TextChoices):
        SUCCESS = "success", "Measured"
        TIMESTAMPS_MISSING = "timestamps_missing", "A timestamp is missing"
        CALCULATING = "calculating", "Running"
        INVALID_TIMESTAMPS = "invalid_timestamps", "Ends before it starts"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="duration_metrics", db_index=False
    )
    duration_metric = models.ForeignKey(DurationMetric, models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(max_length=20, choices=Status)
    value_seconds = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "duration_metric"], name="incident_duration_metric_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status="success", value_seconds__gte=0)
                | (~models.Q(status="success") & models.Q(value_seconds__isnull=True)),
                name="incident_duration_metric_value_iff_success",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["success", "timestamps_missing", "calculating", "invalid_timestamps"]
                ),
                name="incident_duration_metric_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duration_metric_id}: {self.status}"
