"""The ties of one incident to others, as its page lists them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from incidents.models import Incident, IncidentRelationship
from incidents.web.forms.relationship import KINDS, REVERSED

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from incidents.models import Actor

MOST_SHOWN = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Tie:
    """A tie, said of the incident whose page it is."""

    relationship: IncidentRelationship
    label: str
    other: Incident


@dataclasses.dataclass(frozen=True, slots=True)
class Ties:
    """The ties that the reader may know of, as far as they are shown."""

    rows: tuple[Tie, ...]
    has_more: bool
    can_change: bool


def read_ties(incident: Incident, actor: Actor) -> Ties:
    """Return the ties of which the actor may see both ends, in the order they were made; one query."""
    rows = visible_ties(incident, actor).select_related("incident", "other_incident").order_by("pk")
    found = list(rows[: MOST_SHOWN + 1])
    return Ties(
        rows=tuple(_tie(row, incident) for row in found[:MOST_SHOWN]),
        has_more=len(found) > MOST_SHOWN,
        can_change=actor.can_respond,
    )


def visible_ties(incident: Incident, actor: Actor) -> QuerySet[IncidentRelationship]:
    """Return the ties of an incident to what the actor may see."""
    visible = Incident.objects.visible_to(actor)
    return IncidentRelationship.objects.filter(
        Q(incident=incident) & Exists(visible.filter(pk=OuterRef("other_incident")))
        | Q(other_incident=incident) & Exists(visible.filter(pk=OuterRef("incident")))
    )


def _tie(row: IncidentRelationship, incident: Incident) -> Tie:
    is_reversed = row.incident_id != incident.pk
    key = (
        f"{REVERSED}{row.kind}" if is_reversed and row.kind != IncidentRelationship.Kind.RELATED else row.kind
    )
    return Tie(row, KINDS[key], row.incident if is_reversed else row.other_incident)
