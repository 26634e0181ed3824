"""Rotating and revoking API keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from incidents.models import Actor, ApiKey, User
from incidents.services.api_keys import api_key_of_token, revoke_api_key
from tests.forms import read_form
from tests.make import make_api_key
from tests.web.api_keys import KEYS, TOKEN, page_of, token_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(("choice", "old_works"), [(None, True), ("on", False)])
def test_a_key_gets_another_token(admin: Client, choice: str | None, old_works: bool) -> None:
    old = make_api_key()
    address = page_of(old.api_key, "rotate")
    sent = read_form(admin.get(address), "rotate-form").filled(stops_at_once=choice)

    response = admin.post(address, sent)

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert api_key_of_token(token_in(response)) == old.api_key
    assert (api_key_of_token(old.token) is not None) == old_works
    assert ("The old token works for another 30 minutes." in response.text) == old_works
    assert ("The old token does not work any more." in response.text) != old_works


def test_the_old_token_ends_after_half_an_hour(admin: Client) -> None:
    old = make_api_key()
    address = page_of(old.api_key, "rotate")
    admin.post(address, read_form(admin.get(address), "rotate-form").filled())

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=False):
        assert api_key_of_token(old.token) is None


def test_asking_changes_nothing(admin: Client) -> None:
    old = make_api_key()

    response = admin.get(page_of(old.api_key, "rotate"))

    assert "works for another 30 minutes" in response.text
    assert api_key_of_token(old.token) == old.api_key


def test_sending_it_again_keeps_both_tokens(admin: Client) -> None:
    old = make_api_key()
    address = page_of(old.api_key, "rotate")
    sent = read_form(admin.get(address), "rotate-form").filled()
    token = token_in(admin.post(address, sent))

    again = admin.post(address, {**sent, "stops_at_once": "on"})

    assert again.status_code == 409
    assert "ledger-watch has another token already" in again.text
    assert not TOKEN.search(again.text)
    assert api_key_of_token(old.token) == api_key_of_token(token) == old.api_key


def test_without_the_mark_of_the_form_nothing_happens(admin: Client) -> None:
    old = make_api_key()

    response = admin.post(page_of(old.api_key, "rotate"), {"stops_at_once": "on"})

    assert response.status_code == 422
    assert "A part of this form did not arrive." in response.text
    assert api_key_of_token(old.token) == old.api_key


def test_a_key_that_expired_is_told(admin: Client) -> None:
    api_key = make_api_key().api_key
    ApiKey.objects.update(expires_at=NOON - timedelta(days=400))

    assert "The key expired" in admin.get(page_of(api_key, "rotate")).text


def test_a_key_is_revoked_after_asking(admin: Client) -> None:
    issued = make_api_key()
    address = page_of(issued.api_key, "revoke")
    asked = admin.get(address)
    works_still = api_key_of_token(issued.token) is not None

    response = admin.post(address, read_form(asked, "revoke-form").filled())

    assert works_still
    assert (response.status_code, response.headers["Location"]) == (303, KEYS)
    assert api_key_of_token(issued.token) is None
    assert "“ledger-watch” is revoked." in admin.get(KEYS).text


@pytest.mark.parametrize("name", ["edit", "rotate", "revoke"])
def test_a_revoked_key_cannot_be_changed(admin: Client, administrator: User, name: str) -> None:
    api_key = make_api_key().api_key
    revoke_api_key(api_key, Actor.of_user(administrator))
    before = ApiKey.objects.get()

    response = admin.post(page_of(api_key, name), {"issued_at": api_key.token_last_issued_at.isoformat()})

    assert (response.status_code, response.headers["Location"]) == (303, KEYS)
    assert "“ledger-watch” is revoked for good." in admin.get(KEYS).text
    after = ApiKey.objects.get()
    assert (after.revoked_at, after.token_hash) == (before.revoked_at, before.token_hash)
