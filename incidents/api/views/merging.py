"""Merging incidents, taking a merge back, and splitting one off: Tocsin's own."""

from __future__ import annotations

from msgspec import UNSET

from incidents.api.errors import ApiError, Problem
from incidents.api.ids import needed_id
from incidents.api.routes import Answer, Call, Nothing, Route
from incidents.api.views.incidents import answer_with, expected_version, incident_id_of, named_incidents
from incidents.api.wire import merging as wire
from incidents.api.wire.incidents import IncidentsShow
from incidents.models.api_key_roles import Scope
from incidents.services.merging import MergeDraft, merge_incidents
from incidents.services.unmerging import MergeSettledError, split_off_incident, undo_merge


def merge(call: Call[Nothing, wire.IncidentsMergePayload]) -> Answer:
    survivor_id, version = incident_id_of(call), expected_version(call)
    draft = MergeDraft(
        survivor_id=survivor_id,
        source_ids=tuple(
            needed_id(source_id, f"/source_incident_ids/{place}")
            for place, source_id in enumerate(call.body.source_incident_ids)
        ),
        versions={} if version is None else {survivor_id: version},
        note="" if call.body.note is UNSET else call.body.note,
    )
    merge_incidents(draft, call.actor)
    return answer_with(named_incidents(call), call)


def unmerge(call: Call[Nothing, Nothing]) -> Answer:
    try:
        undo_merge(incident_id_of(call), call.actor)
    except MergeSettledError as error:
        message = f"{error} The incident can still be split off."
        raise ApiError(409, Problem("merge_settled", message)) from None
    return answer_with(named_incidents(call), call)


def split_off(call: Call[Nothing, Nothing]) -> Answer:
    split_off_incident(incident_id_of(call), call.actor)
    return answer_with(named_incidents(call), call)


ROUTES = (
    Route(
        method="POST",
        path="/v2/incidents/{id}/actions/merge",
        group="Incidents",
        summary="Merge incidents",
        description=(
            "Merges others into this one. They keep what is theirs, get the merged status, and an update with"
            " `merged_into_incident_id`. With `If-Match`, only if this incident still has the `ETag` that it was"
            " read with."
        ),
        handler=merge,
        scope=Scope.INCIDENTS_EDIT,
        body=wire.IncidentsMergePayload,
        answer=IncidentsShow,
        refusals=(404, 412),
    ),
    Route(
        method="POST",
        path="/v2/incidents/{id}/actions/unmerge",
        group="Incidents",
        summary="Undo a merge",
        description=(
            "Takes back the merge of this incident, and of those that were merged with it, exactly: within ten"
            " minutes, and while nothing was written to any of them."
        ),
        handler=unmerge,
        scope=Scope.INCIDENTS_EDIT,
        answer=IncidentsShow,
        refusals=(404, 409),
    ),
    Route(
        method="POST",
        path="/v2/incidents/{id}/actions/split_off",
        group="Incidents",
        summary="Split off an incident",
        description=(
            "Gives a merged incident its own life again, with the status it had. What was written in between stays"
            " with the incident that it was merged into."
        ),
        handler=split_off,
        scope=Scope.INCIDENTS_EDIT,
        answer=IncidentsShow,
        refusals=(404,),
    ),
)
