"""Actions V1, which are actions and follow-ups together."""

from __future__ import annotations

from operator import attrgetter
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from incidents.api.errors import not_found
from incidents.api.ids import id_in_path
from incidents.api.reading.actions import action_v1_of
from incidents.api.reading.follow_ups import follow_up_v1_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.tasks import MOST_LISTED, asked_tasks, find_task, newest
from incidents.api.wire import actions as wire
from incidents.api.wire.base import Id
from incidents.models import Action, FollowUp
from incidents.models.api_key_roles import Scope
from incidents.models.incident_conditions import DEFAULT_MODES


class ListQuery(Struct):
    """Which of them: `real` stands for what is neither a test nor a tutorial."""

    incident_id: Id = ""
    is_follow_up: bool | UnsetType = UNSET
    incident_mode: Literal["real", "test", "tutorial"] = "real"


def list_actions(call: Call[ListQuery, Nothing]) -> wire.ActionsListV1:
    query = call.query
    modes = DEFAULT_MODES if query.incident_mode == "real" else (query.incident_mode,)
    found: list[wire.ActionV1] = []
    if query.is_follow_up is not True:
        actions = asked_tasks(Action, call, modes, query.incident_id)
        found += [action_v1_of(row) for row in newest(actions)]
    if query.is_follow_up is not False:
        follow_ups = asked_tasks(FollowUp, call, modes, query.incident_id)
        found += [follow_up_v1_of(row) for row in newest(follow_ups)]
    return wire.ActionsListV1(actions=sorted(found, key=attrgetter("id"))[-MOST_LISTED:])


def show_action(call: Call[Nothing, Nothing]) -> wire.ActionsShowV1:
    pk = id_in_path(call, "action")
    if (action := find_task(Action, call, pk)) is not None:
        return wire.ActionsShowV1(action=action_v1_of(action))
    if (follow_up := find_task(FollowUp, call, pk)) is not None:
        return wire.ActionsShowV1(action=follow_up_v1_of(follow_up))
    raise not_found("action")


ROUTES = (
    Route(
        method="GET",
        path="/v1/actions",
        group="Actions",
        summary="List actions and follow-ups",
        description="The newest 1,000, oldest first.",
        handler=list_actions,
        scope=Scope.ACTIONS_VIEW,
        query=ListQuery,
        answer=wire.ActionsListV1,
        is_deprecated=True,
    ),
    Route(
        method="GET",
        path="/v1/actions/{id}",
        group="Actions",
        summary="Show an action or a follow-up",
        handler=show_action,
        scope=Scope.ACTIONS_VIEW,
        answer=wire.ActionsShowV1,
        refusals=(404,),
        is_deprecated=True,
    ),
)
