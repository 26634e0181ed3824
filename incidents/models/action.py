"""Actions: what has to be done while an incident lasts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.task_queryset import TaskQuerySet
from incidents.models.ulid import ULIDField, new_ulid


class TaskStatus(models.TextChoices):
    """How far an action or a follow-up is (incident.io API, Actions V2). One that is deleted is kept, and not listed."""

    OUTSTANDING = "outstanding", "Outstanding"
    COMPLETED = "completed", "Completed"
    NOT_DOING = "not_doing", "Not doing"
    DELETED = "deleted", "Deleted"


class Action(Creatable):
    """Something to do during an incident (incident.io API, Actions V2)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="actions", db_index=False)
    description = models.TextField(max_length=text.MESSAGE_LENGTH)
    status = models.CharField(max_length=15, choices=TaskStatus, default=TaskStatus.OUTSTANDING)
    assignee = models.ForeignKey(
        "incidents.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[TaskQuerySet[Action]] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="action_one_creator"),
            models.CheckConstraint(
                condition=models.Q(status__in=TaskStatus.values), name="action_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="completed", completed_at__isnull=False)
                | (~models.Q(status="completed") & models.Q(completed_at__isnull=True)),
                name="action_completed_iff_moment",
            ),
        ]
        indexes = [
            models.Index("incident", "id", name="action_of_incident"),
            models.Index("assignee", "status", "id", name="action_assignee"),
            # What was changed since somebody asked last (V3 of the API).
            models.Index("updated_at", name="action_updated"),
        ]

    def __str__(self) -> str:
        return self.description.partition("\n")[0][:80]
