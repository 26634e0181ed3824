"""What is known of two incidents that look like one: a judgement by people, or a resemblance that the check found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from incidents.models.incident import Incident
from incidents.models.incident_status import LOWEST_OPEN_RANK
from incidents.models.sources import Creatable, exactly_one_creator
from incidents.models.ulid import ULIDField, new_ulid

if TYPE_CHECKING:
    from incidents.models.actor import Actor
    from incidents.models.incident_queryset import IncidentQuerySet

PairT = TypeVar("PairT", bound=models.Model)
# How far somebody looks back over what is over.
RECENT_DAYS = 30


class PairQuerySet(models.QuerySet[PairT]):
    """Questions about pairs; a pair is there for whoever may see both of its incidents."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the pairs of which the actor may see both; where a report is the other side, the one incident."""
        if actor.sees_every_incident:
            return self.all()
        return self._within(Incident.objects.visible_to(actor))

    def about(self, incident_id: str) -> Self:
        """Keep the pairs of one incident, newest first."""
        return self.filter(Q(incident=incident_id) | Q(other_incident=incident_id)).order_by("-id")

    def to_merge(self, actor: Actor) -> Self:
        """Keep pairs of incidents that both count and are apart, and of which one at least is open or recent."""
        counted = Incident.objects.visible_to(actor).counted()
        timely = counted.recent(days=RECENT_DAYS).values("id")
        is_open = Q(incident__status_category_rank__gte=LOWEST_OPEN_RANK) | Q(
            other_incident__status_category_rank__gte=LOWEST_OPEN_RANK
        )
        recent = Exists(timely.filter(pk=OuterRef("other_incident")))
        return self._within(counted).filter(is_open | Q(recent), other_incident__isnull=False)

    def _within(self, incidents: IncidentQuerySet) -> Self:
        """Keep pairs of which both sides are among the incidents."""
        other = Exists(incidents.filter(pk=OuterRef("other_incident")))
        return self.filter(
            Exists(incidents.filter(pk=OuterRef("incident"))), Q(other_incident__isnull=True) | Q(other)
        )


class SimilarityVerdict(Creatable):
    """What people say of two incidents: one verdict a pair, the latest; history keeps the ones before.

    `incident` is the older of the two: ids carry the time. Where somebody added a report instead of declaring, there
    is no second incident, and the report holds what it would have said. Score, level and reasons are those of the
    duplicate check at that moment; no score means that it could not be asked.
    """

    class Verdict(models.TextChoices):
        SAME = "same", "Same incident"
        RELATED = "related", "Related"
        DIFFERENT = "different", "Not related"
        UNSURE = "unsure", "Not sure"

    class Source(models.TextChoices):
        PAGE = "page", "Asked on a page"
        DECLARE = "declare", "Report added while declaring"
        SEPARATION = "separation", "Declared separately"
        MERGE = "merge", "Merged"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    other_incident = models.ForeignKey(
        "incidents.Incident", models.PROTECT, null=True, related_name="+", db_index=False
    )
    report = models.OneToOneField("incidents.IncidentUpdate", models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    source = models.CharField(max_length=10, choices=Source)
    score = models.PositiveSmallIntegerField(null=True)
    level = models.CharField(max_length=10, blank=True)
    reasons = models.JSONField(default=list)
    weights_version = models.PositiveSmallIntegerField()
    judged_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PairQuerySet["SimilarityVerdict"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_creator(), name="verdict_one_creator"),
            models.CheckConstraint(
                condition=Q(verdict__in=["same", "related", "different", "unsure"]), name="verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(other_incident__isnull=False, report__isnull=True)
                | Q(other_incident__isnull=True, report__isnull=False),
                name="verdict_of_two",
            ),
            models.CheckConstraint(
                condition=Q(other_incident__isnull=True) | Q(incident__lt=models.F("other_incident")),
                name="verdict_older_first",
            ),
            models.UniqueConstraint(fields=["incident", "other_incident"], name="verdict_once"),
        ]
        indexes = [
            models.Index("other_incident", name="verdict_other"),
            models.Index(models.F("judged_at").desc(), name="verdict_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.verdict} {self.other_incident_id or self.report_id}"


class DuplicateCandidate(models.Model):
    """Two incidents of which the duplicate check would warn, and which nobody was asked about when they were made."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    other_incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    score = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    weights_version = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PairQuerySet["DuplicateCandidate"].as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__lt=models.F("other_incident")), name="candidate_older_first"
            ),
            models.UniqueConstraint(fields=["incident", "other_incident"], name="candidate_once"),
        ]
        indexes = [models.Index("other_incident", name="candidate_other")]

    def __str__(self) -> str:
        return f"{self.incident_id} like {self.other_incident_id}"
