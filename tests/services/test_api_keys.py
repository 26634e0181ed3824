"""API keys: what each verb stores, and what it refuses."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from incidents.models import Actor, ApiKey
from incidents.models.api_key_roles import ROLES, ROLES_WITHOUT_EFFECT, Scope
from incidents.models.ulid import new_ulid
from incidents.services.api_keys import (
    HIGHEST_RATE_LIMIT,
    ApiKeyDraft,
    api_key_of_token,
    edit_api_key,
    issue_api_key,
    replace_token,
    revoke_api_key,
    rotate_api_key,
)
from incidents.services.errors import ApiKeyMadeBeforeError, TokenReplacedError
from tests.make import make_actor, make_api_key, make_team

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
TOKEN = re.compile(r"toc_([A-Za-z0-9]+)")


def draft(**changes: Any) -> ApiKeyDraft:
    return ApiKeyDraft(**{"name": "ledger-watch", "roles": ("viewer",), **changes})


def administrator() -> Actor:
    return make_actor("Ada Okafor", role="administrator")


def key_actor(*roles: str) -> Actor:
    return Actor.of_api_key(make_api_key("Terraform", roles=roles).api_key)


def problems_of(changes: dict[str, Any], actor: Actor | None = None) -> list[str]:
    actor = actor or administrator()
    before = ApiKey.objects.count()
    with pytest.raises(ValidationError) as refusal:
        issue_api_key(draft(**changes), actor)
    assert ApiKey.objects.count() == before
    return list(refusal.value.message_dict)


def test_a_key_is_made_and_its_token_opens_it() -> None:
    actor = administrator()
    team = make_team()
    wanted = draft(
        name="  ledger   watch ",
        roles=("viewer", "incident_creator", "viewer"),
        comments="Watches the ledger.\r\nAsk Ada.",
        team_ids=(team.pk,),
        team_roles=("incident_editor",),
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
        similar_policy="attach",
        rate_limit=60,
    )

    issued = issue_api_key(wanted, actor)

    stored = ApiKey.objects.get()
    assert api_key_of_token(issued.token) == stored == issued.api_key
    assert (stored.name, stored.comments) == ("ledger watch", "Watches the ledger.\nAsk Ada.")
    assert (stored.roles, stored.team_roles) == (["incident_creator", "viewer"], ["incident_editor"])
    assert (stored.team_ids, stored.similar_policy, stored.rate_limit) == ([team.pk], "attach", 60)
    assert (stored.expires_at, stored.creator_user) == (datetime(2100, 1, 1, tzinfo=UTC), actor.user)
    assert stored.last_used_at is None


def test_a_key_does_what_its_roles_say() -> None:
    scopes = make_api_key(roles=("incident_creator", "on_call_viewer")).api_key.scopes

    assert scopes == {Scope.INCIDENTS_CREATE, Scope.ALERT_EVENTS_CREATE}


def test_the_documentation_tells_every_role() -> None:
    told = (settings.BASE_DIR / "docs" / "api-keys.md").read_text()

    assert [role for role in ROLES if f"| `{role}` |" not in told] == []


def test_whoever_runs_the_installation_makes_keys_without_an_account() -> None:
    api_key = issue_api_key(draft(), None).api_key

    assert (api_key.creator_user, api_key.creator_api_key) == (None, None)


def test_a_token_holds_190_bits_that_never_repeat() -> None:
    actor = administrator()
    tokens = [make_api_key(actor=actor).token for _ in range(50)]
    secrets = [found[1] for found in map(TOKEN.fullmatch, tokens) if found]

    assert len(set(secrets)) == 50
    assert all(len(secret) * math.log2(62) >= 190 for secret in secrets)
    # Every letter, small and large, and every digit turns up: none is left out of the choice.
    assert len(set("".join(secrets))) == 62


def test_of_a_token_only_the_first_letters_can_be_read_in_the_database() -> None:
    issued = make_api_key()
    rotated = rotate_api_key(issued.api_key, administrator(), grace=HALF_AN_HOUR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM incidents_apikey")
        row = " ".join(map(str, cursor.fetchone() or ()))

    for token in (issued.token, rotated.token):
        assert token[:9] not in row
        assert token[-20:] not in row
    assert rotated.token[:8] in row


@pytest.mark.parametrize("token", ["", "toc_", "toc_" + "x" * 32, "\x00", "\ud800", "é" * 10_000])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    make_api_key()

    assert api_key_of_token(token) is None


def test_the_hash_of_a_token_opens_nothing() -> None:
    issued = make_api_key()

    assert api_key_of_token(str(issued.api_key.token_hash)) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200b\u2060 "}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"name": "half \ud800"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"comments": "x" * 5_001}, "comments"),
        ({"comments": "nul\x00"}, "comments"),
        ({"roles": ("viewer", "emperor")}, "role_names"),
        ({"roles": ("Viewer",)}, "role_names"),
        ({"team_ids": ("01ARZ3NDEKTSV4RRFFQ69G5FAV",)}, "team_ids"),
        ({"expires_at": NOON}, "expires_at"),
        ({"similar_policy": "shrug"}, "similar_policy"),
        ({"rate_limit": 0}, "rate_limit"),
        ({"rate_limit": HIGHEST_RATE_LIMIT + 1}, "rate_limit"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_what_cannot_be_is_told_by_its_field(changes: dict[str, Any], field: str) -> None:
    assert problems_of(changes) == [field]


def test_everything_wrong_is_told_at_once() -> None:
    assert problems_of({"name": "", "roles": ("emperor",), "rate_limit": -1}) == [
        "name",
        "role_names",
        "rate_limit",
    ]


def test_roles_of_things_that_tocsin_lacks_are_kept() -> None:
    api_key = make_api_key(roles=ROLES_WITHOUT_EFFECT).api_key

    assert api_key.roles == sorted(ROLES_WITHOUT_EFFECT)
    assert api_key.scopes == frozenset()


def test_an_installation_has_only_so_many_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.services.api_keys.MOST_KEYS", 2)
    actor = administrator()
    revoke_api_key(make_api_key(actor=actor).api_key, actor)
    make_api_key("first", actor=actor)
    make_api_key("second", actor=actor)

    assert problems_of({"name": "third"}, actor) == ["name"]


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_only_administrators_manage_keys(role: str) -> None:
    actor, api_key = make_actor(role=role), make_api_key().api_key

    with pytest.raises(PermissionDenied):
        issue_api_key(draft(name="mine"), actor)
    with pytest.raises(PermissionDenied):
        edit_api_key(api_key, draft(name="mine"), actor)
    with pytest.raises(PermissionDenied):
        rotate_api_key(api_key, actor, grace=HALF_AN_HOUR)
    with pytest.raises(PermissionDenied):
        replace_token(api_key, actor, issued_at=api_key.token_last_issued_at, grace=HALF_AN_HOUR)
    with pytest.raises(PermissionDenied):
        revoke_api_key(api_key, actor)
    stored = ApiKey.objects.get()
    assert (stored.name, stored.token_hash, stored.revoked_at) == (api_key.name, api_key.token_hash, None)


def test_a_key_without_the_role_makes_no_keys() -> None:
    every_other = tuple(role for role in ROLES if role != "api_keys_manage")

    with pytest.raises(PermissionDenied):
        issue_api_key(draft(), key_actor(*every_other))


def test_a_key_gives_what_it_has() -> None:
    actor = key_actor("viewer", "incident_creator", "api_keys_manage")

    api_key = issue_api_key(draft(roles=("viewer", "incident_creator")), actor).api_key

    assert (api_key.creator_user, api_key.creator_api_key) == (None, actor.api_key)


@pytest.mark.parametrize("role", ["incident_editor", "api_keys_manage", "on_call_viewer"])
def test_a_key_gives_no_more_than_it_has_and_never_the_making_of_keys(role: str) -> None:
    actor = key_actor("viewer", "api_keys_manage")

    assert problems_of({"roles": ("viewer", role)}, actor) == ["role_names"]


def test_a_key_cannot_give_another_more_than_it_has_itself() -> None:
    other = make_api_key(roles=("viewer",)).api_key

    with pytest.raises(ValidationError):
        edit_api_key(other, draft(roles=("incident_editor",)), key_actor("viewer", "api_keys_manage"))

    assert ApiKey.objects.get(pk=other.pk).roles == ["viewer"]


def test_a_key_neither_changes_nor_revokes_itself() -> None:
    actor = key_actor("viewer", "api_keys_manage")
    assert actor.api_key is not None

    with pytest.raises(PermissionDenied):
        edit_api_key(actor.api_key, draft(), actor)
    with pytest.raises(PermissionDenied):
        revoke_api_key(actor.api_key, actor)


def test_a_request_sent_twice_makes_one_key() -> None:
    actor, api_key_id = administrator(), new_ulid()
    first = issue_api_key(draft(), actor, api_key_id=api_key_id)

    with pytest.raises(ApiKeyMadeBeforeError) as refusal:
        issue_api_key(draft(name="again"), actor, api_key_id=api_key_id)

    assert refusal.value.api_key == first.api_key == ApiKey.objects.get()
    assert api_key_of_token(first.token) == first.api_key
    assert ApiKey.objects.get().name == "ledger-watch"


def test_a_changed_key_keeps_its_token() -> None:
    issued = make_api_key(similar_policy="refuse", rate_limit=5)

    edit_api_key(
        issued.api_key, draft(name="renamed", roles=("incident_editor",), comments="New."), administrator()
    )

    stored = api_key_of_token(issued.token)
    assert stored is not None
    assert (stored.name, stored.roles, stored.comments) == ("renamed", ["incident_editor"], "New.")
    assert (stored.similar_policy, stored.rate_limit) == ("warn", 1_200)


def test_a_change_that_is_refused_changes_nothing() -> None:
    api_key = make_api_key().api_key

    with pytest.raises(ValidationError) as refusal:
        edit_api_key(api_key, draft(name="renamed", rate_limit=0), administrator())

    assert list(refusal.value.message_dict) == ["rate_limit"]
    assert ApiKey.objects.get().name == "ledger-watch"


def test_a_key_works_until_it_expires() -> None:
    with time_machine.travel(NOON, tick=False):
        issued = make_api_key(expires_at=NOON + timedelta(days=30))
    with time_machine.travel(NOON + timedelta(days=30, seconds=-1), tick=False):
        before = (api_key_of_token(issued.token), issued.api_key.is_usable)
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        after = (api_key_of_token(issued.token), issued.api_key.is_usable)

    assert before == (issued.api_key, True)
    assert after == (None, False)


def test_both_tokens_work_during_the_grace() -> None:
    actor = administrator()
    with time_machine.travel(NOON, tick=False):
        old = make_api_key(actor=actor)
        new = rotate_api_key(old.api_key, actor, grace=HALF_AN_HOUR)
    with time_machine.travel(NOON + timedelta(minutes=29, seconds=59), tick=False):
        during = [api_key_of_token(old.token), api_key_of_token(new.token)]
    with time_machine.travel(NOON + HALF_AN_HOUR, tick=False):
        afterwards = [api_key_of_token(old.token), api_key_of_token(new.token)]

    assert during == [old.api_key, old.api_key]
    assert afterwards == [None, old.api_key]
    assert new.api_key.token_last_issued_at == NOON
    assert new.token.startswith(new.api_key.token_start)


def test_without_a_grace_the_old_token_stops_at_once() -> None:
    old = make_api_key()

    new = rotate_api_key(old.api_key, administrator(), grace=timedelta(0))

    assert api_key_of_token(old.token) is None
    assert api_key_of_token(new.token) == old.api_key


def test_rotating_without_a_grace_ends_a_grace_that_was_running() -> None:
    actor = administrator()
    first = make_api_key(actor=actor)
    second = rotate_api_key(first.api_key, actor, grace=HALF_AN_HOUR)

    third = rotate_api_key(first.api_key, actor, grace=timedelta(0))

    opened = [api_key_of_token(issued.token) for issued in (first, second, third)]
    assert opened == [None, None, first.api_key]


@pytest.mark.parametrize("grace", [timedelta(seconds=-1), timedelta(minutes=60, seconds=1)])
def test_the_grace_is_at_most_an_hour(grace: timedelta) -> None:
    issued = make_api_key()

    with pytest.raises(ValidationError) as refusal:
        rotate_api_key(issued.api_key, administrator(), grace=grace)

    assert list(refusal.value.message_dict) == ["grace_period_minutes"]
    assert api_key_of_token(issued.token) == issued.api_key


def test_a_rotation_that_is_sent_twice_happens_once() -> None:
    actor = administrator()
    old = make_api_key(actor=actor)
    seen = old.api_key.token_last_issued_at
    new = replace_token(old.api_key, actor, issued_at=seen, grace=HALF_AN_HOUR)

    with pytest.raises(TokenReplacedError) as refusal:
        replace_token(old.api_key, actor, issued_at=seen, grace=timedelta(0))

    assert refusal.value.api_key == old.api_key
    assert api_key_of_token(old.token) == api_key_of_token(new.token) == old.api_key


def test_a_revoked_key_opens_nothing_and_gets_no_other_token() -> None:
    actor = administrator()
    issued = make_api_key(actor=actor)
    rotated = rotate_api_key(issued.api_key, actor, grace=HALF_AN_HOUR)

    revoke_api_key(issued.api_key, actor)

    assert api_key_of_token(issued.token) is None
    assert api_key_of_token(rotated.token) is None
    stored = ApiKey.objects.get()
    assert not stored.is_usable
    with pytest.raises(TokenReplacedError):
        replace_token(stored, actor, issued_at=stored.token_last_issued_at, grace=HALF_AN_HOUR)


def test_a_key_is_revoked_once_and_stays() -> None:
    actor = administrator()
    api_key = make_api_key(actor=actor).api_key
    with time_machine.travel(NOON, tick=False):
        revoke_api_key(api_key, actor)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        revoke_api_key(api_key, actor)

    assert ApiKey.objects.get().revoked_at == NOON
