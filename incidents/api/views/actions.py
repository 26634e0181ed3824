"""Actions V2 and V3, which differ in their lists alone."""

from __future__ import annotations

from collections.abc import Iterator

from incidents.api.ids import needed_id
from incidents.api.paging import read_page
from incidents.api.periods import in_periods
from incidents.api.reading.actions import action_of
from incidents.api.routes import Call, Nothing, Route
from incidents.api.tasks import (
    TasksPageQuery,
    TasksQuery,
    asked_tasks,
    id_to_set,
    modes_of,
    newest,
    task_in_path,
)
from incidents.api.wire import actions as wire
from incidents.models import Action, TaskStatus
from incidents.models.api_key_roles import Scope
from incidents.services.actions import ActionDraft, add_action, edit_action


def list_actions(call: Call[TasksQuery, Nothing]) -> wire.ActionsList:
    rows = asked_tasks(Action, call, modes_of(call.query.incident_mode), call.query.incident_id)
    return wire.ActionsList(actions=[action_of(row) for row in newest(rows)])


def list_actions_by_page(call: Call[TasksPageQuery, Nothing]) -> wire.ActionsPage:
    rows = asked_tasks(Action, call, modes_of(call.query.incident_mode), call.query.incident_id)
    page, meta = read_page(rows.filter(in_periods(call.query)), call.query)
    return wire.ActionsPage(actions=[action_of(row) for row in page], pagination_meta=meta)


def show_action(call: Call[Nothing, Nothing]) -> wire.ActionsShow:
    return wire.ActionsShow(action=action_of(task_in_path(Action, call)))


def create_action(call: Call[Nothing, wire.ActionCreatePayload]) -> wire.ActionsShow:
    body = call.body
    draft = ActionDraft(description=body.description, assignee_id=id_to_set(body.assignee_id))
    return _shown(add_action(needed_id(body.incident_id, "/incident_id"), draft, call.actor))


def update_action(call: Call[Nothing, wire.ActionUpdatePayload]) -> wire.ActionsShow:
    body = call.body
    draft = ActionDraft(
        description=body.description, status=body.status, assignee_id=id_to_set(body.assignee_id)
    )
    return _shown(edit_action(task_in_path(Action, call), draft, call.actor))


def delete_action(call: Call[Nothing, Nothing]) -> None:
    edit_action(task_in_path(Action, call), ActionDraft(status=TaskStatus.DELETED), call.actor)


def _shown(action: Action) -> wire.ActionsShow:
    return wire.ActionsShow(action=action_of(Action.objects.for_api().get(pk=action.pk)))


def _routes_of_one(version: str, *, is_deprecated: bool) -> Iterator[Route]:
    path, group = f"/{version}/actions", "Actions"
    yield Route(
        method="POST",
        path=path,
        group=group,
        summary="Create an action",
        handler=create_action,
        scope=Scope.ACTIONS_CREATE,
        body=wire.ActionCreatePayload,
        answer=wire.ActionsShow,
        status=201,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="GET",
        path=f"{path}/{{id}}",
        group=group,
        summary="Show an action",
        handler=show_action,
        scope=Scope.ACTIONS_VIEW,
        answer=wire.ActionsShow,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="PUT",
        path=f"{path}/{{id}}",
        group=group,
        summary="Update an action",
        description="Without an assignee it keeps the one it has; null takes them away.",
        handler=update_action,
        scope=Scope.ACTIONS_UPDATE,
        body=wire.ActionUpdatePayload,
        answer=wire.ActionsShow,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="DELETE",
        path=f"{path}/{{id}}",
        group=group,
        summary="Delete an action",
        handler=delete_action,
        scope=Scope.ACTIONS_DESTROY,
        status=204,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v2/actions",
        group="Actions",
        summary="List actions",
        description="The newest 1,000, oldest first. V3 has pages.",
        handler=list_actions,
        scope=Scope.ACTIONS_VIEW,
        query=TasksQuery,
        answer=wire.ActionsList,
        is_deprecated=True,
    ),
    *_routes_of_one("v2", is_deprecated=True),
    Route(
        method="GET",
        path="/v3/actions",
        group="Actions",
        summary="List actions",
        description="Oldest first. Tests and tutorials are left out unless `incident_mode` asks for them.",
        handler=list_actions_by_page,
        scope=Scope.ACTIONS_VIEW,
        query=TasksPageQuery,
        answer=wire.ActionsPage,
    ),
    *_routes_of_one("v3", is_deprecated=False),
)
