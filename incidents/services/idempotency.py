"""Recognises a create request that was made before: pressed twice, or sent again."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import text
from incidents.models import Actor, IdempotencyKey, Incident, IncidentUpdate
from incidents.models.idempotency_key import KEY_LENGTH
from incidents.models.ulid import first_ulid_at
from incidents.services.drafts import IncidentDraft, UpdateDraft
from incidents.services.errors import IdempotencyKeyReusedError, Problems

KEPT_FOR = datetime.timedelta(days=7)
"""Nobody sends a request again after longer than this."""
FORGOTTEN_AT_ONCE = 1_000


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """The key that an API key gave an update, and the digest of what it asked for."""

    key: str | None = None
    body_hash: str = ""


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
    # A key that cannot be stored stands for nothing yet: whoever creates says what is wrong with it.
    problems = Problems()
    clean_key(draft.idempotency_key, problems)
    if not draft.idempotency_key or not problems.is_empty:
        return None
    keys = IdempotencyKey.objects.filter(user=actor.user, api_key=actor.api_key, key=draft.idempotency_key)
    claimed = keys.select_related("incident").first()
    if claimed is None:
        return None
    if claimed.body_hash != fingerprint(draft):
        raise IdempotencyKeyReusedError(claimed.incident)
    return claimed.incident


def forget_old_keys() -> bool:
    """Remove the oldest keys that are older than KEPT_FOR, in a transaction of its own; tell whether there were any."""
    # Ids carry the time: the primary key finds the oldest ones.
    before = first_ulid_at(timezone.now() - KEPT_FOR)
    old = IdempotencyKey.objects.filter(id__lt=before).order_by("id")
    ids = list(old.values_list("id", flat=True)[:FORGOTTEN_AT_ONCE])
    IdempotencyKey.objects.filter(id__in=ids).delete()
    return bool(ids)


def claim_of_update(
    key: str, incident_id: str, draft: UpdateDraft, actor: Actor, problems: Problems
) -> Claim:
    """Return what an update is to be stored with; people have no keys. Notes a key that cannot be stored."""
    if actor.api_key is None or not key:
        return Claim()
    content = {"incident_id": incident_id, **dataclasses.asdict(draft)}
    return Claim(clean_key(key, problems) or None, digest(content))


def update_made_before(claim: Claim, actor: Actor) -> IncidentUpdate | None:
    """Return the update that the claim's key stands for, if any; one query, none without a key.

    Raises:
        IdempotencyKeyReusedError: the key stands for an update with other content.
    """
    if claim.key is None:
        return None
    updates = IncidentUpdate.objects.filter(creator_api_key=actor.api_key, idempotency_key=claim.key)
    made = updates.select_related("incident").first()
    if made is not None and made.body_hash != claim.body_hash:
        raise IdempotencyKeyReusedError(made.incident)
    return made


def clean_key(key: str, problems: Problems) -> str:
    """Return the key, or note why it cannot be stored and return none."""
    with contextlib.suppress(text.TextError):
        if text.clean_line(key, limit=KEY_LENGTH) == key:
            return key
    message = f"Use at most {KEY_LENGTH} printable characters on one line for the key."
    problems.add("idempotency_key", message)
    return ""


def fingerprint(draft: IncidentDraft) -> str:
    """Return the digest of the draft without its key."""
    fields = dataclasses.fields(draft)
    return digest(
        {field.name: getattr(draft, field.name) for field in fields if field.name != "idempotency_key"}
    )


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content in a canonical form: equal for equal requests, whatever their order."""
    canonical = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
