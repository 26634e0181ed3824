"""Incident Participants V2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from incident_io.models import IncidentParticipantsListResultV2

from incidents.api.reading import incident_participants
from incidents.models import Actor, Configuration, Incident, User
from incidents.services.drafts import IncidentDraft, UpdateDraft
from incidents.services.memberships import grant_membership
from incidents.services.private_views import record_private_view
from incidents.services.updates import add_report, share_update
from tests.api.counting import queries_of
from tests.make import make_action, make_actor, make_incident, make_relationship, make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi

PATH = "/v2/incident_participants"


def people(api: ApiClient, incident: Incident) -> dict[str, list[tuple[str, str]]]:
    reply = api.get(f"{PATH}?incident_id={incident.pk}")
    assert reply.status == 200
    found: dict[str, list[dict[str, Any]]] = reply.body["incident_participants"]
    return {
        side: [(row["participant_type"], row["user"]["name"]) for row in rows] for side, rows in found.items()
    }


def lead(person: User) -> dict[str, str]:
    role = Configuration.current().lead_role
    assert role is not None
    return {role.pk: person.pk}


def test_each_person_once_by_the_strongest_part(api: ApiClient) -> None:
    ada = make_user("Ada", role="administrator")
    rosa, tom, vera = make_user("Rosa"), make_user("Tom"), make_user("Vera", role="viewer")
    incident = make_incident(actor=Actor.of_user(ada), roles=lead(rosa))
    for person in (rosa, tom):
        share_update(incident.pk, UpdateDraft(message="Hi"), Actor.of_user(person))
    add_report(incident.pk, IncidentDraft(name="Same"), Actor.of_user(vera))
    make_action(incident, actor=Actor.of_user(tom))

    found = people(api, incident)

    # Whoever declares has the role of the reporter.
    assert sorted(found["active"][:2]) == [("responder", "Ada"), ("responder", "Rosa")]
    assert found["active"][2:] == [("collaborator", "Tom"), ("collaborator", "Vera")]
    assert found["passive"] == []


def test_members_who_did_nothing_look_on(api: ApiClient) -> None:
    ada, mia = make_user("Ada", role="administrator"), make_user("Mia")
    hidden = make_incident(visibility="private", actor=Actor.of_user(ada))
    grant_membership(hidden.pk, mia, Actor.of_user(ada))

    found = people(api, hidden)

    assert found == {"active": [("responder", "Ada")], "passive": [("observer", "Mia")]}
    reply = api.get(f"{PATH}?incident_id={hidden.pk.lower()}")
    read = IncidentParticipantsListResultV2.from_dict(reply.body).incident_participants
    assert (len(read.active), len(read.passive)) == (1, 1)


def test_looking_and_what_concerns_other_incidents_is_no_part(api: ApiClient) -> None:
    incident, hidden = make_incident(actor=make_actor("Ada")), make_incident(visibility="private")
    boss = make_user("Boss", role="administrator")
    record_private_view(hidden, Actor.of_user(boss))
    make_relationship(incident, hidden)

    assert people(api, incident)["active"] == [("responder", "Ada")]
    assert "Boss" not in str(people(api, hidden))


def test_there_are_so_many_and_no_more(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incident_participants, "MOST_PARTICIPANTS", 2)
    incident = make_incident(actor=make_actor("Ada"))
    for name in ("Tom", "Uma", "Vic"):
        share_update(incident.pk, UpdateDraft(message=name), make_actor(name))

    assert people(api, incident)["active"] == [("responder", "Ada"), ("collaborator", "Tom")]


def test_a_hidden_incident_answers_as_one_that_is_missing(make_api: MakeApi) -> None:
    hidden = make_incident(visibility="private")
    reader = make_api("viewer")

    bodies = [reader.get(f"{PATH}?incident_id={pk}").body for pk in (hidden.pk, "0" * 26)]

    assert bodies[0] == bodies[1] == {"incident_participants": {"active": [], "passive": []}}


@pytest.mark.parametrize("query", ["", "?incident_id=", "?incident_id=INC-1"])
def test_of_no_incident_there_are_none(api: ApiClient, query: str) -> None:
    reply = api.get(PATH + query)

    assert (reply.status, reply.pointers) == (422, ["/incident_id"])


def test_who_may_ask(make_api: MakeApi) -> None:
    assert make_api("incident_editor").get(f"{PATH}?incident_id={make_incident().pk}").status == 403


def test_it_costs_the_same_whoever_takes_part(api: ApiClient) -> None:
    hidden = make_incident(visibility="private")
    path = f"{PATH}?incident_id={hidden.pk}"
    few = queries_of(api, path)
    boss = make_actor(role="administrator")
    for number in range(30):
        person = make_user(f"Person {number}")
        grant_membership(hidden.pk, person, boss)
        share_update(hidden.pk, UpdateDraft(message="Hi"), Actor.of_user(person))

    assert queries_of(api, path) == few
