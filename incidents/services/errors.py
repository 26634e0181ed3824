"""Why a verb was refused. Bad input is Django's ValidationError, keyed by the field's name on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError

from incidents import text

if TYPE_CHECKING:
    from incidents.models import Action, Actor, ApiKey, FollowUp, Incident


class VersionConflictError(Exception):
    """Somebody changed the incident since the version that the edit was made on; `incident` is as it is now."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"{incident.reference} is at version {incident.version} by now.")
        self.incident = incident


class TaskChangedError(Exception):
    """Somebody changed the action or follow-up since the moment that the edit was made on; `task` is as it is now."""

    def __init__(self, task: Action | FollowUp) -> None:
        super().__init__(f"{task.pk} was changed at {task.updated_at}.")
        self.task = task


class IdempotencyKeyReusedError(Exception):
    """The key stands for another request already; `incident` is what that one made."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"This key was used for {incident.reference}, with other content.")
        self.incident = incident


class ApiKeyMadeBeforeError(Exception):
    """The same request was sent before; `api_key` is what it made then, and its token was told then."""

    def __init__(self, api_key: ApiKey) -> None:
        super().__init__(f"The key {api_key.pk} was made before.")
        self.api_key = api_key


class TokenReplacedError(Exception):
    """The token that was to be replaced is not the key's any more; `api_key` is as it is now."""

    def __init__(self, api_key: ApiKey) -> None:
        super().__init__(f"The key {api_key.pk} has another token by now, or none that works.")
        self.api_key = api_key


class Problems:
    """Collects what is wrong, field by field, so that a person sees all of it at once."""

    def __init__(self) -> None:
        self._by_field: dict[str, list[ValidationError]] = {}

    def add(self, field: str, message: str, code: str = "invalid") -> None:
        """Note a problem with a field, in words for the person who can solve it."""
        self._by_field.setdefault(field, []).append(ValidationError(message, code=code))

    def line(self, field: str, value: str, *, limit: int) -> str:
        """Return the value through the text gate as one line, or note why it cannot be stored."""
        try:
            return text.clean_line(value, limit=limit)
        except text.TextError as error:
            self.add(field, error.message, error.code)
            return ""

    def text(self, field: str, value: str, *, limit: int) -> str:
        """Return the value through the text gate with its lines, or note why it cannot be stored."""
        try:
            return text.clean_text(value, limit=limit)
        except text.TextError as error:
            self.add(field, error.message, error.code)
            return ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was noted."""
        return not self._by_field

    def raise_if_any(self) -> None:
        """Stop here if anything was noted.

        Raises:
            ValidationError: with every problem, by field.
        """
        if self._by_field:
            raise ValidationError(self._by_field)


def require_declarer(actor: Actor) -> None:
    """Refuse an actor that may not declare incidents."""
    if not actor.can_declare:
        raise PermissionDenied("You may not declare incidents.")


def require_responder(actor: Actor) -> None:
    """Refuse an actor that may look but not change."""
    if not actor.can_respond:
        raise PermissionDenied(
            "Viewers may look and declare. Ask an administrator for the role of responder."
        )


def require_grantor(actor: Actor) -> None:
    """Refuse an actor that may not decide who sees a private incident."""
    if not actor.can_grant_sight:
        raise PermissionDenied("You may not decide who sees a private incident.")


def require_key_manager(actor: Actor) -> None:
    """Refuse an actor that may not make or revoke API keys."""
    if not actor.can_manage_keys:
        raise PermissionDenied("Only administrators manage API keys.")


def require_administrator(actor: Actor) -> None:
    """Refuse an actor that may not configure the installation."""
    if not actor.can_configure:
        raise PermissionDenied("Only administrators may do this.")
