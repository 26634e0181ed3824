"""Incident Timestamps V2, which clients may read. The API asks for no scope."""

from __future__ import annotations

from incidents.api.nouns import named
from incidents.api.reading.configuration import timestamp_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import configuration as wire


def list_timestamps(call: Call[Nothing, Nothing]) -> wire.IncidentTimestampsList:
    rows = call.configuration.incident_timestamps
    return wire.IncidentTimestampsList(incident_timestamps=[timestamp_of(row) for row in rows])


def show_timestamp(call: Call[Nothing, Nothing]) -> wire.IncidentTimestampsShow:
    row = named(call.configuration.incident_timestamps, call, "incident timestamp")
    return wire.IncidentTimestampsShow(incident_timestamp=timestamp_of(row))


ROUTES = (
    Route(
        method="GET",
        path="/v2/incident_timestamps",
        group="Incident timestamps",
        summary="List incident timestamps",
        handler=list_timestamps,
        scope=None,
        answer=wire.IncidentTimestampsList,
    ),
    Route(
        method="GET",
        path="/v2/incident_timestamps/{id}",
        group="Incident timestamps",
        summary="Show an incident timestamp",
        handler=show_timestamp,
        scope=None,
        answer=wire.IncidentTimestampsShow,
        refusals=(404,),
    ),
)
