"""Views of the list that people named and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from incidents.models.ulid import ULIDField, is_ulid, new_ulid

if TYPE_CHECKING:
    from incidents.models.actor import Actor

NAME_LENGTH = 60
QUERY_LENGTH = 4_000
MOST_OWN = 50
MOST_SHARED = 100


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Questions about saved views."""

    def visible_to(self, actor: Actor) -> SavedViewQuerySet:
        """Keep the actor's own and those that are shared; nobody sees what others keep for themselves."""
        shared = models.Q(is_shared=True)
        return self.filter(shared if actor.user_id is None else shared | models.Q(owner_id=actor.user_id))

    def named(self, view_id: str) -> SavedViewQuerySet:
        """Keep the one that an address names; nothing for a text that is no id."""
        return self.filter(pk=view_id.upper()) if is_ulid(view_id.upper()) else self.none()

    def own_first(self) -> SavedViewQuerySet:
        """Order a person's own before the shared ones, each by name."""
        return self.order_by("is_shared", "name_key", "id")


class SavedView(models.Model):
    """A list under a name: filters, columns, order and groups, as the query of its address.

    The name of a shared view is for everybody; what it finds is for each who looks what they may see.
    """

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    owner = models.ForeignKey("incidents.User", models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=NAME_LENGTH)
    # The name as it is compared: the same on every database.
    name_key = models.CharField(max_length=4 * NAME_LENGTH, editable=False)
    query = models.TextField(max_length=QUERY_LENGTH)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name_key"],
                condition=models.Q(is_shared=False),
                name="saved_view_own_name_unique",
            ),
            models.UniqueConstraint(
                fields=["name_key"],
                condition=models.Q(is_shared=True),
                name="saved_view_shared_name_uniq",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, actor: Actor) -> bool:
        """Say whether it is the actor's own, or shared and the actor an administrator."""
        return self.owner_id == actor.user_id or (self.is_shared and actor.can_configure)
