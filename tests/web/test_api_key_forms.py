"""Making and changing API keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from incidents.models import Actor, ApiKey, User
from incidents.services.api_keys import api_key_of_token
from incidents.services.configuration import delete_noun
from tests.forms import read_form
from tests.make import make_api_key, make_team
from tests.web.api_keys import KEYS, NEW, TOKEN, filled, page_of, rows_of, token_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_what_is_asked_for_first_is_what_most_keys_need(admin: Client) -> None:
    values = read_form(admin.get(NEW), "api-key-form").values

    assert values["roles"] == ["viewer", "incident_creator"]
    assert (values["expires"], values["similar_policy"]) == (["365"], ["warn"])
    assert values["rate_limit"] == ["1200"]


def test_a_key_is_made_and_its_token_shown(admin: Client, administrator: User) -> None:
    sent = filled(admin, comments="Marks deployments.", similar_policy="attach", rate_limit="60")

    with time_machine.travel(datetime.now(UTC), tick=False):
        response = admin.post(NEW, sent)
        year = datetime.now(UTC) + timedelta(days=365)

    api_key = ApiKey.objects.get()
    assert response.status_code == 200
    assert api_key_of_token(token_in(response)) == api_key
    assert (api_key.name, api_key.comments) == ("deploy-marker", "Marks deployments.")
    assert (api_key.roles, api_key.similar_policy) == (["incident_creator", "viewer"], "attach")
    assert (api_key.rate_limit, api_key.creator_user, api_key.expires_at) == (60, administrator, year)
    assert len(rows_of(response.text)) == 1


def test_the_token_is_kept_nowhere(admin: Client) -> None:
    response = admin.post(NEW, filled(admin))
    token = token_in(response)

    assert "no-store" in response.headers["Cache-Control"]
    for address in (KEYS, NEW, page_of(ApiKey.objects.get(), "edit")):
        assert token not in admin.get(address).text
    assert token not in str(dict(admin.session))


def test_sending_it_again_makes_no_second_key(admin: Client) -> None:
    sent = filled(admin)
    token = token_in(admin.post(NEW, sent))

    again = admin.post(NEW, {**sent, "name": "another name"})

    assert again.status_code == 409
    assert "deploy-marker was made already" in again.text
    assert not TOKEN.search(again.text)
    assert api_key_of_token(token) == ApiKey.objects.get()


def test_another_visit_of_the_form_makes_another_key(admin: Client) -> None:
    for _ in range(2):
        admin.post(NEW, filled(admin))

    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize("key_id", [None, "nonsense", "x" * 100_000, "\x00"])
def test_without_the_id_of_the_form_nothing_is_made(admin: Client, key_id: str | None) -> None:
    response = admin.post(NEW, filled(admin, key_id=key_id))

    assert response.status_code == 422
    assert "A part of this form did not arrive." in response.text
    assert not ApiKey.objects.exists()
    again = read_form(response, "api-key-form").filled()
    assert admin.post(NEW, again).status_code == 200


@pytest.mark.parametrize(("life", "days"), [("30", 30), ("90", 90), ("365", 365), ("never", None)])
def test_it_expires_as_chosen(admin: Client, life: str, days: int | None) -> None:
    sent = filled(admin, expires=life, expires_on="no date at all")

    with time_machine.travel(datetime.now(UTC), tick=False):
        admin.post(NEW, sent)
        expected = None if days is None else datetime.now(UTC) + timedelta(days=days)

    assert ApiKey.objects.get().expires_at == expected


def test_the_last_day_ends_in_the_zone_of_the_person(admin: Client) -> None:
    admin.post(NEW, filled(admin, expires="on", expires_on="2040-03-31"))

    assert ApiKey.objects.get().expires_at == datetime(2040, 3, 31, 21, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200b "}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["viewer", "emperor"]}, "roles"),
        ({"expires": "tomorrow"}, "expires"),
        ({"expires": None}, "expires"),
        ({"expires": "as_it_is"}, "expires"),
        ({"expires": "on"}, "expires_on"),
        ({"expires": "on", "expires_on": "31.03.2040"}, "expires_on"),
        ({"expires": "on", "expires_on": "0001-01-01"}, "expires_on"),
        ({"expires": "on", "expires_on": "2001-01-01"}, "expires_on"),
        ({"expires": "on", "expires_on": "1\x002"}, "expires_on"),
        ({"comments": "x" * 5_001}, "comments"),
        ({"comments": "nul\x00"}, "comments"),
        ({"similar_policy": "shrug"}, "similar_policy"),
        ({"similar_policy": None}, "similar_policy"),
        ({"rate_limit": ""}, "rate_limit"),
        ({"rate_limit": "many"}, "rate_limit"),
        ({"rate_limit": "0"}, "rate_limit"),
        ({"rate_limit": "-5"}, "rate_limit"),
        ({"rate_limit": "9" * 5_000}, "rate_limit"),
        ({"rate_limit": "1e9"}, "rate_limit"),
    ],
)
def test_what_cannot_be_is_told_by_its_field(admin: Client, changes: dict[str, Any], field: str) -> None:
    response = admin.post(NEW, filled(admin, **{"comments": "Kept.", **changes}))

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert f'href="#id_{field}"' in response.text
    assert f'id="id_{field}' in response.text
    assert not ApiKey.objects.exists()


def test_what_was_typed_comes_back(admin: Client) -> None:
    typed = {
        "name": "<deploy> & mark",
        "roles": ["incident_editor"],
        "expires": "on",
        "expires_on": "2001-01-01",
        "comments": "Ask\r\n<b>Ada</b>.",
        "similar_policy": "refuse",
        "rate_limit": "77",
    }

    response = admin.post(NEW, filled(admin, **typed))

    shown = read_form(response, "api-key-form").values
    assert {name: shown[name] for name in typed} == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }


def test_names_of_any_script_are_told_as_they_are(admin: Client) -> None:
    response = admin.post(NEW, filled(admin, name="<script>alert(1)</script> محمد 😀"))

    assert "<script>alert" not in response.text
    assert ApiKey.objects.get().name == "<script>alert(1)</script> محمد 😀"


def test_a_key_is_changed_and_keeps_its_token(admin: Client) -> None:
    issued = make_api_key(expires_at=datetime(2040, 1, 1, tzinfo=UTC))
    address = page_of(issued.api_key, "edit")
    sent = read_form(admin.get(address), "api-key-form").filled(name="renamed", roles=["incident_editor"])

    response = admin.post(address, sent)

    assert (response.status_code, response.headers["Location"]) == (303, KEYS)
    stored = api_key_of_token(issued.token)
    assert stored is not None
    assert (stored.name, stored.roles) == ("renamed", ["incident_editor"])
    assert stored.expires_at == datetime(2040, 1, 1, tzinfo=UTC)
    assert "“renamed” is changed." in admin.get(KEYS).text


def test_what_the_form_does_not_offer_stays(admin: Client) -> None:
    team = make_team()
    api_key = make_api_key(
        roles=("viewer", "on_call_viewer"), team_ids=(team.pk,), team_roles=("incident_editor",)
    ).api_key
    address = page_of(api_key, "edit")
    response = admin.get(address)

    admin.post(address, read_form(response, "api-key-form").filled(roles=None))

    assert "It also keeps 1 role without effect here: on_call_viewer." in response.text
    stored = ApiKey.objects.get()
    assert (stored.roles, stored.team_ids, stored.team_roles) == (
        ["on_call_viewer"],
        [team.pk],
        ["incident_editor"],
    )


def test_a_team_that_is_gone_does_not_stand_in_the_way(admin: Client, administrator: User) -> None:
    team = make_team()
    api_key = make_api_key(team_ids=(team.pk,), team_roles=("viewer",)).api_key
    delete_noun(team, Actor.of_user(administrator))
    address = page_of(api_key, "edit")

    response = admin.post(address, read_form(admin.get(address), "api-key-form").filled(name="renamed"))

    assert response.status_code == 303
    assert ApiKey.objects.get().team_ids == []


def test_what_cannot_be_is_told_and_changes_nothing(admin: Client) -> None:
    api_key = make_api_key().api_key
    address = page_of(api_key, "edit")
    sent = read_form(admin.get(address), "api-key-form").filled(name="renamed", rate_limit="0")

    response = admin.post(address, sent)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"rate_limit"}
    assert read_form(response, "api-key-form").values["name"] == ["renamed"]
    assert ApiKey.objects.get().name == "ledger-watch"
