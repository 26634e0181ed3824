"""Schedules, escalations and workflows V2: empty, so that clients which read everything go on to what there is."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from incidents.api.query import USUAL_PAGE, After
from incidents.api.reading.pages import meta_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import empty_lists as wire

_DESCRIPTION = "Always empty: Tocsin has none."


class SchedulesQuery(Struct):
    """A part of the list."""

    page_size: Annotated[int, Meta(ge=1, le=10_000)] = USUAL_PAGE
    after: After = ""


class EscalationsQuery(Struct):
    """A part of the list."""

    page_size: Annotated[int, Meta(ge=1, le=50)] = USUAL_PAGE
    after: After = ""


def list_schedules(call: Call[SchedulesQuery, Nothing]) -> wire.SchedulesList:
    return wire.SchedulesList(schedules=[], pagination_meta=meta_of(call.query.page_size))


def list_escalations(call: Call[EscalationsQuery, Nothing]) -> wire.EscalationsList:
    return wire.EscalationsList(escalations=[], pagination_meta=meta_of(call.query.page_size))


def list_workflows(call: Call[Nothing, Nothing]) -> wire.WorkflowsList:
    return wire.WorkflowsList(workflows=[])


ROUTES = (
    Route(
        method="GET",
        path="/v2/schedules",
        group="Empty lists",
        summary="List schedules",
        description=_DESCRIPTION,
        handler=list_schedules,
        scope=None,
        query=SchedulesQuery,
        answer=wire.SchedulesList,
    ),
    Route(
        method="GET",
        path="/v2/escalations",
        group="Empty lists",
        summary="List escalations",
        description=_DESCRIPTION,
        handler=list_escalations,
        scope=None,
        query=EscalationsQuery,
        answer=wire.EscalationsList,
    ),
    Route(
        method="GET",
        path="/v2/workflows",
        group="Empty lists",
        summary="List workflows",
        description=_DESCRIPTION,
        handler=list_workflows,
        scope=None,
        answer=wire.WorkflowsList,
    ),
)
