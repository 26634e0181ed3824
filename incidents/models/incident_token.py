"""What the duplicate check finds candidates by."""

from __future__ import annotations

from django.db import models


class IncidentToken(models.Model):
    """A token of an incident that is open or recent, with its weight in it, in 1/10,000.

    Written by the duplicate check alone, in the transaction that changes the incident. `is_private` is a copy: tokens
    of private incidents lie apart, so that they neither count nor take a place among those everybody may see.
    """

    pk = models.CompositePrimaryKey("incident", "token")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=80)
    is_private = models.BooleanField()
    weight = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            # The newest incidents of a token, with their weights, from the index alone.
            models.Index(
                "is_private", "token", models.F("incident").desc(), "weight", name="incident_token_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token} of {self.incident_id}"
