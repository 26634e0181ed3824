"""Saved views as addresses: which one is open, whether the address still is what was saved, and what may be saved."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from incidents.models import Incident, SavedView
from incidents.models.saved_view import QUERY_LENGTH
from incidents.web.asked_incidents import filter_of, filtered_address
from incidents.web.list_address import ListAddress
from incidents.web.list_columns import COLUMNS, read_columns, written_columns
from incidents.web.list_display import read_display
from incidents.web.search_box import read_search_box

if TYPE_CHECKING:
    from incidents.models import Actor, Configuration

VIEW = "view"


@dataclasses.dataclass(frozen=True, slots=True)
class OpenedView:
    """The saved view that an address names, with what the person may do about it."""

    view: SavedView
    query: str
    is_changed: bool
    may_change: bool
    is_start: bool


def named_view(view_id: str, actor: Actor) -> SavedView:
    """Return the view that an address names; one query.

    Raises:
        Http404: there is none, or it is somebody else's own. Nobody can tell which.
    """
    view = SavedView.objects.visible_to(actor).named(view_id).first()
    if view is None:
        raise Http404
    return view


def start_view_url(actor: Actor) -> str:
    """Return the address of the view that the actor starts with; nothing and no query without one."""
    if actor.user is None or actor.user.start_view_id is None:
        return ""
    seen = SavedView.objects.visible_to(actor).filter(pk=actor.user.start_view_id)
    return view_url(actor.user.start_view_id) if seen.exists() else ""


def view_url(view_id: str) -> str:
    """Return the short address of a view."""
    return f"{reverse('incidents:list')}?{VIEW}={view_id}"


def opened_address(address: ListAddress, view: SavedView | None) -> ListAddress:
    """Return the address with everything written out: one that names a view alone means what was saved."""
    if view is None or set(address.query) != {VIEW}:
        return address
    saved = dict(QueryDict(view.query).lists())
    return dataclasses.replace(address, query=MultiValueDict({**saved, VIEW: [view.pk]}))


def open_view(view: SavedView, filtered: ListAddress, actor: Actor) -> OpenedView:
    """Return what the page says about the view."""
    now, saved = filtered.without(VIEW).query, QueryDict(view.query)
    return OpenedView(
        view=view,
        query=query_of(filtered),
        is_changed=dict(now.lists()) != dict(saved.lists()),
        may_change=view.may_be_changed_by(actor),
        is_start=actor.user is not None and actor.user.start_view_id == view.pk,
    )


def with_plain_columns(address: ListAddress, configuration: Configuration) -> ListAddress:
    """Return the address with its columns written in one way, by slug; as it is where they cannot be read."""
    written = address.query.getlist(COLUMNS)
    if not written:
        return address
    columns, problem = read_columns(written, configuration)
    plain = written_columns(columns)
    if problem or written == [plain]:
        return address
    return address.with_values(COLUMNS, [plain]) if plain else address.without(COLUMNS)


def query_of(address: ListAddress) -> str:
    """Return what of an address is saved: all but the view and the place in the list."""
    return dataclasses.replace(address.without(VIEW), path="").url.removeprefix("?")


def checked_query(written: str, actor: Actor, configuration: Configuration) -> tuple[str, str]:
    """Return a query as it is saved, and what is wrong with it, if anything.

    The terms of its text become filters, as they do in the list. One query where terms name people or catalog entries,
    one where filters do.
    """
    if len(written) > QUERY_LENGTH:
        return "", f"This view is too long to be saved ({len(written):,} characters of {QUERY_LENGTH:,})."
    address = ListAddress("", QueryDict(written)).without_blanks().without(VIEW)
    address = read_search_box(address, actor, configuration, is_typing=False).address
    filtered = filtered_address(with_plain_columns(address, configuration), configuration)
    incident_filter = filter_of(filtered, Incident.objects.visible_to(actor), actor, configuration)
    _, problems = read_display(filtered.query, configuration)
    wrong = [" ".join(messages) for messages in incident_filter.errors.values()] + list(problems.values())
    return query_of(filtered), wrong[0] if wrong else ""
