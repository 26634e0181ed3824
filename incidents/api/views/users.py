"""Users V2, which clients may read."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from incidents.api.errors import not_found
from incidents.api.ids import id_in_path, id_sent
from incidents.api.query import USUAL_PAGE, After
from incidents.api.reading.pages import page_of
from incidents.api.reading.users import read_users
from incidents.api.routes import Call, Nothing, Route
from incidents.api.wire import people as wire
from incidents.models import User
from incidents.models.api_key_roles import Scope

LARGEST_PAGE = 10_000


class UsersQuery(Struct):
    """A part of the people, or the one whom a name belongs to."""

    page_size: Annotated[
        int, Meta(ge=1, le=LARGEST_PAGE, description=f"How many to return, at most {LARGEST_PAGE:,}.")
    ] = USUAL_PAGE
    after: After = ""
    email: Annotated[str, Meta(max_length=254, description="In any case.")] = ""
    slack_user_id: Annotated[str, Meta(max_length=50)] = ""
    include_inactive: Annotated[bool, Meta(description="Also people whose account is closed.")] = False


def list_users(call: Call[UsersQuery, Nothing]) -> wire.UsersList:
    query = call.query
    people = User.objects.order_by("id")
    if after := id_sent(query.after, "/after"):
        people = people.filter(id__gt=after)
    if query.email:
        people = people.filter(email=query.email.lower())
    if query.slack_user_id:
        people = people.filter(slack_user_id=query.slack_user_id)
    if not query.include_inactive:
        people = people.filter(is_active=True)
    page, meta = page_of(read_users(people[: query.page_size + 1]), query.page_size)
    return wire.UsersList(users=page, pagination_meta=meta)


def show_user(call: Call[Nothing, Nothing]) -> wire.UsersShow:
    found = read_users(User.objects.filter(pk=id_in_path(call, "user")))
    if not found:
        raise not_found("user")
    return wire.UsersShow(user=found[0])


ROUTES = (
    Route(
        method="GET",
        path="/v2/users",
        group="Users",
        summary="List users",
        description="In the order in which they were added.",
        handler=list_users,
        scope=Scope.USERS_VIEW,
        query=UsersQuery,
        answer=wire.UsersList,
    ),
    Route(
        method="GET",
        path="/v2/users/{id}",
        group="Users",
        summary="Show a user",
        description="Also one whose account is closed.",
        handler=show_user,
        scope=Scope.USERS_VIEW,
        answer=wire.UsersShow,
        refusals=(404,),
    ),
)
