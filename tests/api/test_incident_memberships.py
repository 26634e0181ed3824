"""Incident Memberships V1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from incident_io.models import IncidentMembershipsCreateResultV1

from incidents.models import IncidentMembership
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from incidents.models import Incident, User
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v1/incident_memberships"
REVOKE = f"{PATH}/actions/revoke"


@pytest.fixture
def hidden(db: None) -> Incident:
    return make_incident("Breach", visibility="private")


@pytest.fixture
def mei(db: None) -> User:
    return make_user("Mei Tanaka")


def test_sight_is_granted_and_taken_back(api: ApiClient, hidden: Incident, mei: User) -> None:
    body = {"incident_id": hidden.pk.lower(), "user_id": mei.pk.lower()}

    granted, again = api.post(PATH, body), api.post(PATH, body)

    assert (granted.status, again.status) == (201, 201)
    assert granted.body == again.body
    membership = IncidentMembershipsCreateResultV1.from_dict(granted.body).incident_membership
    assert (membership.incident_id, membership.user.name) == (hidden.pk, "Mei Tanaka")
    assert hidden.memberships.filter(user=mei).exists()
    assert hidden.events.filter(kind="member_added").count() == 1

    revoked = [api.post(REVOKE, body) for _ in range(2)]

    assert [(reply.status, reply.body) for reply in revoked] == [(204, None)] * 2
    assert not hidden.memberships.filter(user=mei).exists()
    assert hidden.events.filter(kind="member_removed").count() == 1


@pytest.mark.parametrize("path", [PATH, REVOKE])
def test_everybody_sees_a_public_incident(api: ApiClient, mei: User, path: str) -> None:
    reply = api.post(path, {"incident_id": make_incident().pk, "user_id": mei.pk})

    assert (reply.status, reply.codes, reply.pointers) == (422, ["not_private"], ["/incident_id"])


@pytest.mark.parametrize("path", [PATH, REVOKE])
def test_a_key_that_sees_no_private_incident_learns_nothing(
    make_api: MakeApi, hidden: Incident, mei: User, path: str
) -> None:
    key = make_api("incident_memberships_editor")

    replies = [key.post(path, {"incident_id": pk, "user_id": mei.pk}) for pk in (hidden.pk, "0" * 26)]

    assert [reply.status for reply in replies] == [404, 404]
    assert replies[0].body["errors"] == replies[1].body["errors"]
    assert not IncidentMembership.objects.filter(user=mei).exists()


@pytest.mark.parametrize("path", [PATH, REVOKE])
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"user_id": "0" * 26}, "/user_id"),
        ({"user_id": "mei"}, "/user_id"),
        ({"user_id": ""}, "/user_id"),
        ({"user_id": None}, "/user_id"),
        ({"incident_id": "INC-1"}, "/incident_id"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    api: ApiClient, hidden: Incident, mei: User, path: str, change: dict[str, str], pointer: str
) -> None:
    reply = api.post(path, {"incident_id": hidden.pk, "user_id": mei.pk, **change})

    assert (reply.status, reply.pointers) == (422, [pointer])


def test_who_left_is_let_in_no_more_but_can_be_sent_away(api: ApiClient, hidden: Incident, mei: User) -> None:
    body = {"incident_id": hidden.pk, "user_id": mei.pk}
    api.post(PATH, body)
    mei.is_active = False
    mei.save()

    assert api.post(REVOKE, body).status == 204
    assert api.post(PATH, body).pointers == ["/user_id"]


def test_an_editor_of_incidents_grants_nothing(make_api: MakeApi, hidden: Incident, mei: User) -> None:
    key = make_api("viewer", "incident_editor", "global_access")

    for path in (PATH, REVOKE):
        assert key.post(path, {"incident_id": hidden.pk, "user_id": mei.pk}).status == 403
