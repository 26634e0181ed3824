"""Who takes part in an incident, as the API shows it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from incidents import models
from incidents.api.reading.actors import user_of
from incidents.api.wire import incident_participants as wire
from incidents.models import IncidentEvent, User

MOST_PARTICIPANTS = 500
_Kind = IncidentEvent.Kind
# Looking is no part, and what is told only to those who may see another incident too makes nobody a part of this one.
_NO_PART = (
    _Kind.PRIVATE_VIEWED,
    _Kind.DECLARED_SEPARATELY,
    _Kind.RELATED,
    _Kind.UNRELATED,
    _Kind.MERGED,
    _Kind.MERGE_UNDONE,
    _Kind.SPLIT_OFF,
)


def read_participants(incident: models.Incident) -> wire.IncidentParticipants:
    """Return at most 500 people, each once, by the strongest part that they took; at most three queries."""
    seen: set[str] = set()
    responders = _taken(_responders(incident), "responder", seen)
    collaborators = _taken(_collaborators(incident), "collaborator", seen)
    observers = _taken(_members(incident), "observer", seen) if incident.is_private else []
    return wire.IncidentParticipants(active=[*responders, *collaborators], passive=observers)


def _responders(incident: models.Incident) -> Iterable[User]:
    """Return those who have a role, in the order of the roles."""
    assignments = incident.role_assignments.select_related("assignee", "incident_role")
    in_order = assignments.order_by("incident_role__rank", "incident_role_id")[: MOST_PARTICIPANTS + 1]
    return [assignment.assignee for assignment in in_order]


def _collaborators(incident: models.Incident) -> QuerySet[User]:
    """Return those who reported, updated or changed it."""
    events = incident.events.exclude(kind__in=_NO_PART).filter(creator_user__isnull=False)
    return _by_name(User.objects.filter(pk__in=events.order_by().values("creator_user_id")))


def _members(incident: models.Incident) -> QuerySet[User]:
    return _by_name(User.objects.filter(pk__in=incident.memberships.order_by().values("user_id")))


def _by_name(people: QuerySet[User]) -> QuerySet[User]:
    # Some may be known already, and then as many others come in their place.
    return people.order_by("name", "pk")[: 2 * MOST_PARTICIPANTS]


def _taken(
    people: Iterable[User], participant_type: wire.ParticipantType, seen: set[str]
) -> list[wire.IncidentParticipant]:
    """Return those who are not there yet, as far as there is room, and note them."""
    found = []
    for person in people:
        if person.pk not in seen and len(seen) < MOST_PARTICIPANTS:
            seen.add(person.pk)
            found.append(wire.IncidentParticipant(participant_type=participant_type, user=user_of(person)))
    return found
