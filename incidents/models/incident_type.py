"""Incident types."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class IncidentType(models.Model):
    """A kind of incident with rules of its own (incident.io API, Incident Types V1)."""

    class CreateInTriage(models.TextChoices):
        ALWAYS = "always", "Always in triage"
        OPTIONAL = "optional", "The reporter chooses"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    description = models.TextField(max_length=1000, blank=True)
    is_default = models.BooleanField(default=False)
    private_incidents_only = models.BooleanField(default=False)
    create_in_triage = models.CharField(
        max_length=10, choices=CreateInTriage, default=CreateInTriage.OPTIONAL
    )
    owning_teams = models.ManyToManyField("incidents.Team", blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="incident_type_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(create_in_triage__in=["always", "optional"]),
                name="incident_type_create_in_triage_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
