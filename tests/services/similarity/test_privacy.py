"""What one may not see neither shows nor shifts an answer."""

from __future__ import annotations

import dataclasses

import pytest

from incidents.models import Actor, Incident
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.similarity import Question, Similar, find_similar
from incidents.services.similarity.candidates import POSTINGS_PER_TOKEN
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.django_db

NAME = "Payroll export leaks salaries"
ASKED = (
    "Payroll export leaks salaries",
    "payroll export broken",
    "Payrol exprot",
    "salaries wrong in export",
)


def make_private(name: str = NAME, *, members: tuple[Actor, ...] = (), summary: str = "") -> Incident:
    ids = tuple(member.user_id for member in members if member.user_id)
    return make_incident(name, visibility="private", member_ids=ids, summary=summary)


def answers(actor: Actor) -> list[Similar]:
    """Return what is answered, without the ages in the reasons, which move by themselves."""
    found = [find_similar(Question(name=asked), actor) for asked in ASKED]
    return [
        dataclasses.replace(
            similar,
            matches=tuple(
                dataclasses.replace(match, reasons=tuple(r for r in match.reasons if r.points))
                for match in similar.matches
            ),
        )
        for similar in found
    ]


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_hidden_incidents_leave_every_answer_as_it_was(role: str) -> None:
    stranger = make_actor("Bob Lind", role=role)
    make_incident("Payroll export is late")
    make_incident("Badge export shows old photos")
    before = answers(stranger)

    for number in range(5):
        make_private(summary=f"salaries of department {number}")
        make_private("Payrol exprot", summary=str(number))

    assert answers(stranger) == before


def test_member_is_warned_of_a_private_incident() -> None:
    member = make_actor("Carla Ott", role="responder")
    stored = make_private(members=(member,))

    (match,) = find_similar(Question(name=NAME), member).matches

    assert (match.incident_id, match.level, match.is_private) == (stored.pk, "exact", True)


def test_administrator_is_warned_of_a_private_incident() -> None:
    stored = make_private()

    (match,) = find_similar(Question(name="payroll export leaks"), make_actor(role="administrator")).matches

    assert match.incident_id == stored.pk


def test_incident_made_private_disappears_at_once() -> None:
    stranger = make_actor("Bob Lind", role="responder")
    stored = make_incident(NAME)

    edit_incident(stored.pk, IncidentEdit(visibility="private"), make_actor(role="administrator"))

    assert find_similar(Question(name=NAME), stranger).matches == ()


@pytest.mark.scale
def test_hidden_incidents_take_no_place_among_the_newest() -> None:
    stranger = make_actor("Bob Lind", role="responder")
    stored = make_incident(NAME)
    for _ in range(POSTINGS_PER_TOKEN + 1):
        make_private()

    similar = find_similar(Question(name=NAME), stranger)

    assert [match.incident_id for match in similar.matches] == [stored.pk]
    assert similar.compared == 1
