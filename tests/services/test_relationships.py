"""Ties between incidents that are not the same one."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Incident, IncidentEvent, IncidentRelationship
from incidents.services.relationships import relate_incidents, unrelate_incidents
from tests.at_once import at_once
from tests.make import make_actor, make_incident, make_relationship
from tests.services.test_actions import events_of

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind


def test_both_sides_are_told_by_the_id_of_the_other_alone() -> None:
    first, second = make_incident("Payouts fail"), make_incident("Ledger is slow")

    relate_incidents(first.pk, second.pk, "caused_by", make_actor())

    (here,), (there,) = events_of(first, Kind.RELATED), events_of(second, Kind.RELATED)
    assert here.details == {
        "relationship": "caused_by",
        "other_incident_id": second.pk,
        "is_other_side": False,
    }
    assert there.details == {
        "relationship": "caused_by",
        "other_incident_id": first.pk,
        "is_other_side": True,
    }


def test_related_holds_both_ways_and_once() -> None:
    first, second = make_incident(), make_incident()

    made = make_relationship(first, second)
    same = make_relationship(second, first)

    assert made.pk == same.pk
    assert len(events_of(first, Kind.RELATED)) == 1


def test_a_pair_has_one_tie_which_may_change() -> None:
    first, second = make_incident(), make_incident()
    make_relationship(first, second)

    changed = make_relationship(second, first, "parent")

    assert IncidentRelationship.objects.get() == changed
    assert (changed.incident, changed.other_incident, changed.kind) == (second, first, "parent")


def test_a_tie_is_taken_away_once() -> None:
    first, second = make_incident(), make_incident()
    relationship = make_relationship(first, second)

    unrelate_incidents(relationship, make_actor())
    unrelate_incidents(relationship, make_actor())

    assert not IncidentRelationship.objects.exists()
    assert len(events_of(first, Kind.UNRELATED)) == len(events_of(second, Kind.UNRELATED)) == 1


def test_an_incident_is_not_tied_to_itself_and_kinds_are_known() -> None:
    incident = make_incident()

    with pytest.raises(ValidationError) as refused:
        relate_incidents(incident.pk, incident.pk, "twin", make_actor())

    assert sorted(refused.value.error_dict) == ["kind", "other_incident_id"]


def test_viewers_change_nothing() -> None:
    first, second = make_incident(), make_incident()
    relationship = make_relationship(first, second)

    with pytest.raises(PermissionDenied):
        relate_incidents(first.pk, second.pk, "parent", make_actor(role="viewer"))
    with pytest.raises(PermissionDenied):
        unrelate_incidents(relationship, make_actor(role="viewer"))


def test_a_hidden_side_puts_the_tie_out_of_reach() -> None:
    shown, hidden, stranger = make_incident(), make_incident(visibility="private"), make_actor()
    relationship = make_relationship(shown, hidden)

    for pair in ((shown.pk, hidden.pk), (hidden.pk, shown.pk), (shown.pk, "0" * 26), (shown.pk, "x")):
        with pytest.raises(Incident.DoesNotExist):
            relate_incidents(*pair, "parent", stranger)
    with pytest.raises(Incident.DoesNotExist):
        unrelate_incidents(relationship, stranger)

    assert IncidentRelationship.objects.get().kind == "related"


@pytest.mark.usefixtures("committed_db")
def test_two_ends_tied_at_once_are_tied_once() -> None:
    ends, actor = (make_incident().pk, make_incident().pk), make_actor()

    made = at_once(lambda number: relate_incidents(ends[number % 2], ends[1 - number % 2], "related", actor))

    assert {one.pk for one in made} == {IncidentRelationship.objects.get().pk}
