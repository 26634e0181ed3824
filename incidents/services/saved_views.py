"""Views of the list: kept under a name, changed, shared, forgotten, and chosen to start with."""

from __future__ import annotations

import dataclasses

from django.db import transaction

from incidents import text
from incidents.models import Actor, ConfigurationVersion, SavedView, User
from incidents.models.saved_view import MOST_OWN, MOST_SHARED, NAME_LENGTH, QUERY_LENGTH
from incidents.services.drafts import UNSET, Unset
from incidents.services.errors import Problems, require_responder


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedViewDraft:
    """A view that somebody wants, or wants a view to be; what is UNSET stays. Whoever asks has checked the query."""

    name: str | Unset = UNSET
    query: str | Unset = UNSET
    is_shared: bool | Unset = UNSET


def save_view(draft: SavedViewDraft, actor: Actor) -> SavedView:
    """Keep a view for a person.

    Raises:
        PermissionDenied: it is to be shared, and the actor is no responder.
        ValidationError: by field: the name is missing or taken, the query too long, or there are too many views.
    """
    owner = _person(actor)
    view = SavedView(owner=owner)
    with transaction.atomic():
        _fill(view, draft, actor)
        view.save(force_insert=True)
    return view


def edit_view(view: SavedView, draft: SavedViewDraft, actor: Actor) -> SavedView:
    """Change a view. One that is no longer shared stays with its owner alone.

    Raises:
        SavedView.DoesNotExist: it is gone, or not the actor's to change.
        PermissionDenied, ValidationError: as save_view.
    """
    with transaction.atomic():
        locked = _changeable(view, actor)
        was_shared = locked.is_shared
        _fill(locked, draft, actor)
        locked.save(update_fields=["name", "name_key", "query", "is_shared", "updated_at"])
        if was_shared and not locked.is_shared:
            User.objects.filter(start_view=locked).exclude(pk=locked.owner_id).update(start_view=None)
    return locked


def delete_view(view: SavedView, actor: Actor) -> None:
    """Forget a view; whoever started with it starts with what is open again.

    Raises:
        SavedView.DoesNotExist: as edit_view.
    """
    with transaction.atomic():
        _changeable(view, actor).delete()


def choose_start_view(view: SavedView | None, actor: Actor) -> None:
    """Let the list open with this view for the actor; with None it opens with what is open.

    Raises:
        SavedView.DoesNotExist: it is gone, or not for the actor.
    """
    person = _person(actor)
    with transaction.atomic():
        if view is not None:
            view = SavedView.objects.visible_to(actor).select_for_update().get(pk=view.pk)
        User.objects.filter(pk=person.pk).update(start_view=view)


def _changeable(view: SavedView, actor: Actor) -> SavedView:
    locked = SavedView.objects.visible_to(actor).select_for_update().get(pk=view.pk)
    if not locked.may_be_changed_by(actor):
        raise SavedView.DoesNotExist
    return locked


def _fill(view: SavedView, draft: SavedViewDraft, actor: Actor) -> None:
    problems = Problems()
    if draft.is_shared is not UNSET:
        view.is_shared = draft.is_shared
    if view.is_shared:
        require_responder(actor)
    if draft.name is not UNSET or view._state.adding:
        _fill_name(view, "" if draft.name is UNSET else draft.name, problems)
    if draft.query is not UNSET:
        view.query = problems.line("query", draft.query, limit=QUERY_LENGTH)
        if not view.query:
            problems.add("query", "Say which incidents the view shows.", "is_required")
    problems.raise_if_any()
    _require_room(view, problems)
    problems.raise_if_any()


def _fill_name(view: SavedView, name: str, problems: Problems) -> None:
    view.name = problems.line("name", name, limit=NAME_LENGTH)
    view.name_key = text.fold(view.name)[: 4 * NAME_LENGTH]
    if not text.is_visible(name[:NAME_LENGTH]):
        problems.add("name", "Give the view a name.", "is_required")


def _require_room(view: SavedView, problems: Problems) -> None:
    """Refuse a name that is taken and one view too many. The lock makes those who save at once wait here."""
    if view.is_shared:
        ConfigurationVersion.objects.select_for_update().first()
        others, most = SavedView.objects.filter(is_shared=True), MOST_SHARED
        taken = f"There is a shared view “{view.name}” already. Choose another name."
        full = f"There are {most} shared views already. Delete one first."
    else:
        User.objects.select_for_update(no_key=True).get(pk=view.owner_id)
        others, most = SavedView.objects.filter(is_shared=False, owner=view.owner_id), MOST_OWN
        taken = f"You have a view “{view.name}” already. Choose another name."
        full = f"You keep {most} views already. Delete one first."
    names = list(others.exclude(pk=view.pk).values_list("name_key", flat=True))
    if view.name_key in names:
        problems.add("name", taken, "taken")
    if len(names) >= most:
        problems.add("name", full, "too_many")


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise ValueError("Only people keep views.")
    return actor.user
