"""Keys by which a repeated request is recognised as the one that was already answered."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from incidents.models.ulid import ULIDField, new_ulid

KEY_LENGTH = 255


class IdempotencyKey(models.Model):
    """One create request of one person or API key; its unique index decides between requests that race."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    user = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+", db_index=False)
    api_key = models.ForeignKey(
        "incidents.ApiKey", models.PROTECT, null=True, related_name="+", db_index=False
    )
    key = models.CharField(max_length=KEY_LENGTH)
    body_hash = models.CharField(max_length=64)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=models.Q(user__isnull=False), name="idempotency_key_of_user"
            ),
            models.UniqueConstraint(
                fields=["api_key", "key"],
                condition=models.Q(api_key__isnull=False),
                name="idempotency_key_of_api_key",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, api_key__isnull=True)
                | models.Q(user__isnull=True, api_key__isnull=False),
                name="idempotency_key_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.key
