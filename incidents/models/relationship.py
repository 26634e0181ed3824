"""How incidents hang together, short of being the same one."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid


class IncidentRelationship(Creatable):
    """A tie between two incidents (incident.io API, Incident Relationships V1). One pair has one tie.

    `related` holds both ways. Otherwise the incident is caused by the other one, or the other is its parent.
    """

    class Kind(models.TextChoices):
        RELATED = "related", "Related to"
        CAUSED_BY = "caused_by", "Caused by"
        PARENT = "parent", "Part of"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RELATED)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="relationships", db_index=False
    )
    other_incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="relationships_of_others", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="incident_relationship_one_creator"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["related", "caused_by", "parent"]),
                name="incident_relationship_kind_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(incident=models.F("other_incident")),
                name="incident_relationship_of_two",
            ),
            models.UniqueConstraint(
                Least("incident", "other_incident"),
                Greatest("incident", "other_incident"),
                name="incident_relationship_once",
            ),
        ]
        indexes = [
            models.Index("incident", "id", name="incident_relationship_from"),
            models.Index("other_incident", "id", name="incident_relationship_to"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.other_incident_id}"
