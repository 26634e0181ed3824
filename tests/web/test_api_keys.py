"""The list of API keys, and who sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from incidents.models import Actor, ApiKey, User
from incidents.services.api_keys import api_key_of_token, revoke_api_key
from tests.make import PASSWORD, make_api_key, make_user
from tests.web.api_keys import KEYS, page_of, rows_of

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_key_is_told_with_its_maker_roles_and_times(admin: Client) -> None:
    ada = Actor.of_user(make_user("Ada Okafor", role="administrator"))
    with time_machine.travel(NOON, tick=False):
        issued = make_api_key(actor=ada, expires_at=datetime(2027, 2, 21, 12, tzinfo=UTC))
        ApiKey.objects.update(last_used_at=NOON - timedelta(minutes=2))

        (row,) = rows_of(admin.get(KEYS).text)

    assert row == (
        f"ledger-watch {issued.token[:8]}… by Ada Okafor incident_creator viewer Last used 2m ago"
        " Expires 21 Feb 2027 Rotate ledger-watch Revoke ledger-watch"
    )


def test_nothing_of_a_token_but_its_start_is_told(admin: Client) -> None:
    issued = make_api_key()

    text = admin.get(KEYS).text

    assert issued.token[:9] not in text
    assert str(issued.api_key.token_hash) not in text


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, "never"),
        (timedelta(days=14, minutes=1), "7 Dec"),
        (timedelta(days=14), "in 14 days"),
        (timedelta(days=6, hours=3), "in 6 days"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(seconds=5), "in less than a minute"),
        (timedelta(0), "expired 23 Nov"),
        (timedelta(days=-400), "expired 19 Oct 2025"),
    ],
)
def test_the_end_is_told_in_words(
    admin: Client, administrator: User, left: timedelta | None, words: str
) -> None:
    make_api_key(actor=Actor.of_user(administrator))
    ApiKey.objects.update(expires_at=None if left is None else NOON + left)

    text = admin.get(KEYS).text

    assert words in rows_of(text)[0]
    assert ("key-soon" in text) == (left is not None and left <= timedelta(days=14))


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("used", "made", "words"),
    [
        (timedelta(days=30), timedelta(days=90), "24 Oct unused for 30 days"),
        (timedelta(days=41, hours=2), timedelta(days=90), "13 Oct unused for 41 days"),
        (timedelta(days=29, hours=23), timedelta(days=90), "29d ago Expires"),
        (None, timedelta(days=33), "not yet unused for 33 days"),
        (None, timedelta(days=2), "not yet Expires"),
    ],
)
def test_what_is_not_used_is_told(admin: Client, used: timedelta | None, made: timedelta, words: str) -> None:
    make_api_key()
    ApiKey.objects.update(last_used_at=None if used is None else NOON - used, created_at=NOON - made)

    assert words in rows_of(admin.get(KEYS).text)[0]


def test_roles_without_effect_are_counted(admin: Client) -> None:
    make_api_key(roles=("viewer", "on_call_viewer", "schedules_editor"))

    assert "viewer and 2 without effect here" in rows_of(admin.get(KEYS).text)[0]


def test_a_key_that_another_one_made_names_it(admin: Client) -> None:
    terraform = make_api_key("Terraform", roles=("viewer", "api_keys_manage")).api_key
    make_api_key("child", roles=("viewer",), actor=Actor.of_api_key(terraform))

    assert "by the key Terraform" in rows_of(admin.get(KEYS).text)[0]


def test_revoked_keys_come_last_with_nothing_to_do(admin: Client, administrator: User) -> None:
    actor = Actor.of_user(administrator)
    make_api_key("older", actor=actor)
    revoked = make_api_key("newest", actor=actor).api_key
    with time_machine.travel(NOON, tick=False):
        revoke_api_key(revoked, actor)

        older, newest = rows_of(admin.get(KEYS).text)

    assert older.startswith("older")
    assert newest.startswith("newest")
    assert newest.endswith("revoked 23 Nov")


def test_pages_hold_each_key_once(
    admin: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.web.api_key_rows.PAGE_SIZE", 3)
    actor = Actor.of_user(administrator)
    keys = [make_api_key(f"key {number}", actor=actor).api_key for number in range(11)]
    for api_key in keys[::2]:
        revoke_api_key(api_key, actor)

    address, seen, pages = KEYS, [], 0
    while address and pages < 9:
        text = admin.get(address).text
        seen += [" ".join(row.split()[:2]) for row in rows_of(text)]
        older = re.search(rf'rel="next"\s+href="({KEYS}\?[^"]+)"', text)
        address, pages = older[1] if older else "", pages + 1

    standing, revoked = [9, 7, 5, 3, 1], [10, 8, 6, 4, 2, 0]
    assert seen == [f"key {number}" for number in (*standing, *revoked)]
    assert pages == 4


def test_fifty_keys_are_one_page(admin: Client, administrator: User) -> None:
    actor = Actor.of_user(administrator)
    for number in range(51):
        make_api_key(f"key {number}", actor=actor)

    text = admin.get(KEYS).text

    assert len(rows_of(text)) == 50
    assert "First page" not in text


def test_more_keys_cost_no_more_queries(
    admin: Client, administrator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_api_key(f"key {number}", actor=Actor.of_user(make_user(role="administrator")))

    # Session, person, keys.
    with django_assert_num_queries(3):
        admin.get(KEYS)


@pytest.mark.parametrize("query", ["after=", "after=nonsense", "after=%F0%9F%94%A5", "revoked_after=' OR 1"])
def test_a_place_that_is_none_is_not_found(admin: Client, query: str) -> None:
    assert admin.get(f"{KEYS}?{query}").status_code == 404


def test_an_empty_list_says_what_keys_are_for(admin: Client) -> None:
    assert "No keys yet" in admin.get(KEYS).text


@pytest.mark.parametrize("role", ["viewer", "responder"])
@pytest.mark.parametrize("name", ["", "new/", "{key}/edit/", "{key}/rotate/", "{key}/revoke/"])
def test_nobody_but_administrators(client: Client, role: str, name: str) -> None:
    issued, user = make_api_key(), make_user(role=role)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    address = KEYS + name.format(key=issued.api_key.pk)

    asked, sent = client.get(address), client.post(address, {"name": "mine"})

    assert asked.status_code == 403
    assert sent.status_code in {403, 405}
    assert issued.token[:8] not in asked.text
    assert api_key_of_token(issued.token) == ApiKey.objects.get()


@pytest.mark.parametrize("name", ["", "new/", "{key}/edit/", "{key}/rotate/", "{key}/revoke/"])
def test_visitors_log_in_first(client: Client, name: str) -> None:
    address = KEYS + name.format(key=make_api_key().api_key.pk)

    for response in (client.get(address), client.post(address)):
        assert response.headers["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("name", ["edit", "rotate", "revoke"])
@pytest.mark.parametrize(
    "key", ["nonsense", "7" * 26, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" * 3_000, "%F0%9F%94%A5", "."]
)
def test_a_key_that_is_none_is_not_found(admin: Client, name: str, key: str) -> None:
    assert admin.get(f"{KEYS}{key}/{name}/").status_code == 404


def test_the_id_is_read_in_any_case(admin: Client) -> None:
    address = page_of(make_api_key().api_key, "edit")

    assert admin.get(address.lower()).status_code == 200
