"""Finds the people whom rows name, many rows at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from email.utils import parseaddr

from incidents.models import User

_LONGEST_EMAIL = 254


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """Active people by their e-mail."""

    by_email: Mapping[str, User]

    @classmethod
    def find(cls, texts: Iterable[str]) -> People:
        """Look up everybody whom the texts name; one query, none where no text holds an e-mail."""
        emails = {email for written in texts if (email := email_in(written))}
        found = User.objects.named(emails=sorted(emails)) if emails else ()
        return cls({user.email: user for user in found})

    def named(self, written: str) -> User | None:
        """Return the person of a text such as “Ada Okafor <ada@example.com>”."""
        return self.by_email.get(email_in(written))


def email_in(written: str) -> str:
    """Return the e-mail of a text, in lower case, or ""."""
    _, email = parseaddr(written[:1_000])
    return email.lower() if "@" in email and len(email) <= _LONGEST_EMAIL else ""
