"""Incident statuses, and the categories that give them meaning."""

from __future__ import annotations

from django.db import models

from incidents.models.ulid import ULIDField, new_ulid


class StatusCategory(models.TextChoices):
    """The eight categories of the incident.io API, in the order an incident passes them."""

    TRIAGE = "triage", "Triage"
    LIVE = "live", "Active"
    PAUSED = "paused", "Paused"
    LEARNING = "learning", "Post-incident"
    CLOSED = "closed", "Closed"
    DECLINED = "declined", "Declined"
    CANCELED = "canceled", "Canceled"
    MERGED = "merged", "Merged"


# Somebody still has to act on these. The list's default view shows them; partial indexes are built on their ranks.
OPEN_CATEGORIES = (StatusCategory.TRIAGE, StatusCategory.LIVE, StatusCategory.PAUSED)
# A higher rank is more urgent, as with severities, so that lists sort by both in one direction.
CATEGORY_RANKS = {category: len(StatusCategory) - place for place, category in enumerate(StatusCategory, 1)}
# Declined, canceled and merged: what has ended without being worked on to its end.
HIGHEST_DROPPED_RANK = CATEGORY_RANKS[StatusCategory.DECLINED]
LOWEST_OPEN_RANK = min(CATEGORY_RANKS[category] for category in OPEN_CATEGORIES)


class IncidentStatus(models.Model):
    """A step in the life of an incident (incident.io API, Incident Statuses V1)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=50, unique=True)
    slug = models.CharField(max_length=80, unique=True, editable=False)
    description = models.TextField(max_length=1000, blank=True)
    category = models.CharField(max_length=10, choices=StatusCategory)
    rank = models.PositiveSmallIntegerField(help_text="Order within the category.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank", "id"]
        verbose_name_plural = "incident statuses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(category__in=StatusCategory.values), name="incident_status_category_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act on incidents in this status."""
        return self.category in OPEN_CATEGORIES
