"""Incident updates: what people tell each other, with the status and severity that came with it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.idempotency_key import KEY_LENGTH
from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid


class IncidentUpdate(Creatable):
    """One update (incident.io API, Incident Updates V2); the creator is the `updater` on the wire."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="updates", db_index=False)
    message = models.TextField(max_length=text.MESSAGE_LENGTH, blank=True)
    new_incident_status = models.ForeignKey(
        "incidents.IncidentStatus", models.PROTECT, related_name="+", db_index=False
    )
    new_severity = models.ForeignKey(
        "incidents.Severity", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    merged_into_incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_report = models.BooleanField(default=False, help_text="Somebody wanted to declare the same incident.")
    # Automation names each update it creates, so that one sent twice is recognised.
    idempotency_key = models.CharField(max_length=KEY_LENGTH, null=True, editable=False)  # noqa: DJ001 - unique
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="incident_update_one_creator"),
            models.UniqueConstraint(
                fields=["creator_api_key", "idempotency_key"], name="incident_update_idempotency_key"
            ),
        ]
        indexes = [models.Index("incident", models.F("id").desc(), name="incident_update_newest")]

    def __str__(self) -> str:
        return self.message[:80]
