"""Ties between incidents that are not the same one."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from incidents.models import Actor, Incident, IncidentEvent, IncidentRelationship
from incidents.services.changes import lock_incident
from incidents.services.errors import Problems, require_responder
from incidents.services.history import History
from incidents.services.tasks import touch_incident

_Kind = IncidentRelationship.Kind


def relate_incidents(incident_id: str, other_id: str, kind: str, actor: Actor) -> IncidentRelationship:
    """Tie two incidents together, or change how they are tied.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: one of them is not there for the actor.
        ValidationError: there is no such kind, or it is one and the same incident.
    """
    require_responder(actor)
    problems = Problems()
    if kind not in _Kind.values:
        problems.add("kind", f"The kind is one of {', '.join(_Kind.values)}.", "unknown")
    if incident_id == other_id:
        problems.add("other_incident_id", "Choose another incident than this one.", "not_allowed")
    problems.raise_if_any()
    with transaction.atomic():
        # In the order of their ids, so that two people who tie the same pair do not wait for each other.
        locked = {pk: lock_incident(pk, actor, version=None) for pk in sorted((incident_id, other_id))}
        relationship = _between(incident_id, other_id).first()
        if relationship is not None and _says(relationship, incident_id, kind):
            return relationship
        if relationship is not None:
            relationship.delete()
        made = _store(locked[incident_id], locked[other_id], kind, actor)
        _tell(locked[incident_id], locked[other_id], IncidentEvent.Kind.RELATED, kind, actor)
    return made


def unrelate_incidents(relationship: IncidentRelationship, actor: Actor) -> None:
    """Remove a tie; nothing happens where it is gone already.

    Raises:
        PermissionDenied: the actor may not change incidents.
        Incident.DoesNotExist: one of the two is not there for the actor.
    """
    require_responder(actor)
    with transaction.atomic():
        pair = (relationship.incident_id, relationship.other_incident_id)
        locked = {pk: lock_incident(pk, actor, version=None) for pk in sorted(pair)}
        removed, _ = IncidentRelationship.objects.filter(pk=relationship.pk).delete()
        if removed:
            _tell(locked[pair[0]], locked[pair[1]], IncidentEvent.Kind.UNRELATED, relationship.kind, actor)


def _between(incident_id: str, other_id: str) -> models.QuerySet[IncidentRelationship]:
    return IncidentRelationship.objects.filter(
        Q(incident=incident_id, other_incident=other_id) | Q(incident=other_id, other_incident=incident_id)
    )


def _says(relationship: IncidentRelationship, incident_id: str, kind: str) -> bool:
    return relationship.kind == kind and (kind == _Kind.RELATED or relationship.incident_id == incident_id)


def _store(incident: Incident, other: Incident, kind: str, actor: Actor) -> IncidentRelationship:
    return IncidentRelationship.objects.create(
        incident=incident, other_incident=other, kind=kind, **actor.creator_columns
    )


def _tell(
    incident: Incident, other: Incident, event_kind: IncidentEvent.Kind, kind: str, actor: Actor
) -> None:
    """Note it on both sides. History keeps the id of the other alone: not everybody who reads may know of it."""
    now = timezone.now()
    for about, counterpart, is_other_side in ((incident, other, False), (other, incident, True)):
        history = History(about.pk, actor, now)
        history.add(
            event_kind, relationship=kind, other_incident_id=counterpart.pk, is_other_side=is_other_side
        )
        history.write()
        touch_incident(about, now)
