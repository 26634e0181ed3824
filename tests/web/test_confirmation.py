"""The password once more, before API keys are made, changed, rotated or revoked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from incidents.models import ApiKey
from incidents.services.api_keys import api_key_of_token
from tests.make import PASSWORD, make_api_key
from tests.web.api_keys import KEYS, NEW, TOKEN, filled, page_of, token_in

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import User

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONFIRM = "/accounts/reauthenticate/"


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_who_just_logged_in_is_not_asked(admin: Client, clock: time_machine.Traveller) -> None:
    clock.move_to(NOON + timedelta(minutes=4, seconds=59))

    assert admin.get(NEW).status_code == 200


@pytest.mark.parametrize("name", ["new", "{key}/edit", "{key}/rotate", "{key}/revoke"])
def test_after_five_minutes_the_form_asks_first(
    admin: Client, clock: time_machine.Traveller, name: str
) -> None:
    address = f"{KEYS}{name.format(key=make_api_key().api_key.pk)}/"
    clock.move_to(NOON + timedelta(minutes=5))

    asked = admin.get(address)
    confirmed = admin.post(CONFIRM, {"password": PASSWORD, "next": address})

    assert asked.headers["Location"] == f"{CONFIRM}?next={address.replace('/', '%2F')}"
    assert confirmed.headers["Location"] == address
    assert admin.get(address).status_code == 200


def test_the_list_asks_nobody(admin: Client, clock: time_machine.Traveller) -> None:
    clock.move_to(NOON + timedelta(days=3))

    assert admin.get(KEYS).status_code == 200


def test_a_session_without_a_password_is_asked(client: Client, administrator: User) -> None:
    client.force_login(administrator)

    assert client.get(NEW).headers["Location"].startswith(CONFIRM)


def test_a_wrong_password_opens_nothing(admin: Client, clock: time_machine.Traveller) -> None:
    clock.move_to(NOON + timedelta(minutes=5))

    response = admin.post(CONFIRM, {"password": "wrong", "next": NEW})

    assert "This is not your password." in response.text
    assert admin.get(NEW).headers["Location"].startswith(CONFIRM)


def test_a_form_that_took_long_goes_on_after_the_password(
    admin: Client, clock: time_machine.Traveller
) -> None:
    sent = filled(admin)
    clock.move_to(NOON + timedelta(minutes=20))

    asked = admin.post(NEW, sent)
    nothing_yet = not ApiKey.objects.exists()
    response = admin.post(CONFIRM, {"password": PASSWORD, "next": NEW})

    assert asked.headers["Location"].startswith(CONFIRM)
    assert nothing_yet
    assert "no-store" in response.headers["Cache-Control"]
    assert api_key_of_token(token_in(response)) == ApiKey.objects.get()


def test_reloading_after_the_password_makes_no_second_key(
    admin: Client, clock: time_machine.Traveller
) -> None:
    sent = filled(admin)
    clock.move_to(NOON + timedelta(minutes=20))
    admin.post(NEW, sent)
    admin.post(CONFIRM, {"password": PASSWORD, "next": NEW})

    again = admin.post(CONFIRM, {"password": PASSWORD, "next": NEW}, follow=True)

    assert not TOKEN.search(again.text)
    assert ApiKey.objects.count() == 1


def test_a_forgotten_form_is_not_sent_from_somewhere_else(
    admin: Client, clock: time_machine.Traveller
) -> None:
    api_key = make_api_key().api_key
    clock.move_to(NOON + timedelta(minutes=20))
    admin.post(page_of(api_key, "revoke"))

    response = admin.post(CONFIRM, {"password": PASSWORD, "next": NEW})

    assert response.headers["Location"] == NEW
    assert ApiKey.objects.get().revoked_at is None


def test_a_form_that_was_given_up_does_not_go_on_later(admin: Client, clock: time_machine.Traveller) -> None:
    address = page_of(make_api_key().api_key, "revoke")
    clock.move_to(NOON + timedelta(minutes=20))
    admin.post(address)
    clock.move_to(NOON + timedelta(days=1))
    admin.get(address)

    response = admin.post(CONFIRM, {"password": PASSWORD, "next": address})

    assert response.headers["Location"] == address
    assert ApiKey.objects.get().revoked_at is None


def test_who_tries_too_often_has_to_wait(admin: Client) -> None:
    tries = [admin.post(CONFIRM, {"password": "wrong", "next": NEW}) for _ in range(11)]

    assert tries[-1].status_code == 429
    assert "Too many tries" in tries[-1].text
    assert "429.html" in [template.name for template in tries[-1].templates]
