"""Who acts: the argument of every verb and of every question about incidents."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Self

from incidents.models.api_key_roles import Scope

if TYPE_CHECKING:
    from incidents.models.alert import Alert
    from incidents.models.api_key import ApiKey
    from incidents.models.sources import Workflow
    from incidents.models.user import User


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One of a user, an API key, an alert or a workflow, with what it may do."""

    user: User | None = None
    api_key: ApiKey | None = None
    alert: Alert | None = None
    workflow: Workflow | None = None
    can_declare: bool = False
    can_respond: bool = False
    can_grant_sight: bool = False
    can_configure: bool = False
    can_manage_keys: bool = False
    sees_every_incident: bool = False

    def __post_init__(self) -> None:
        """Refuse an actor that is nobody, or several at once."""
        if sum(source is not None for source in (self.user, self.api_key, self.alert, self.workflow)) != 1:
            raise ValueError("An actor is exactly one of user, API key, alert and workflow.")

    @classmethod
    def of_user(cls, user: User) -> Self:
        """Return the person as an actor: viewers look and declare, responders change, administrators configure."""
        is_responder = user.is_active and user.role in {user.Role.RESPONDER, user.Role.ADMINISTRATOR}
        return cls(
            user=user,
            can_declare=user.is_active,
            can_respond=is_responder,
            can_grant_sight=is_responder,
            can_configure=user.is_administrator,
            can_manage_keys=user.is_administrator,
            sees_every_incident=user.is_administrator,
        )

    @classmethod
    def of_api_key(cls, api_key: ApiKey) -> Self:
        """Return the key as an actor: each of its roles lets it do one kind of thing."""
        scopes = api_key.scopes
        return cls(
            api_key=api_key,
            can_declare=Scope.INCIDENTS_CREATE in scopes,
            can_respond=Scope.INCIDENTS_EDIT in scopes,
            can_grant_sight=Scope.MEMBERSHIPS_GRANT in scopes,
            can_configure=Scope.SETTINGS_UPDATE in scopes,
            can_manage_keys=Scope.API_KEYS_MANAGE in scopes,
            sees_every_incident=Scope.PRIVATE_VIEW in scopes,
        )

    @classmethod
    def of_alert(cls, alert: Alert) -> Self:
        """Return the alert as an actor: it declares, and knows of nothing private."""
        return cls(alert=alert, can_declare=True)

    @property
    def user_id(self) -> str | None:
        """The person's id, or None for automation."""
        return None if self.user is None else self.user.pk

    @property
    def creator_columns(self) -> dict[str, str | None]:
        """Return the four columns of Creatable that name this actor."""
        return {
            "creator_user_id": self.user_id,
            "creator_api_key_id": None if self.api_key is None else self.api_key.pk,
            "creator_alert_id": None if self.alert is None else self.alert.pk,
            "creator_workflow_id": None if self.workflow is None else self.workflow.pk,
        }
