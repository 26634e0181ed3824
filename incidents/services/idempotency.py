"""Recognises a create request that was made before: pressed twice, or sent again."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from django.db import IntegrityError, transaction

from incidents.models import Actor, IdempotencyKey, Incident
from incidents.models.idempotency_key import KEY_LENGTH
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import IdempotencyKeyReusedError, Problems


def claim_key(draft: IncidentDraft, actor: Actor, incident_id: str) -> Incident | None:
    """Claim the draft's key for an incident that is about to be made; return the one made before, if any.

    A request that races waits here, on the unique index, until the other one commits or rolls back.

    Raises:
        IdempotencyKeyReusedError: the key was claimed with other content.
    """
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                user=actor.user,
                api_key=actor.api_key,
                key=draft.idempotency_key,
                body_hash=fingerprint(draft),
                incident_id=incident_id,
            )
    except IntegrityError:
        return incident_made_before(draft, actor)
    return None


def incident_made_before(draft: IncidentDraft, actor: Actor) -> Incident | None:
    """Return the incident for which the draft's key was claimed, if any; one query, none without a key.

    Raises:
        IdempotencyKeyReusedError: the key was claimed with other content.
    """
    if not draft.idempotency_key:
        return None
    keys = IdempotencyKey.objects.filter(user=actor.user, api_key=actor.api_key, key=draft.idempotency_key)
    claimed = keys.select_related("incident").first()
    if claimed is None:
        return None
    if claimed.body_hash != fingerprint(draft):
        raise IdempotencyKeyReusedError(claimed.incident)
    return claimed.incident


def clean_key(draft: IncidentDraft, problems: Problems) -> None:
    """Note a key that cannot be stored."""
    if problems.line("idempotency_key", draft.idempotency_key, limit=KEY_LENGTH) != draft.idempotency_key:
        problems.add("idempotency_key", "Use printable characters on one line for the key.")


def fingerprint(draft: IncidentDraft) -> str:
    """Return the SHA-256 of the draft in a canonical form: equal for equal requests, whatever their order."""
    content = {
        field.name: getattr(draft, field.name)
        for field in dataclasses.fields(draft)
        if field.name != "idempotency_key"
    }
    canonical = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
