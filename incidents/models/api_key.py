"""API keys: the credentials of automation."""

from __future__ import annotations

import hashlib

from django.db import models
from django.utils import timezone

from incidents.models.api_key_roles import Scope, scopes_of
from incidents.models.ulid import ULIDField, new_ulid

COMMENTS_LENGTH = 5_000
DEFAULT_RATE_LIMIT = 1_200


def hash_token(token: str) -> str:
    """Return what is stored of a token. Tokens are random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Questions about API keys."""

    def standing(self) -> ApiKeyQuerySet:
        """Keep those that were not revoked; expired ones are among them, and may be given more time."""
        return self.filter(revoked_at__isnull=True)

    def usable(self) -> ApiKeyQuerySet:
        """Keep those that are neither revoked nor expired."""
        lasting = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=timezone.now())
        return self.standing().filter(lasting)

    def of_token(self, token: str) -> ApiKeyQuerySet:
        """Keep the usable key whose token this is, or was until a rotation whose grace is not over."""
        hashed = hash_token(token)
        former = models.Q(former_token_hash=hashed, former_token_expires_at__gt=timezone.now())
        return self.usable().filter(models.Q(token_hash=hashed) | former)

    def in_use_first(self) -> ApiKeyQuerySet:
        """Order those that were not revoked before the others, each newest first, with who made them."""
        is_revoked = models.ExpressionWrapper(models.Q(revoked_at__isnull=False), models.BooleanField())
        return self.order_by(is_revoked, "-id").select_related("creator_user", "creator_api_key")

    def listed_after(self, api_key_id: str, *, is_revoked: bool) -> ApiKeyQuerySet:
        """Keep what comes after a key in the order of in_use_first; `is_revoked` is how the key was listed."""
        if is_revoked:
            return self.filter(revoked_at__isnull=False, id__lt=api_key_id)
        return self.filter(models.Q(revoked_at__isnull=False) | models.Q(id__lt=api_key_id))


class ApiKey(models.Model):
    """A credential of automation (incident.io API, API Keys V1); incidents it creates name it as their creator.

    Of its token only a hash and the first characters are kept. A key is revoked, never removed.
    """

    class SimilarPolicy(models.TextChoices):
        WARN = "warn", "Declare, and name the likely duplicates in the answer"
        REFUSE = "refuse", "Refuse a likely duplicate"
        ATTACH = "attach", "Add a report to the incident it duplicates"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    name = models.CharField(max_length=200)
    comments = models.TextField(max_length=COMMENTS_LENGTH, blank=True)
    roles = models.JSONField(default=list)
    team_ids = models.JSONField(default=list, blank=True)
    team_roles = models.JSONField(default=list, blank=True)
    similar_policy = models.CharField(max_length=10, choices=SimilarPolicy, default=SimilarPolicy.WARN)
    rate_limit = models.PositiveIntegerField(
        default=DEFAULT_RATE_LIMIT, help_text="Requests a minute that are answered."
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - absent is not ""
    token_start = models.CharField(max_length=12, blank=True, editable=False)
    token_last_issued_at = models.DateTimeField(default=timezone.now, editable=False)
    former_token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - as above
    former_token_expires_at = models.DateTimeField(null=True, editable=False)
    creator_user = models.ForeignKey(
        "incidents.User", models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    creator_api_key = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    # Counted in steps by every process; the services keep it.
    usage_minute = models.PositiveBigIntegerField(default=0, editable=False)
    usage_count = models.PositiveIntegerField(default=0, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the key may do."""
        return scopes_of(self.roles)

    @property
    def is_usable(self) -> bool:
        """Whether requests with its token are answered."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
