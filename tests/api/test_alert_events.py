"""Alert events V2: what monitoring systems send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from incidents.models import Alert, AlertSource, Incident
from tests.api.samples import UNKNOWN_IDS
from tests.make import make_alert_source, make_incident

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

pytestmark = pytest.mark.django_db

FIRING = {"title": "Checkout API returning 500s", "status": "firing", "deduplication_key": "4293868629"}


@pytest.fixture
def source() -> AlertSource:
    return make_alert_source()


@pytest.fixture
def sender(make_api: MakeApi) -> ApiClient:
    return make_api("incident_creator")


def path_of(named: str) -> str:
    return f"/v2/alert_events/http/{named}"


def test_an_event_declares_once_however_often_it_comes(sender: ApiClient, source: AlertSource) -> None:
    replies = [sender.post(path_of(source.pk), FIRING) for _ in range(3)]

    assert {reply.status for reply in replies} == {202}
    assert replies[0].body == {
        "deduplication_key": "4293868629",
        "message": "Event accepted for processing",
        "status": "success",
    }
    assert str(Incident.objects.get().creator) == FIRING["title"]
    assert Alert.objects.get().count == 3


def test_everything_that_the_contract_knows_is_kept(sender: ApiClient, source: AlertSource) -> None:
    more = {
        "description": "We've detected a number of timeouts",
        "source_url": "https://alerts.example/1",
        "metadata": {"service": "hello.world.com", "team": ["my-team"], "deep": {"n": 10**30, "x": 1.5}},
    }

    assert sender.post(path_of(source.slug), {**FIRING, **more}).status == 202

    alert = Alert.objects.get()
    assert (alert.description, alert.source_url) == (more["description"], more["source_url"])
    assert alert.metadata == more["metadata"]


def test_a_key_of_its_own_is_made_where_none_is_sent(sender: ApiClient, source: AlertSource) -> None:
    reply = sender.post(path_of(source.pk), {"title": "Disk full", "status": "firing"})

    assert reply.body["deduplication_key"] == Alert.objects.get().deduplication_key != ""


def test_the_answer_tells_nothing_of_what_is_there(sender: ApiClient, source: AlertSource) -> None:
    make_incident(FIRING["title"])
    attached = sender.post(path_of(source.pk), FIRING)
    make_incident("Leaked signing key", visibility="private")

    declared = sender.post(
        path_of(source.pk), {**FIRING, "title": "Leaked signing key", "deduplication_key": "b"}
    )

    assert attached.body.keys() == declared.body.keys()
    assert "INC-" not in str(attached.body) + str(declared.body)


def test_a_system_that_sends_no_header_names_its_key_in_the_address(
    sender: ApiClient, source: AlertSource
) -> None:
    def send(token: str) -> int:
        address = f"{path_of(source.pk)}?token={token}"
        return Client().post(address, FIRING, content_type="application/json").status_code

    assert (send(sender.token), send("toc_wrong"), send("")) == (202, 401, 401)


def test_no_other_route_takes_a_key_in_the_address(make_api: MakeApi) -> None:
    token = make_api("viewer").token

    assert Client().get(f"/v2/incidents?token={token}").status_code == 401


@pytest.mark.parametrize("roles", [(), ("viewer",), ("incident_editor",), ("manage_settings",)])
def test_the_role_that_declares_is_needed(
    make_api: MakeApi, source: AlertSource, roles: tuple[str, ...]
) -> None:
    assert make_api(*roles).post(path_of(source.pk), FIRING).status == 403
    assert not Alert.objects.exists()


@pytest.mark.parametrize("named", UNKNOWN_IDS)
def test_a_source_that_is_none_is_missing(sender: ApiClient, named: str) -> None:
    assert sender.post(path_of(named), FIRING).status == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"title": None}, "/title"),
        ({"title": ""}, "/title"),
        ({"title": "\u200b"}, "/title"),
        ({"title": "a\x00b"}, "/title"),
        ({"status": "open"}, "/status"),
        ({"deduplication_key": 7}, "/deduplication_key"),
        ({"deduplication_key": "x" * 501}, "/deduplication_key"),
        ({"metadata": ["list"]}, "/metadata"),
        ({"metadata": {"a": "\x00"}}, "/metadata"),
        ({"source_url": "x" * 2_001}, "/source_url"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(
    sender: ApiClient, source: AlertSource, wrong: dict[str, Any], pointer: str
) -> None:
    reply = sender.post(path_of(source.pk), {**FIRING, **wrong})

    assert (reply.status, reply.pointers) == (422, [pointer])
    assert not Alert.objects.exists()
