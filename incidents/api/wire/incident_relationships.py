"""Incident relationships (IncidentRelationshipV1, with what kind of tie it is)."""

from __future__ import annotations

from typing import Literal

from incidents.api.wire.base import Id, PaginationMeta, Wire

Kind = Literal["related", "caused_by", "parent"]


class OtherIncident(Wire):
    """The incident at the other end."""

    id: str
    external_id: int
    name: str


class IncidentRelationship(Wire):
    """A tie, seen from one of its ends.

    The incident that was asked about is related to this one, caused by it, or has it as its parent. Reversed, this one is
    caused by the one that was asked about, or has that as its parent.
    """

    id: str
    incident: OtherIncident
    kind: Kind
    is_reversed: bool


class IncidentRelationshipsList(Wire):
    """A page of ties, oldest first."""

    incident_relationships: list[IncidentRelationship]
    pagination_meta: PaginationMeta


class IncidentRelationshipsShow(Wire):
    """One tie."""

    incident_relationship: IncidentRelationship


class IncidentRelationshipPayload(Wire):
    """A tie between two incidents. One pair has one tie: another kind takes the place of the one there is."""

    incident_id: Id
    other_incident_id: Id
    kind: Kind = "related"
