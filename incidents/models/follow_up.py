"""Follow-ups: what has to be done once an incident is over."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.action import TaskStatus
from incidents.models.attachments import ExternalIssueReference
from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.task_queryset import TaskQuerySet
from incidents.models.ulid import ULIDField, new_ulid

TITLE_LENGTH = 500
LABEL_LENGTH = 50
MOST_LABELS = 20


class FollowUpPriority(models.Model):
    """How soon a follow-up should be done; a higher rank is more urgent."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    description = models.TextField(max_length=1000, blank=True)
    rank = models.PositiveSmallIntegerField(help_text="A higher rank is more urgent.")

    class Meta:
        ordering = ["-rank", "id"]
        verbose_name_plural = "follow-up priorities"

    def __str__(self) -> str:
        return self.name


class FollowUpQuerySet(TaskQuerySet["FollowUp"]):
    """Questions about follow-ups."""

    def for_api(self) -> Self:
        """As for actions, with priority and team."""
        return super().for_api().select_related("assignee_team", "priority")


class FollowUp(Creatable):
    """Something to do after an incident (incident.io API, Follow-ups V2)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, related_name="follow_ups", db_index=False
    )
    title = models.CharField(max_length=TITLE_LENGTH)
    description = models.TextField(max_length=text.MESSAGE_LENGTH, blank=True)
    status = models.CharField(max_length=15, choices=TaskStatus, default=TaskStatus.OUTSTANDING)
    priority = models.ForeignKey(FollowUpPriority, models.PROTECT, null=True, blank=True, related_name="+")
    labels = models.JSONField(default=list, blank=True)
    assignee = models.ForeignKey(
        "incidents.User", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    assignee_team = models.ForeignKey(
        "incidents.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    issue_provider = models.CharField(max_length=20, choices=ExternalIssueReference.Provider, blank=True)
    issue_name = models.CharField(max_length=200, blank=True)
    issue_permalink = models.CharField(max_length=text.URL_LENGTH, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[FollowUpQuerySet] = FollowUpQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["id"]
        verbose_name = "follow-up"
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="follow_up_one_creator"),
            models.CheckConstraint(
                condition=models.Q(status__in=TaskStatus.values), name="follow_up_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="completed", completed_at__isnull=False)
                | (~models.Q(status="completed") & models.Q(completed_at__isnull=True)),
                name="follow_up_completed_iff_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(issue_provider="", issue_name="", issue_permalink="")
                | (~models.Q(issue_provider="") & ~models.Q(issue_name="") & ~models.Q(issue_permalink="")),
                name="follow_up_issue_whole_or_none",
            ),
        ]
        indexes = [
            models.Index("incident", "id", name="follow_up_of_incident"),
            models.Index("assignee", "status", "id", name="follow_up_assignee"),
            # What was changed since somebody asked last (V3 of the API).
            models.Index("updated_at", name="follow_up_updated"),
        ]

    def __str__(self) -> str:
        return self.title
