"""What people began to declare: kept as they type, for a day, so that leaving the page loses nothing."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from incidents import text
from incidents.models.incident import Incident
from incidents.models.incident_conditions import DEFAULT_MODES
from incidents.models.ulid import ULIDField, is_ulid, new_ulid

if TYPE_CHECKING:
    from incidents.models.actor import Actor

TOKEN_LENGTH = 64
SUMMARY_START = 400
"""How much of a summary is compared: as much as of the summary of an incident."""
TOUCHED_WITHIN = datetime.timedelta(minutes=5)


class DeclareDraftQuerySet(models.QuerySet["DeclareDraft"]):
    """Questions about drafts."""

    def of(self, actor: Actor) -> Self:
        """Keep the actor's own: nobody else reads what a draft holds."""
        return self.none() if actor.user_id is None else self.filter(user_id=actor.user_id)

    def unfinished(self) -> Self:
        """Keep those with which somebody may go on."""
        return self.filter(finished_at__isnull=True, expires_at__gt=timezone.now()).exclude(
            name="", summary_start=""
        )

    def named(self, draft_id: str) -> Self:
        """Keep the one of this id; nothing for any text that is no id."""
        return self.filter(pk=draft_id.upper()) if is_ulid(draft_id.upper()) else self.none()

    def of_colleagues(self, actor: Actor) -> Self:
        """Keep what others are typing at this moment, as far as the actor may know of it.

        Private ones are for administrators alone, and tests and tutorials repeat each other on purpose.
        """
        touched = self.filter(updated_at__gte=timezone.now() - TOUCHED_WITHIN, mode__in=DEFAULT_MODES)
        others = touched.unfinished().filter(user__is_active=True).exclude(user_id=actor.user_id)
        return others if actor.sees_every_incident else others.filter(visibility="public")


class DeclareDraft(models.Model):
    """An incident that somebody has not declared yet, as far as it is typed; never one of the incidents.

    `values` holds what each control of the form held. The other columns are read from it for the comparison with
    drafts of others. A finished draft is emptied: it stays until it expires, so that a request which comes late does
    not bring it back.
    """

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    user = models.ForeignKey("incidents.User", models.CASCADE, related_name="+", db_index=False)
    form_token = models.CharField(max_length=TOKEN_LENGTH)
    values = models.JSONField(default=dict)
    name = models.CharField(max_length=text.NAME_LENGTH, blank=True)
    summary_start = models.CharField(max_length=SUMMARY_START, blank=True)
    known_values = models.JSONField(default=list)
    # No reference: a type may be removed while somebody types.
    incident_type_id = ULIDField(null=True)
    mode = models.CharField(max_length=20, choices=Incident.Mode, default=Incident.Mode.STANDARD)
    visibility = models.CharField(
        max_length=10, choices=Incident.Visibility, default=Incident.Visibility.PUBLIC
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = DeclareDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "form_token"], name="declare_draft_of_form"),
        ]
        indexes = [
            models.Index(models.F("updated_at").desc(), name="declare_draft_touched"),
            models.Index("user", models.F("updated_at").desc(), name="declare_draft_newest"),
            models.Index("expires_at", name="declare_draft_expiry"),
        ]

    def __str__(self) -> str:
        return self.name or self.summary_start
