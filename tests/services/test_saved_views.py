"""Saved views: what is kept, whose they are, and who may change them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Actor, SavedView, User
from incidents.models.saved_view import MOST_OWN, MOST_SHARED, NAME_LENGTH, QUERY_LENGTH
from incidents.services.saved_views import (
    SavedViewDraft,
    choose_start_view,
    delete_view,
    edit_view,
    save_view,
)
from tests.at_once import at_once
from tests.make import make_actor, make_saved_view, make_user

pytestmark = pytest.mark.django_db


def start_of(actor: Actor) -> str | None:
    assert actor.user is not None
    return User.objects.get(pk=actor.user.pk).start_view_id


def test_a_view_is_kept_for_its_owner() -> None:
    actor = make_actor()

    view = make_saved_view("  My   fires ", "severity[gte]=major", actor=actor)

    stored = SavedView.objects.get(pk=view.pk)
    assert (stored.name, stored.query, stored.is_shared) == ("My fires", "severity[gte]=major", False)
    assert list(SavedView.objects.visible_to(actor)) == [stored]
    assert not SavedView.objects.visible_to(make_actor(role="administrator")).exists()


def test_a_shared_view_is_for_everybody() -> None:
    view = make_saved_view(is_shared=True)

    assert list(SavedView.objects.visible_to(make_actor(role="viewer"))) == [view]


def test_viewers_keep_views_and_share_none() -> None:
    viewer = make_actor(role="viewer")
    own = make_saved_view(actor=viewer)

    with pytest.raises(PermissionDenied):
        make_saved_view("Other", actor=viewer, is_shared=True)
    with pytest.raises(PermissionDenied):
        edit_view(own, SavedViewDraft(is_shared=True), viewer)


@pytest.mark.parametrize(
    ("draft", "field", "code"),
    [
        ({"name": ""}, "name", "is_required"),
        ({"name": "\u200b"}, "name", "is_required"),
        ({"name": "a\x00b"}, "name", "nul"),
        ({"name": "x" * (NAME_LENGTH + 1)}, "name", "too_long"),
        ({"name": "x" * 1_000_000}, "name", "too_long"),
        ({"query": ""}, "query", "is_required"),
        ({"query": "x" * (QUERY_LENGTH + 1)}, "query", "too_long"),
        ({"query": "a\x00b"}, "query", "nul"),
    ],
)
def test_bad_input_is_refused_by_field(draft: dict[str, Any], field: str, code: str) -> None:
    whole = SavedViewDraft(**{"name": "Fires", "query": "search=a", **draft})

    with pytest.raises(ValidationError) as refused:
        save_view(whole, make_actor())

    assert code in [error.code for error in refused.value.error_dict[field]]
    assert not SavedView.objects.exists()


def test_a_name_is_taken_once_whatever_its_case() -> None:
    actor = make_actor()
    make_saved_view("Straße", actor=actor)
    make_saved_view("Board", actor=actor, is_shared=True)

    with pytest.raises(ValidationError, match="already"):
        make_saved_view("STRASSE", actor=actor)
    with pytest.raises(ValidationError, match="already"):
        make_saved_view("board", is_shared=True)
    # Others, and the other shelf, are free to use the name.
    make_saved_view("Straße")
    make_saved_view("Board", actor=actor)


def test_a_view_may_keep_its_own_name() -> None:
    actor = make_actor()
    view = make_saved_view("Fires", actor=actor)

    assert edit_view(view, SavedViewDraft(name="FIRES"), actor).name == "FIRES"


@pytest.mark.parametrize(("is_shared", "most"), [(False, MOST_OWN), (True, MOST_SHARED)])
def test_there_is_an_end_to_views(is_shared: bool, most: int) -> None:
    actor = make_actor()
    for number in range(most):
        make_saved_view(f"v{number}", actor=actor, is_shared=is_shared)

    with pytest.raises(ValidationError, match=f"{most}"):
        make_saved_view("One more", actor=actor, is_shared=is_shared)


def test_only_owner_and_administrator_change_a_shared_view() -> None:
    owner = make_actor("Olga Owner")
    view = make_saved_view("Board", actor=owner, is_shared=True)

    for stranger in (make_actor(), make_actor(role="viewer")):
        with pytest.raises(SavedView.DoesNotExist):
            edit_view(view, SavedViewDraft(name="Mine"), stranger)
        with pytest.raises(SavedView.DoesNotExist):
            delete_view(view, stranger)
    assert edit_view(view, SavedViewDraft(name="Ours"), make_actor(role="administrator")).name == "Ours"
    delete_view(view, owner)
    assert not SavedView.objects.exists()


def test_nobody_changes_what_others_keep_for_themselves() -> None:
    view = make_saved_view()

    for stranger in (make_actor(), make_actor(role="administrator")):
        with pytest.raises(SavedView.DoesNotExist):
            delete_view(view, stranger)


def test_the_list_starts_with_a_chosen_view_until_it_is_gone() -> None:
    owner, other = make_actor("Olga Owner"), make_actor()
    view = make_saved_view(actor=owner, is_shared=True)
    for actor in (owner, other):
        choose_start_view(view, actor)

    edit_view(view, SavedViewDraft(is_shared=False), owner)
    assert (start_of(owner), start_of(other)) == (view.pk, None)

    delete_view(view, owner)
    assert start_of(owner) is None


def test_nobody_starts_with_a_view_of_others() -> None:
    with pytest.raises(SavedView.DoesNotExist):
        choose_start_view(make_saved_view(), make_actor())


def test_start_is_given_up() -> None:
    actor = make_actor()
    choose_start_view(make_saved_view(actor=actor), actor)

    choose_start_view(None, actor)

    assert start_of(actor) is None


@pytest.mark.usefixtures("committed_db")
def test_of_many_at_once_one_gets_the_name() -> None:
    actors = [make_actor() for _ in range(6)]

    def share(number: int) -> str:
        draft = SavedViewDraft(name="Board", query="search=a", is_shared=True)
        try:
            save_view(draft, actors[number])
        except ValidationError:
            return "taken"
        return "saved"

    assert sorted(at_once(share, len(actors))) == ["saved", *["taken"] * 5]


def test_who_leaves_takes_their_views_along() -> None:
    user = make_user()
    make_saved_view(actor=Actor.of_user(user))

    user.delete()

    assert not SavedView.objects.exists()
