"""Incident roles, and who has which on an incident."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class IncidentRole(models.Model):
    """A part that a person plays in an incident (incident.io API, Incident Roles V2)."""

    class RoleType(models.TextChoices):
        LEAD = "lead", "Lead"
        REPORTER = "reporter", "Reporter"
        CUSTOM = "custom", "Custom"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    description = models.TextField(max_length=1000)
    instructions = models.TextField(max_length=5000, blank=True)
    shortform = models.CharField(max_length=20, blank=True)
    role_type = models.CharField(max_length=10, choices=RoleType, default=RoleType.CUSTOM)
    required = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["role_type"],
                condition=models.Q(role_type__in=["lead", "reporter"]),
                name="incident_role_one_lead_one_reporter",
            ),
            models.CheckConstraint(
                condition=models.Q(role_type__in=["lead", "reporter", "custom"]),
                name="incident_role_type_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IncidentRoleAssignment(models.Model):
    """Who has a role on an incident; no row where nobody has."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="role_assignments", db_index=False
    )
    incident_role = models.ForeignKey(IncidentRole, models.PROTECT, related_name="+", db_index=False)
    assignee = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "incident_role"], name="role_assignment_one_per_role"
            ),
        ]
        indexes = [
            models.Index(
                "assignee", "incident_role", models.F("incident").desc(), name="role_assignment_person"
            ),
            models.Index("incident_role", models.F("incident").desc(), name="role_assignment_role"),
        ]

    def __str__(self) -> str:
        return f"{self.assignee_id} as {self.incident_role_id}"
