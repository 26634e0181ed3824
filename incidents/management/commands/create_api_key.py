"""manage.py create_api_key: make an API key, for scripts that set an installation up."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents.models import ApiKey, Configuration
from incidents.models.api_key import DEFAULT_RATE_LIMIT
from incidents.models.api_key_roles import KNOWN_ROLES, ROLES
from incidents.services.api_keys import ApiKeyDraft, issue_api_key

if TYPE_CHECKING:
    from argparse import ArgumentParser

MOST_DAYS = 36_500
# What the services call by its name on the wire, by the option that it comes from.
_OPTIONS = {
    "role_names": "--role",
    "rate_limit": "--rate-limit",
    "similar_policy": "--similar-policy",
    "comments": "--comments",
    "name": "NAME",
}


class Command(BaseCommand):
    """Whoever may run commands may do everything, so that no account is named."""

    help = "Make an API key. The last line printed is its token, which cannot be looked up again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add NAME and the options, one for each property of a key."""
        parser.add_argument("name", metavar="NAME", help="what uses the key, such as ledger-watch")
        parser.add_argument(
            "--role",
            action="append",
            default=[],
            metavar="ROLE",
            dest="roles",
            help=f"what it may do; repeat it for several: {', '.join(ROLES)}",
        )
        parser.add_argument("--expires-in-days", type=int, metavar="N", help="how long it works (for ever)")
        parser.add_argument(
            "--rate-limit",
            type=int,
            default=DEFAULT_RATE_LIMIT,
            metavar="N",
            help=f"requests a minute ({DEFAULT_RATE_LIMIT})",
        )
        parser.add_argument(
            "--similar-policy",
            metavar="POLICY",
            help=(
                f"when it declares a likely duplicate: {', '.join(ApiKey.SimilarPolicy.values)}"
                " (as the settings say)"
            ),
        )
        parser.add_argument("--comments", default="", metavar="TEXT", help="what others should know of it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key, and print what was made and then its token."""
        draft = ApiKeyDraft(
            name=options["name"],
            roles=_known_roles(options["roles"]),
            comments=options["comments"],
            expires_at=_expiry(options["expires_in_days"]),
            similar_policy=options["similar_policy"] or Configuration.current().duplicates.api_key_policy,
            rate_limit=options["rate_limit"],
        )
        try:
            issued = issue_api_key(draft, None)
        except ValidationError as error:
            raise CommandError(_in_words(error)) from None
        self.stdout.write(_description(issued.api_key))
        self.stdout.write("This is its token. Keep it in a safe place: it cannot be looked up again.")
        self.stdout.write(issued.token)


def _known_roles(roles: list[str]) -> tuple[str, ...]:
    unknown = [role for role in roles if role not in KNOWN_ROLES]
    if unknown or not roles:
        wrong = f"There is no role “{unknown[0]}”." if unknown else "Give the key at least one role."
        raise CommandError(f"--role: {wrong} Choose among {', '.join(ROLES)}.")
    return tuple(roles)


def _expiry(days: int | None) -> datetime.datetime | None:
    if days is None:
        return None
    if not 1 <= days <= MOST_DAYS:
        raise CommandError(f"--expires-in-days: Give a number from 1 to {MOST_DAYS:,}.")
    return timezone.now() + datetime.timedelta(days=days)


def _in_words(error: ValidationError) -> str:
    told = error.message_dict.items()
    return "\n".join(f"{_OPTIONS.get(name, name)}: {' '.join(messages)}" for name, messages in told)


def _description(api_key: ApiKey) -> str:
    expiry = (
        f"expires on {api_key.expires_at:%-d %b %Y at %H:%M} UTC" if api_key.expires_at else "never expires"
    )
    return (
        f"API key “{api_key.name}” is made: {', '.join(api_key.roles)}; {expiry};"
        f" {api_key.rate_limit:,} requests a minute."
    )
