"""What creates incidents besides people and API keys, and the columns that name a creator."""

from __future__ import annotations

from django.db import models

from incidents.models.alert import Alert
from incidents.models.ulid import ULIDField, new_ulid


class Workflow(models.Model):
    """A rule that acts by itself."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


CREATORS = ("creator_user", "creator_api_key", "creator_alert", "creator_workflow")


def exactly_one_creator() -> models.Q:
    """Return the condition that one and only one of the four creators is named."""
    condition = models.Q()
    for named in CREATORS:
        others = {f"{other}__isnull": True for other in CREATORS if other != named}
        condition |= models.Q(**{f"{named}__isnull": False}, **others)
    return condition


class Creatable(models.Model):
    """A row that names who made it: exactly one of user, API key, alert and workflow (ActorV2 on the wire)."""

    creator_user = models.ForeignKey(
        "incidents.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    creator_api_key = models.ForeignKey(
        "incidents.ApiKey",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    creator_alert = models.ForeignKey(
        Alert, models.PROTECT, null=True, blank=True, editable=False, related_name="+", db_index=False
    )
    creator_workflow = models.ForeignKey(
        Workflow, models.PROTECT, null=True, blank=True, editable=False, related_name="+", db_index=False
    )

    class Meta:
        abstract = True

    @property
    def creator(self) -> models.Model:
        """The user, API key, alert or workflow; one query unless it was selected along."""
        creator = self.creator_user or self.creator_api_key or self.creator_alert or self.creator_workflow
        assert creator is not None  # noqa: S101 - the database's CHECK
        return creator
