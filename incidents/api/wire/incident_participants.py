"""Incident participants (IncidentParticipantsV2)."""

from __future__ import annotations

from typing import Literal

from incidents.api.wire.base import Wire
from incidents.api.wire.people import User

ParticipantType = Literal["responder", "collaborator", "observer"]


class IncidentParticipant(Wire):
    """A person, with the strongest part that they took."""

    participant_type: ParticipantType
    user: User


class IncidentParticipants(Wire):
    """Those who help, and those who may look on."""

    active: list[IncidentParticipant]
    passive: list[IncidentParticipant]


class IncidentParticipantsList(Wire):
    """The participants of one incident."""

    incident_participants: IncidentParticipants
