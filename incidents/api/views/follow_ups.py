"""Follow-ups V2 and V3, which differ in their lists, and in making one from a link."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET, UnsetType

from incidents.api.drafts import kept
from incidents.api.errors import Problem, invalid
from incidents.api.ids import id_sent, needed_id
from incidents.api.paging import read_page
from incidents.api.periods import in_periods
from incidents.api.reading.follow_ups import follow_up_of
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
from incidents.api.wire import follow_ups as wire
from incidents.api.wire.base import Id
from incidents.models import FollowUp, TaskStatus
from incidents.models.api_key_roles import Scope
from incidents.models.task_queryset import TaskQuerySet
from incidents.services import drafts
from incidents.services.follow_ups import (
    FollowUpDraft,
    add_follow_up,
    add_follow_up_from_link,
    connect_issue,
    edit_follow_up,
)
from incidents.services.issues import IssueLink


class ListQuery(TasksQuery):
    """As for actions, and those of one team."""

    assignee_team_id: Id = ""


class PageQuery(TasksPageQuery):
    """As for actions, and those of one team."""

    assignee_team_id: Id = ""


def list_follow_ups(call: Call[ListQuery, Nothing]) -> wire.FollowUpsList:
    return wire.FollowUpsList(follow_ups=[follow_up_of(row) for row in newest(_asked(call))])


def list_follow_ups_by_page(call: Call[PageQuery, Nothing]) -> wire.FollowUpsPage:
    page, meta = read_page(_asked(call).filter(in_periods(call.query)), call.query)
    return wire.FollowUpsPage(follow_ups=[follow_up_of(row) for row in page], pagination_meta=meta)


def show_follow_up(call: Call[Nothing, Nothing]) -> wire.FollowUpsShow:
    return wire.FollowUpsShow(follow_up=follow_up_of(task_in_path(FollowUp, call)))


def create_follow_up(call: Call[Nothing, wire.FollowUpCreatePayload]) -> wire.FollowUpsShow:
    body = call.body
    _refuse_unknown_parts(
        follow_up_category_id=body.follow_up_category_id,
        external_issue_reference_id=body.external_issue_reference_id,
    )
    incident_id = needed_id(body.incident_id, "/incident_id")
    return _shown(add_follow_up(incident_id, _draft(body), call.actor))


def create_from_link(call: Call[Nothing, wire.FollowUpFromLinkPayload]) -> wire.FollowUpsShow:
    incident_id = needed_id(call.body.incident_id, "/incident_id")
    return _shown(add_follow_up_from_link(incident_id, call.body.url, call.actor))


def update_follow_up(call: Call[Nothing, wire.FollowUpUpdatePayload]) -> wire.FollowUpsShow:
    _refuse_unknown_parts(follow_up_category_id=call.body.follow_up_category_id)
    follow_up = task_in_path(FollowUp, call)
    return _shown(edit_follow_up(follow_up, _draft(call.body), call.actor))


def connect(call: Call[Nothing, wire.ConnectIssuePayload]) -> wire.FollowUpsShow:
    link = IssueLink(provider=call.body.provider, url=call.body.url)
    return _shown(connect_issue(task_in_path(FollowUp, call), link, call.actor))


def delete_follow_up(call: Call[Nothing, Nothing]) -> None:
    edit_follow_up(task_in_path(FollowUp, call), FollowUpDraft(status=TaskStatus.DELETED), call.actor)


def _asked(call: Call[ListQuery, Nothing] | Call[PageQuery, Nothing]) -> TaskQuerySet[FollowUp]:
    query = call.query
    rows = asked_tasks(FollowUp, call, modes_of(query.incident_mode), query.incident_id)
    team_id = id_sent(query.assignee_team_id, "/assignee_team_id")
    return rows if team_id is None else rows.filter(assignee_team_id=team_id)


def _draft(body: wire.FollowUpCreatePayload | wire.FollowUpUpdatePayload) -> FollowUpDraft:
    return FollowUpDraft(
        title=body.title,
        description=kept(body.description),
        assignee_id=id_to_set(body.assignee_id),
        assignee_team_id=id_to_set(body.assignee_team_id),
        priority_id=id_to_set(body.follow_up_priority_option_id),
        labels=drafts.UNSET if body.labels is UNSET else tuple(body.labels),
        status=body.status if isinstance(body, wire.FollowUpUpdatePayload) else drafts.UNSET,
    )


def _refuse_unknown_parts(**ids: str | UnsetType) -> None:
    """Refuse ids of what the API knows elsewhere and there is none of here."""
    problems = [
        Problem("unknown", "There is nothing with this id. Leave it out.", f"/{field}")
        for field, value in ids.items()
        if value
    ]
    if problems:
        raise invalid(*problems)


def _shown(follow_up: FollowUp) -> wire.FollowUpsShow:
    return wire.FollowUpsShow(follow_up=follow_up_of(FollowUp.objects.for_api().get(pk=follow_up.pk)))


def _routes_of_one(version: str, *, is_deprecated: bool) -> Iterator[Route]:
    path, group = f"/{version}/follow_ups", "Follow-ups"
    yield Route(
        method="POST",
        path=path,
        group=group,
        summary="Create a follow-up",
        handler=create_follow_up,
        scope=Scope.FOLLOW_UPS_CREATE,
        body=wire.FollowUpCreatePayload,
        answer=wire.FollowUpsShow,
        status=201,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="GET",
        path=f"{path}/{{id}}",
        group=group,
        summary="Show a follow-up",
        handler=show_follow_up,
        scope=Scope.ACTIONS_VIEW,
        answer=wire.FollowUpsShow,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="PUT",
        path=f"{path}/{{id}}",
        group=group,
        summary="Update a follow-up",
        description="What is left out stays; null takes assignee and team away.",
        handler=update_follow_up,
        scope=Scope.FOLLOW_UPS_UPDATE,
        body=wire.FollowUpUpdatePayload,
        answer=wire.FollowUpsShow,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="DELETE",
        path=f"{path}/{{id}}",
        group=group,
        summary="Delete a follow-up",
        handler=delete_follow_up,
        scope=Scope.FOLLOW_UPS_DESTROY,
        status=204,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )
    yield Route(
        method="POST",
        path=f"{path}/{{id}}/actions/connect_external_issue",
        group=group,
        summary="Connect a follow-up to an issue",
        description="By the issue's address, which names it; the tracker is not asked.",
        handler=connect,
        scope=Scope.FOLLOW_UPS_CONNECT,
        body=wire.ConnectIssuePayload,
        answer=wire.FollowUpsShow,
        refusals=(404,),
        is_deprecated=is_deprecated,
    )


ROUTES = (
    Route(
        method="GET",
        path="/v2/follow_ups",
        group="Follow-ups",
        summary="List follow-ups",
        description="The newest 1,000, oldest first. V3 has pages.",
        handler=list_follow_ups,
        scope=Scope.ACTIONS_VIEW,
        query=ListQuery,
        answer=wire.FollowUpsList,
        is_deprecated=True,
    ),
    *_routes_of_one("v2", is_deprecated=True),
    Route(
        method="GET",
        path="/v3/follow_ups",
        group="Follow-ups",
        summary="List follow-ups",
        description="Oldest first. Tests and tutorials are left out unless `incident_mode` asks for them.",
        handler=list_follow_ups_by_page,
        scope=Scope.ACTIONS_VIEW,
        query=PageQuery,
        answer=wire.FollowUpsPage,
    ),
    *_routes_of_one("v3", is_deprecated=False),
    Route(
        method="POST",
        path="/v3/follow_ups/actions/create_from_link",
        group="Follow-ups",
        summary="Create a follow-up from an issue",
        description="The issue's address names it, and tells which tracker it is in. The same one again is returned.",
        handler=create_from_link,
        scope=Scope.FOLLOW_UPS_CREATE,
        body=wire.FollowUpFromLinkPayload,
        answer=wire.FollowUpsShow,
        status=201,
        refusals=(404,),
    ),
)
