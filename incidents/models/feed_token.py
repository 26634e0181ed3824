"""The secret in the address of a person's feeds."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents.models.api_key import hash_token


class FeedTokenQuerySet(models.QuerySet["FeedToken"]):
    """Questions about feed tokens."""

    def of_token(self, token: str) -> FeedTokenQuerySet:
        """Keep the one whose token this is, with its person, as long as they may sign in; one query."""
        return self.filter(token_hash=hash_token(token), user__is_active=True).select_related("user")


class FeedToken(models.Model):
    """Lets calendars and feed readers, which cannot log in, read public incidents in a person's name.

    One for each person. Only a hash of the token is kept: it is shown once, and renewed where it got lost.
    """

    user = models.OneToOneField("incidents.User", models.CASCADE, primary_key=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FeedTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Feed token of {self.user_id}"
