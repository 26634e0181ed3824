"""What the duplicate check finds candidates by."""

from __future__ import annotations

from django.db import models


class IncidentToken(models.Model):
    """A word of an incident that is open or recent, with its weight in it."""

    pk = models.CompositePrimaryKey("token", "incident")
    token = models.CharField(max_length=80)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+")
    weight = models.FloatField()

    def __str__(self) -> str:
        return f"{self.token} of {self.incident_id}"
