"""One page of the API keys: those in use first, then the revoked ones, each newest first."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from incidents.models import ApiKey
from incidents.models.api_key_roles import ROLES
from incidents.models.ulid import is_ulid

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 50
AFTER, REVOKED_AFTER = "after", "revoked_after"
SOON = datetime.timedelta(days=14)
LONG_UNUSED = datetime.timedelta(days=30)


class BrokenPlaceError(ValueError):
    """The address names no place in the list."""


@dataclasses.dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key as the table shows it, with what is to be said about its times."""

    api_key: ApiKey
    roles: tuple[str, ...]
    roles_without_effect: int
    idle_days: int
    """How many days it was not used; 0 while that is not worth a word."""
    expiry: str
    """One of never, later, soon, past and revoked."""

    @property
    def maker(self) -> str:
        """Who made the key."""
        if self.api_key.creator_user is not None:
            return str(self.api_key.creator_user)
        return f"the key {self.api_key.creator_api_key}" if self.api_key.creator_api_key else "command"


@dataclasses.dataclass(frozen=True, slots=True)
class ApiKeyPage:
    """The rows of a page, and the query that leads to those after them; empty at the end."""

    rows: tuple[ApiKeyRow, ...]
    is_first: bool
    older: str


def read_api_keys(query: Mapping[str, str]) -> ApiKeyPage:
    """Return the page that the query of an address names; one query.

    Raises:
        BrokenPlaceError: it names none.
    """
    keys = ApiKey.objects.in_use_first()
    for name in (AFTER, REVOKED_AFTER):
        if name in query:
            keys = keys.listed_after(_place(query[name]), is_revoked=name == REVOKED_AFTER)
    found = list(keys[: PAGE_SIZE + 1])
    page, now = found[:PAGE_SIZE], timezone.now()
    return ApiKeyPage(
        rows=tuple(_row(api_key, now) for api_key in page),
        is_first=not {AFTER, REVOKED_AFTER} & query.keys(),
        older=_older(page) if len(found) > PAGE_SIZE else "",
    )


def _place(written: str) -> str:
    if not is_ulid(written):
        raise BrokenPlaceError(written[:50])
    return written


def _older(page: list[ApiKey]) -> str:
    name = REVOKED_AFTER if page[-1].revoked_at else AFTER
    return f"?{name}={page[-1].pk}"


def _row(api_key: ApiKey, now: datetime.datetime) -> ApiKeyRow:
    shown = tuple(role for role in api_key.roles if role in ROLES)
    expiry = _expiry(api_key, now)
    return ApiKeyRow(
        api_key=api_key,
        roles=shown,
        roles_without_effect=len(api_key.roles) - len(shown),
        idle_days=0 if expiry in {"past", "revoked"} else _idle_days(api_key, now),
        expiry=expiry,
    )


def _expiry(api_key: ApiKey, now: datetime.datetime) -> str:
    if api_key.revoked_at is not None:
        return "revoked"
    if api_key.expires_at is None:
        return "never"
    if api_key.expires_at <= now:
        return "past"
    return "soon" if api_key.expires_at - now <= SOON else "later"


def _idle_days(api_key: ApiKey, now: datetime.datetime) -> int:
    idle = now - (api_key.last_used_at or api_key.created_at)
    return idle.days if idle >= LONG_UNUSED else 0
