"""Feed tokens: given out, taken back, and recognised."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.models import Actor, FeedToken
from incidents.models.api_key import hash_token

_TOKEN_BYTES = 24  # 192 bits: 32 characters in an address


def issue_feed_token(actor: Actor) -> str:
    """Give the person a token, which can be told now and never again; the one before opens nothing any more.

    Raises:
        PermissionDenied: the actor is no person who may sign in.
    """
    if actor.user is None or not actor.user.is_active:
        raise PermissionDenied("Feeds belong to people.")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    FeedToken.objects.update_or_create(
        user=actor.user, defaults={"token_hash": hash_token(token), "created_at": timezone.now()}
    )
    return token


def revoke_feed_token(actor: Actor) -> None:
    """Take the person's token back: every address that holds it answers 404 from now on."""
    FeedToken.objects.filter(user=actor.user_id).delete()


def feed_token_of(token: str) -> FeedToken | None:
    """Return what a token opens, None if it opens nothing or its person may not sign in; one query."""
    return FeedToken.objects.of_token(token).first()
