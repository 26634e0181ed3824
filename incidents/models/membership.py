"""Who may see a private incident."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class IncidentMembership(models.Model):
    """A grant to see one private incident; the only one besides being an administrator."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="memberships", db_index=False
    )
    user = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="incident_membership_once"),
        ]
        indexes = [
            models.Index("user", models.F("incident").desc(), name="incident_membership_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.incident_id}"
