"""The append-only history of incidents."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid


class IncidentEvent(Creatable):
    """One thing that happened to an incident. Triggers on both databases refuse UPDATE, DELETE and TRUNCATE.

    `details` holds what is needed to tell it, as it was then: `{"from": …, "to": …}` with `id` and `name` of
    configuration, or the plain values of a field.
    """

    class Kind(models.TextChoices):
        DECLARED = "declared", "Declared"
        UPDATE_SHARED = "update_shared", "Update shared"
        REPORT_ADDED = "report_added", "Report added"
        STATUS_CHANGED = "status_changed", "Status changed"
        SEVERITY_CHANGED = "severity_changed", "Severity changed"
        TYPE_CHANGED = "type_changed", "Type changed"
        NAME_CHANGED = "name_changed", "Renamed"
        SUMMARY_CHANGED = "summary_changed", "Summary changed"
        VISIBILITY_CHANGED = "visibility_changed", "Visibility changed"
        ROLE_CHANGED = "role_changed", "Role changed"
        FIELD_CHANGED = "field_changed", "Field changed"
        TIMESTAMP_CHANGED = "timestamp_changed", "Timestamp changed"
        PROPERTY_CHANGED = "property_changed", "Property changed"
        MEMBER_ADDED = "member_added", "Member added"
        MEMBER_REMOVED = "member_removed", "Member removed"
        ACTION_ADDED = "action_added", "Action added"
        ACTION_CHANGED = "action_changed", "Action changed"
        FOLLOW_UP_ADDED = "follow_up_added", "Follow-up added"
        FOLLOW_UP_CHANGED = "follow_up_changed", "Follow-up changed"
        ATTACHMENT_ADDED = "attachment_added", "Attachment added"
        ATTACHMENT_REMOVED = "attachment_removed", "Attachment removed"
        RELATED = "related", "Related"
        UNRELATED = "unrelated", "Relation removed"
        VERDICT_GIVEN = "verdict_given", "Compared with another"
        DECLARED_SEPARATELY = "declared_separately", "Declared separately"
        ALERT_ATTACHED = "alert_attached", "Alert attached"
        MERGED = "merged", "Merged"
        MERGE_UNDONE = "merge_undone", "Merge undone"
        SPLIT_OFF = "split_off", "Split off"
        PRIVATE_VIEWED = "private_viewed", "Viewed by an administrator"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=30, choices=Kind)
    details = models.JSONField(default=dict)
    incident_update = models.ForeignKey(
        "incidents.IncidentUpdate", models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="incident_event_one_creator"),
        ]
        indexes = [models.Index("incident", models.F("id").desc(), name="incident_event_newest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id}"
