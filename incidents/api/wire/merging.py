"""Merging incidents, which is Tocsin's own."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from incidents import text
from incidents.api.wire.base import Id, Wire
from incidents.services.merging import MOST_SOURCES

SourceIds = Annotated[
    list[Id],
    Meta(min_length=1, max_length=MOST_SOURCES, description="The incidents that become this one."),
]
Note = Annotated[str, Meta(max_length=text.REASON_LENGTH, description="Why they are one and the same.")]


class IncidentsMergePayload(Wire):
    """Incidents to merge into the one of the path, which keeps its own values; lists of values are joined."""

    source_incident_ids: SourceIds
    note: Note | UnsetType = UNSET
