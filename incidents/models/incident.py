"""The incident: what is stored, and the rules that one row can judge alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.incident_queryset import IncidentQuerySet
from incidents.models.incident_status import (
    CATEGORY_RANKS,
    HIGHEST_DROPPED_RANK,
    LOWEST_OPEN_RANK,
    OPEN_CATEGORIES,
    StatusCategory,
)
from incidents.models.severity import NO_SEVERITY_RANK
from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid

REFERENCE_PREFIX = "INC-"


class Incident(Creatable):
    """An incident, with the fields and the words of the incident.io API (Incidents V2).

    Rows are written by the services alone, which keep `status_category`, `severity_rank` and `version` right, and
    never deleted: an incident is declined, canceled or merged.
    """

    class Mode(models.TextChoices):
        STANDARD = "standard", "Standard"
        RETROSPECTIVE = "retrospective", "Retrospective"
        TEST = "test", "Test"
        TUTORIAL = "tutorial", "Tutorial"

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Everyone"
        PRIVATE = "private", "Members only"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    number = models.PositiveBigIntegerField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    name = models.CharField(max_length=text.NAME_LENGTH)
    summary = models.TextField(max_length=text.SUMMARY_LENGTH, blank=True)
    mode = models.CharField(max_length=15, choices=Mode, default=Mode.STANDARD)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)

    incident_status = models.ForeignKey(
        "incidents.IncidentStatus", models.PROTECT, related_name="+", db_index=False
    )
    severity = models.ForeignKey(
        "incidents.Severity", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    incident_type = models.ForeignKey(
        "incidents.IncidentType", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    merged_into_incident = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_incidents",
        db_index=False,
    )
    teams = models.ManyToManyField("incidents.Team", blank=True, related_name="+")

    # Copies that lists filter and sort by; the services keep them, `manage.py check_incidents` verifies them.
    status_category = models.CharField(max_length=10, choices=StatusCategory, editable=False)
    severity_rank = models.SmallIntegerField(default=NO_SEVERITY_RANK, editable=False)
    status_category_rank = models.GeneratedField(
        expression=models.Case(
            *(models.When(status_category=category, then=rank) for category, rank in CATEGORY_RANKS.items()),
            default=-1,
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    last_activity_at = models.DateTimeField(default=timezone.now, editable=False)

    call_url = models.CharField(max_length=text.URL_LENGTH, blank=True)
    postmortem_document_url = models.CharField(max_length=text.URL_LENGTH, blank=True)
    slack_team_id = models.CharField(max_length=50, blank=True)
    slack_channel_id = models.CharField(max_length=50, blank=True)
    slack_channel_name = models.CharField(max_length=100, blank=True)
    slack_channel_url = models.CharField(max_length=text.URL_LENGTH, blank=True)
    ms_teams_channel_url = models.CharField(max_length=text.URL_LENGTH, blank=True)
    workload_minutes_working = models.PositiveIntegerField(null=True, blank=True)
    workload_minutes_late = models.PositiveIntegerField(null=True, blank=True)
    workload_minutes_sleeping = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[IncidentQuerySet] = IncidentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="incident_one_creator"),
            models.CheckConstraint(
                condition=models.Q(mode__in=["standard", "retrospective", "test", "tutorial"]),
                name="incident_mode_known",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=["public", "private"]), name="incident_visibility_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status_category__in=StatusCategory.values),
                name="incident_status_category_valid",
            ),
            models.CheckConstraint(
                condition=models.Q(severity__isnull=True, severity_rank=NO_SEVERITY_RANK)
                | models.Q(severity__isnull=False, severity_rank__gte=0),
                name="incident_severity_rank_iff_severity",
            ),
            models.CheckConstraint(
                condition=models.Q(status_category="merged", merged_into_incident__isnull=False)
                | (~models.Q(status_category="merged") & models.Q(merged_into_incident__isnull=True)),
                name="incident_merged_iff_survivor",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into_incident=models.F("id")),
                name="incident_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="incident_has_name"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="incident_number_positive"),
        ]
        indexes = [
            # Visibility and mode are in these two, so that the incidents somebody sees are counted from the index.
            models.Index(
                models.F("status_category_rank").desc(),
                models.F("severity_rank").desc(),
                models.F("id").desc(),
                "visibility",
                "mode",
                name="incident_grouped",
            ),
            models.Index(models.F("id").desc(), "visibility", "mode", name="incident_counted"),
            models.Index(
                models.F("severity_rank").desc(), models.F("id").desc(), name="incident_severity_rank"
            ),
            models.Index(models.F("updated_at").desc(), models.F("id").desc(), name="incident_updated"),
            models.Index("incident_status", models.F("id").desc(), name="incident_status"),
            models.Index("incident_type", models.F("id").desc(), name="incident_type"),
            models.Index("creator_user", models.F("id").desc(), name="incident_creator_user"),
            models.Index(
                models.F("severity_rank").desc(),
                models.F("id").desc(),
                condition=models.Q(status_category_rank__gte=LOWEST_OPEN_RANK),
                name="incident_open_severity",
            ),
            models.Index(
                models.F("id").desc(),
                condition=models.Q(status_category_rank__gte=LOWEST_OPEN_RANK),
                name="incident_open_newest",
            ),
            models.Index(
                models.F("id").desc(),
                condition=models.Q(status_category_rank__lte=HIGHEST_DROPPED_RANK),
                name="incident_dropped_newest",
            ),
            models.Index(
                "mode",
                models.F("id").desc(),
                condition=~models.Q(mode="standard"),
                name="incident_unusual_mode",
            ),
            models.Index(
                models.F("id").desc(),
                condition=models.Q(visibility="private"),
                name="incident_private_newest",
            ),
            models.Index(
                "merged_into_incident",
                condition=models.Q(merged_into_incident__isnull=False),
                name="incident_merged_into",
            ),
            models.Index(
                models.F("id").desc(),
                condition=models.Q(merged_into_incident__isnull=False),
                name="incident_merged_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def reference(self) -> str:
        """The name people use: INC-123."""
        return f"{REFERENCE_PREFIX}{self.number}"

    def get_absolute_url(self) -> str:
        """Return the path of the incident's page."""
        return f"/incidents/{self.reference}/"

    @property
    def is_private(self) -> bool:
        """Whether only members and administrators see it."""
        return self.visibility == self.Visibility.PRIVATE

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.status_category in OPEN_CATEGORIES

    @property
    def workload_minutes_total(self) -> int | None:
        """The sum of the three kinds of workload, or None while none is known."""
        known = [
            minutes
            for minutes in (
                self.workload_minutes_working,
                self.workload_minutes_late,
                self.workload_minutes_sleeping,
            )
            if minutes is not None
        ]
        return sum(known) if known else None


class IncidentSearchText(models.Model):
    """What the text search reads of an incident: its reference and name, summary and updates, a part to a line.

    Beside it lies the index of its words: a column on PostgreSQL, a table of FTS5 on SQLite (models/search_index.py).
    """

    incident = models.OneToOneField(Incident, models.PROTECT, primary_key=True, related_name="search_text")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:80]


class ReferenceCounter(models.Model):
    """The last number given to an incident; the row that makes INC-n gapless.

    It is locked by every creation anyway, so it also counts what a list without filters holds: the incidents in the
    default modes, by visibility. `skipped` counts the numbers that imports left out.
    """

    name = models.CharField(max_length=20, primary_key=True)
    last_number = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    listed_public = models.PositiveBigIntegerField(default=0)
    listed_private = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last_number}"
