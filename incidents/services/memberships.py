"""Who may see a private incident: granted and taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from incidents.models import Actor, Configuration, Incident, IncidentEvent, IncidentMembership, User
from incidents.services.changes import Changes, lock_incident
from incidents.services.errors import Problems, require_grantor
from incidents.services.history import History, told


def grant_membership(incident_id: str, user: User, actor: Actor) -> IncidentMembership:
    """Let a person see a private incident; nothing changes for one who could already.

    Raises:
        PermissionDenied: the actor may not decide who sees private incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: the incident is public.
    """
    require_grantor(actor)
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        _require_private(incident)
        changes = Changes(incident, actor, Configuration.current(), timezone.now())
        add_members(incident, changes.history, [user])
        if not changes.is_empty:
            changes.save_row()
            changes.history.write()
    return IncidentMembership.objects.get(incident=incident, user=user)


def revoke_membership(incident_id: str, user: User, actor: Actor) -> None:
    """Take a person's sight of a private incident back; it holds from their next request on.

    Raises:
        PermissionDenied: the actor may not decide who sees private incidents.
        Incident.DoesNotExist: there is none that the actor may see.
        ValidationError: the incident is public.
    """
    require_grantor(actor)
    with transaction.atomic():
        incident = lock_incident(incident_id, actor, version=None)
        _require_private(incident)
        changes = Changes(incident, actor, Configuration.current(), timezone.now())
        removed, _ = IncidentMembership.objects.filter(incident=incident, user=user).delete()
        if removed:
            changes.history.add(IncidentEvent.Kind.MEMBER_REMOVED, user=told(user))
            changes.save_row()
            changes.history.write()


def add_members(incident: Incident, history: History, people: Iterable[User]) -> None:
    """Store memberships for those who have none, and note each; within another verb."""
    present = set(incident.memberships.values_list("user_id", flat=True))
    for user in people:
        if user.pk not in present:
            IncidentMembership.objects.create(incident=incident, user=user)
            history.add(IncidentEvent.Kind.MEMBER_ADDED, user=told(user))


def _require_private(incident: Incident) -> None:
    if not incident.is_private:
        problems = Problems()
        problems.add("incident_id", "This incident is public: everybody sees it already.", "not_private")
        problems.raise_if_any()
