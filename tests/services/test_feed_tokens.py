"""Feed tokens: shown once, stored hashed, one for each person."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from incidents.models import Actor, FeedToken, User
from incidents.services.feed_tokens import feed_token_of, issue_feed_token, revoke_feed_token
from tests.make import make_actor, make_api_key, make_user

pytestmark = pytest.mark.django_db


def test_a_token_opens_the_feeds_of_its_person() -> None:
    actor = make_actor("Rosa Lund")
    token = issue_feed_token(actor)
    found = feed_token_of(token)

    assert found is not None
    assert found.user == actor.user
    assert len(token) >= 32


def test_only_a_hash_is_stored() -> None:
    token = issue_feed_token(make_actor())

    assert token not in str(FeedToken.objects.values().get())


def test_a_new_token_ends_the_one_before() -> None:
    actor = make_actor()
    before, after = issue_feed_token(actor), issue_feed_token(actor)

    assert feed_token_of(before) is None
    assert feed_token_of(after) is not None


def test_a_revoked_token_opens_nothing_and_others_go_on() -> None:
    actor = make_actor()
    token, other = issue_feed_token(actor), issue_feed_token(make_actor("Mei Tanaka"))
    revoke_feed_token(actor)
    revoke_feed_token(actor)

    assert feed_token_of(token) is None
    assert feed_token_of(other) is not None


def test_a_person_who_may_not_sign_in_has_no_feeds() -> None:
    user = make_user()
    token = issue_feed_token(Actor.of_user(user))
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert feed_token_of(token) is None
    with pytest.raises(PermissionDenied):
        issue_feed_token(Actor.of_user(User.objects.get(pk=user.pk)))


def test_automation_has_no_feeds() -> None:
    with pytest.raises(PermissionDenied):
        issue_feed_token(Actor.of_api_key(make_api_key().api_key))


@pytest.mark.parametrize("token", ["", "x", "é" * 500])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert feed_token_of(token) is None
