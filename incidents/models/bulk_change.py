"""Changes of many incidents at once: what was wanted, and what became of each incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.ulid import ULIDField, is_ulid, new_ulid

if TYPE_CHECKING:
    from incidents.models.actor import Actor

MOST_INCIDENTS = 1_000
"""How many incidents are changed at once."""
LABEL_LENGTH = 200
QUERY_LENGTH = 8_000


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    """Questions about bulk changes."""

    def visible_to(self, actor: Actor) -> BulkChangeQuerySet:
        """Keep the actor's own and what undoes one of those; administrators see everybody's."""
        if actor.can_configure:
            return self.all()
        if actor.user_id is None:
            return self.none()
        own = models.Q(creator_user_id=actor.user_id)
        return self.filter(own | models.Q(undoes__creator_user_id=actor.user_id))

    def named(self, bulk_change_id: str) -> BulkChangeQuerySet:
        """Keep the one that an address names; nothing for a text that is no id."""
        return self.filter(pk=bulk_change_id.upper()) if is_ulid(bulk_change_id.upper()) else self.none()


class BulkChange(models.Model):
    """One property of many incidents that somebody sets to one value, incident by incident.

    `values` are what a service takes: the id of a status, a severity, a person or an option, or the text of a custom
    field; none empties the property. `label` is how people read them. `query` is the one of the list whose incidents
    were all meant, "" where they were ticked. `form_token` makes a form that is sent twice one change. `undoes` names
    the change whose incidents get back what they had: then the rows say the values.
    """

    class Kind(models.TextChoices):
        STATUS = "status", "Status"
        SEVERITY = "severity", "Severity"
        LEAD = "lead", "Lead"
        CUSTOM_FIELD = "custom_field", "Custom field"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    # As the history keeps rows of configuration: the id, and the name as it was.
    custom_field = models.JSONField(null=True)
    values = models.JSONField(default=list)
    label = models.CharField(max_length=LABEL_LENGTH)
    message = models.TextField(max_length=text.MESSAGE_LENGTH, blank=True)
    query = models.TextField(max_length=QUERY_LENGTH, blank=True)
    form_token = models.CharField(max_length=26, default=new_ulid)
    incident_count = models.PositiveIntegerField(default=0)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone_by")
    creator_user = models.ForeignKey("incidents.User", models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["creator_user", "form_token"], name="bulk_change_form_unique"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["status", "severity", "lead", "custom_field"]),
                name="bulk_change_kind_known",
            ),
        ]
        indexes = [
            models.Index("creator_user", models.F("id").desc(), name="bulk_change_newest"),
            models.Index("id", condition=models.Q(finished_at__isnull=True), name="bulk_change_unfinished"),
        ]

    def __str__(self) -> str:
        return f"Undo of {self.property_name} to {self.label}" if self.undoes_id else self.title

    def get_absolute_url(self) -> str:
        """Return the path of the report."""
        return f"/incidents/bulk/{self.pk}/"

    @property
    def property_name(self) -> str:
        """What is changed, as people call it."""
        return self.custom_field["name"] if self.custom_field else str(self.get_kind_display())

    @property
    def title(self) -> str:
        """What is changed, and to what."""
        return f"{self.property_name} to {self.label}"


class BulkChangeRow(models.Model):
    """One incident of a bulk change. `before` are its values until then, `reason` says why it was refused.

    `incident_event` is the entry of the history that tells the change. In an undo, `undone_row` is the row whose
    `before` the incident gets back.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Already so"
        REFUSED = "refused", "Refused"
        UNDONE = "undone", "Undone"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    bulk_change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=list)
    before_label = models.CharField(max_length=LABEL_LENGTH, blank=True)
    incident_event = models.ForeignKey(
        "incidents.IncidentEvent", models.PROTECT, null=True, related_name="+", db_index=False
    )
    undone_row = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone_by")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["bulk_change", "incident"], name="bulk_change_row_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["waiting", "changed", "unchanged", "refused", "undone"]),
                name="bulk_change_outcome_known",
            ),
        ]
        indexes = [models.Index("bulk_change", "outcome", "number", name="bulk_change_row_outcome")]

    def __str__(self) -> str:
        return f"row {self.number}"
