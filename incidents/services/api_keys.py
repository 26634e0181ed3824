"""API keys: issued, changed, rotated, revoked, and recognised by their token."""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import string

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import text
from incidents.models import Actor, ApiKey, Configuration
from incidents.models.api_key import COMMENTS_LENGTH, DEFAULT_RATE_LIMIT, hash_token
from incidents.models.api_key_roles import KNOWN_ROLES, NOT_GRANTED_BY_KEYS
from incidents.models.ulid import new_ulid
from incidents.services.errors import (
    ApiKeyMadeBeforeError,
    Problems,
    TokenReplacedError,
    require_key_manager,
)

NAME_LENGTH = 200
MOST_KEYS = 5_000
LONGEST_GRACE = datetime.timedelta(minutes=60)
LONGEST_LIFE = datetime.timedelta(days=36_525)
HIGHEST_RATE_LIMIT = 1_000_000
TOKEN_PREFIX = "toc_"  # noqa: S105 - what every token begins with
_TOKEN_LENGTH = 32  # characters of 62: 190 bits
_SHOWN_LENGTH = 8
_LETTERS = string.ascii_letters + string.digits


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyDraft:
    """A key that somebody wants, or wants a key to be. Roles are names of the API; text is raw."""

    name: str
    roles: tuple[str, ...]
    comments: str = ""
    team_ids: tuple[str, ...] = ()
    team_roles: tuple[str, ...] = ()
    expires_at: datetime.datetime | None = None
    similar_policy: str = ApiKey.SimilarPolicy.WARN
    rate_limit: int = DEFAULT_RATE_LIMIT


@dataclasses.dataclass(frozen=True, slots=True)
class Issued:
    """A key with its token, which can be told now and never again."""

    api_key: ApiKey
    token: str


def issue_api_key(draft: ApiKeyDraft, actor: Actor | None, *, api_key_id: str | None = None) -> Issued:
    """Store a new key; without an actor it is made by whoever runs the installation.

    An id that the caller brings along makes one key, however often the request is sent.

    Raises:
        ApiKeyMadeBeforeError: there is a key of this id.
        PermissionDenied: the actor may not make keys, or is a key that lacks a role that it would give.
        ValidationError: by the names of the fields on the wire.
    """
    if actor is not None:
        require_key_manager(actor)
    api_key = ApiKey(
        id=api_key_id or new_ulid(),
        creator_user=actor.user if actor else None,
        creator_api_key=actor.api_key if actor else None,
    )
    _apply(api_key, draft, actor)
    if ApiKey.objects.filter(revoked_at__isnull=True).count() >= MOST_KEYS:
        problems = Problems()
        problems.add(
            "name", f"There are {MOST_KEYS:,} keys already. Revoke those that nobody uses.", "too_many"
        )
        problems.raise_if_any()
    token = _set_token(api_key)
    _insert(api_key)
    return Issued(api_key, token)


def edit_api_key(api_key: ApiKey, draft: ApiKeyDraft, actor: Actor) -> ApiKey:
    """Change what a key is called and may do; its token stays.

    Raises:
        PermissionDenied: as issue_api_key; also where a key would change itself.
        ValidationError: by the names of the fields on the wire.
    """
    _require_other(api_key, actor)
    with transaction.atomic():
        locked = ApiKey.objects.select_for_update().get(pk=api_key.pk)
        _apply(locked, draft, actor)
        locked.save()
    return locked


def rotate_api_key(api_key: ApiKey, actor: Actor, *, grace: datetime.timedelta) -> Issued:
    """Give a key another token; the one before goes on working during the grace, of at most an hour.

    Raises:
        PermissionDenied: the actor may not manage keys, or is a key that may do less: it would get hold of the rest.
        ValidationError: the grace is negative or too long.
    """
    require_key_manager(actor)
    problems = Problems()
    if not datetime.timedelta(0) <= grace <= LONGEST_GRACE:
        problems.add("grace_period_minutes", "Let the old token work for 0 to 60 minutes.", "out_of_range")
    problems.raise_if_any()
    with transaction.atomic():
        locked = ApiKey.objects.select_for_update().get(pk=api_key.pk)
        if actor.api_key is not None and not locked.scopes <= actor.api_key.scopes:
            raise PermissionDenied("A key cannot get the token of one that may do more than itself.")
        locked.former_token_hash = locked.token_hash if grace else None
        locked.former_token_expires_at = timezone.now() + grace if grace else None
        token = _set_token(locked)
        locked.save()
    return Issued(locked, token)


def replace_token(
    api_key: ApiKey, actor: Actor, *, issued_at: datetime.datetime, grace: datetime.timedelta
) -> Issued:
    """Rotate a key if its token is still the one issued at this moment: what is sent twice rotates once.

    Raises:
        TokenReplacedError: it has another token by now, or was revoked.
        PermissionDenied, ValidationError: as rotate_api_key.
    """
    require_key_manager(actor)
    with transaction.atomic():
        locked = ApiKey.objects.select_for_update().get(pk=api_key.pk)
        if locked.revoked_at is not None or locked.token_last_issued_at != issued_at:
            raise TokenReplacedError(locked)
        return rotate_api_key(locked, actor, grace=grace)


def revoke_api_key(api_key: ApiKey, actor: Actor) -> None:
    """End a key for good: its next request is refused. What it created goes on naming it.

    Raises:
        PermissionDenied: the actor may not manage keys, or is the key itself.
    """
    _require_other(api_key, actor)
    ApiKey.objects.filter(pk=api_key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def api_key_of_token(token: str) -> ApiKey | None:
    """Return the key that a token opens now; one query."""
    return ApiKey.objects.of_token(token).first()


def _insert(api_key: ApiKey) -> None:
    """Store the new row. The database decides which of two requests of one id was first."""
    try:
        with transaction.atomic():
            api_key.save(force_insert=True)
    except IntegrityError:
        made_before = ApiKey.objects.filter(pk=api_key.pk).first()
        if made_before is None:
            raise
        raise ApiKeyMadeBeforeError(made_before) from None


def _require_other(api_key: ApiKey, actor: Actor) -> None:
    require_key_manager(actor)
    if actor.api_key is not None and actor.api_key.pk == api_key.pk:
        raise PermissionDenied("A key cannot change or revoke itself.")


def _apply(api_key: ApiKey, draft: ApiKeyDraft, actor: Actor | None) -> None:
    problems = Problems()
    _apply_texts(api_key, draft, problems)
    _apply_roles(api_key, draft, actor, problems)
    _apply_expiry(api_key, draft.expires_at, problems)
    if draft.similar_policy not in ApiKey.SimilarPolicy.values:
        choices = ", ".join(ApiKey.SimilarPolicy.values)
        problems.add("similar_policy", f"The policy is one of {choices}.", "unknown")
    if not 1 <= draft.rate_limit <= HIGHEST_RATE_LIMIT:
        problems.add("rate_limit", f"Answer 1 to {HIGHEST_RATE_LIMIT:,} requests a minute.", "out_of_range")
    problems.raise_if_any()
    api_key.similar_policy = draft.similar_policy
    api_key.rate_limit = draft.rate_limit


def _apply_texts(api_key: ApiKey, draft: ApiKeyDraft, problems: Problems) -> None:
    api_key.name = problems.line("name", draft.name, limit=NAME_LENGTH)
    if not text.is_visible(draft.name[:NAME_LENGTH]):
        problems.add("name", "Say what the key is for.", "is_required")
    api_key.comments = problems.text("comments", draft.comments, limit=COMMENTS_LENGTH)


def _apply_expiry(api_key: ApiKey, expires_at: datetime.datetime | None, problems: Problems) -> None:
    # A key that has expired may be renamed: only a new moment has to be one to come.
    if expires_at is not None and expires_at != api_key.expires_at:
        now = timezone.now()
        if not now < expires_at <= now + LONGEST_LIFE:
            problems.add("expires_at", "Choose a moment within the next 100 years.", "out_of_range")
    api_key.expires_at = expires_at


def _apply_roles(api_key: ApiKey, draft: ApiKeyDraft, actor: Actor | None, problems: Problems) -> None:
    granting = None if actor is None else actor.api_key
    for field, roles in (("role_names", draft.roles), ("team_role_names", draft.team_roles)):
        if unknown := sorted({*roles} - KNOWN_ROLES):
            problems.add(field, f"There is no role “{unknown[0][:50]}”.", "unknown")
        elif granting is not None:
            _refuse_more_than_own(field, frozenset(roles), granting, problems)
    if any(team_id not in Configuration.current().teams.by_id for team_id in draft.team_ids):
        problems.add("team_ids", "There is no such team.", "unknown")
    api_key.roles = sorted({*draft.roles})
    api_key.team_ids = sorted({*draft.team_ids})
    api_key.team_roles = sorted({*draft.team_roles})


def _refuse_more_than_own(field: str, roles: frozenset[str], granting: ApiKey, problems: Problems) -> None:
    if NOT_GRANTED_BY_KEYS in roles:
        problems.add(field, f"Only a person can give the role {NOT_GRANTED_BY_KEYS}.", "not_allowed")
    own = {*granting.roles, *(granting.team_roles if field == "team_role_names" else ())}
    if beyond := sorted(roles - own - {NOT_GRANTED_BY_KEYS}):
        problems.add(field, f"This key lacks {beyond[0]} itself and cannot give it.", "not_allowed")


def _set_token(api_key: ApiKey) -> str:
    token = TOKEN_PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LENGTH))
    api_key.token_hash = hash_token(token)
    api_key.token_start = token[:_SHOWN_LENGTH]
    api_key.token_last_issued_at = timezone.now()
    return token
