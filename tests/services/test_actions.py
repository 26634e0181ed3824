"""Actions: added, changed, done, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Action, Incident, IncidentEvent
from incidents.services import tasks
from incidents.services.actions import ActionDraft, add_action, edit_action
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.errors import TaskChangedError
from tests.at_once import WRITERS, at_once
from tests.make import make_action, make_actor, make_incident, make_user

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind


def events_of(incident: Incident, *kinds: IncidentEvent.Kind) -> list[IncidentEvent]:
    """Return the events of these kinds, oldest first."""
    return list(incident.events.filter(kind__in=kinds).order_by("id"))


def test_an_action_is_added_with_its_assignee_and_told() -> None:
    incident, mei = make_incident(), make_user("Mei Tanaka")

    action = add_action(
        incident.pk, ActionDraft(description=" Call *the* bank ", assignee_id=mei.pk), make_actor()
    )

    stored = Action.objects.get(pk=action.pk)
    assert (stored.description, stored.assignee, stored.status) == ("Call *the* bank", mei, "outstanding")
    assert stored.created_at == stored.updated_at
    (event,) = events_of(incident, Kind.ACTION_ADDED)
    assert event.details["task"] == {"id": action.pk, "name": "Call *the* bank"}
    assert event.details["assignee"] == {"id": mei.pk, "name": "Mei Tanaka"}


def test_adding_moves_the_incident_but_not_its_version() -> None:
    incident = make_incident()

    make_action(incident)

    stored = Incident.objects.get(pk=incident.pk)
    assert stored.version == incident.version
    assert stored.updated_at == stored.last_activity_at > incident.updated_at


def test_completing_sets_the_moment_and_reopening_takes_it_back() -> None:
    incident = make_incident()
    action = make_action(incident)

    done = edit_action(action, ActionDraft(status="completed"), make_actor())
    assert done.completed_at is not None
    reopened = edit_action(action, ActionDraft(status="outstanding"), make_actor())

    assert reopened.completed_at is None
    changes = events_of(incident, Kind.ACTION_CHANGED)
    assert [event.details["status"] for event in changes] == ["completed", "outstanding"]
    assert "status" in changes[0].details["changed"]


def test_the_same_change_again_is_no_change() -> None:
    incident = make_incident()
    action = make_action(incident)

    first = edit_action(action, ActionDraft(status="not_doing"), make_actor())
    again = edit_action(action, ActionDraft(status="not_doing"), make_actor())

    assert again.updated_at == first.updated_at
    assert len(events_of(incident, Kind.ACTION_CHANGED)) == 1


def test_what_is_not_named_stays() -> None:
    mei = make_user("Mei Tanaka")
    action = make_action(make_incident(), "Call the bank", assignee_id=mei.pk)

    edited = edit_action(action, ActionDraft(description="Call the other bank"), make_actor())

    assert (edited.description, edited.assignee_id) == ("Call the other bank", mei.pk)
    assert edit_action(action, ActionDraft(assignee_id=None), make_actor()).assignee is None


def test_who_left_keeps_what_they_have_and_is_given_nothing_new() -> None:
    mei = make_user("Mei Tanaka")
    action = make_action(make_incident(), assignee_id=mei.pk)
    mei.is_active = False
    mei.save()

    edited = edit_action(action, ActionDraft(description="Later", assignee_id=mei.pk), make_actor())

    assert edited.assignee_id == mei.pk
    with pytest.raises(ValidationError):
        make_action(make_incident(), assignee_id=mei.pk)


def test_what_somebody_changed_since_is_not_overwritten() -> None:
    action = make_action(make_incident())
    seen_at = action.updated_at
    edit_action(action, ActionDraft(description="Call nobody"), make_actor(), unchanged_since=seen_at)

    with pytest.raises(TaskChangedError):
        edit_action(action, ActionDraft(description="Call both"), make_actor(), unchanged_since=seen_at)
    # Who wants what it is already overwrites nothing.
    same = edit_action(action, ActionDraft(description="Call nobody"), make_actor(), unchanged_since=seen_at)

    assert same.description == Action.objects.get().description == "Call nobody"


def test_a_deleted_action_is_gone_for_good() -> None:
    action = make_action(make_incident())
    edit_action(action, ActionDraft(status="deleted"), make_actor())

    with pytest.raises(Action.DoesNotExist):
        edit_action(action, ActionDraft(status="outstanding"), make_actor())

    assert not Action.objects.listed().exists()
    assert Action.objects.get().status == "deleted"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"description": ""}, "description"),
        ({"description": " \u200b "}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"description": "\ud800"}, "description"),
        ({"description": "x" * 20_001}, "description"),
        ({}, "description"),
        ({"description": "Call", "assignee_id": "nobody"}, "assignee_id"),
        ({"description": "Call", "assignee_id": "0" * 26}, "assignee_id"),
        ({"description": "Call", "status": "half done"}, "status"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(draft: dict[str, Any], field: str) -> None:
    incident = make_incident()

    with pytest.raises(ValidationError) as refused:
        add_action(incident.pk, ActionDraft(**draft), make_actor())

    assert list(refused.value.error_dict) == [field]
    assert not Action.objects.exists()


def test_viewers_change_nothing() -> None:
    incident, viewer = make_incident(), make_actor(role="viewer")
    action = make_action(incident)

    with pytest.raises(PermissionDenied):
        add_action(incident.pk, ActionDraft(description="Call"), viewer)
    with pytest.raises(PermissionDenied):
        edit_action(action, ActionDraft(status="completed"), viewer)


@pytest.mark.parametrize("incident_id", ["", "INC-1", "%", "0" * 26])
def test_an_incident_that_there_is_not_has_no_actions(incident_id: str) -> None:
    with pytest.raises(Incident.DoesNotExist):
        add_action(incident_id, ActionDraft(description="Call"), make_actor())


def test_actions_of_a_hidden_incident_are_out_of_reach() -> None:
    hidden, stranger = make_incident(visibility="private"), make_actor()
    action = make_action(hidden)

    with pytest.raises(Incident.DoesNotExist):
        add_action(hidden.pk, ActionDraft(description="Call"), stranger)
    with pytest.raises(Incident.DoesNotExist):
        edit_action(action, ActionDraft(status="completed"), stranger)

    assert Action.objects.get().status == "outstanding"


def test_the_assignee_of_an_action_of_a_private_incident_becomes_a_member() -> None:
    hidden, mei = make_incident(visibility="private"), make_user("Mei Tanaka")

    make_action(hidden, assignee_id=mei.pk)

    assert hidden.memberships.filter(user=mei).exists()
    assert len(events_of(hidden, Kind.MEMBER_ADDED)) == 1


def test_becoming_private_keeps_assignees_in_sight() -> None:
    incident, mei = make_incident(), make_user("Mei Tanaka")
    make_action(incident, assignee_id=mei.pk)

    edit_incident(incident.pk, IncidentEdit(visibility="private"), make_actor(role="administrator"))

    assert incident.memberships.filter(user=mei).exists()


def test_an_incident_has_so_many_actions_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST_TASKS", 2)
    incident = make_incident()
    first = make_action(incident)
    make_action(incident)

    with pytest.raises(ValidationError):
        make_action(incident)
    edit_action(first, ActionDraft(status="deleted"), make_actor())

    assert make_action(incident).pk


@pytest.mark.usefixtures("committed_db")
def test_of_many_who_complete_it_at_once_one_is_told() -> None:
    incident, actor = make_incident(), make_actor()
    action = make_action(incident)

    done = at_once(lambda _: edit_action(action, ActionDraft(status="completed"), actor))

    assert {one.status for one in done} == {"completed"}
    assert len({one.completed_at for one in done}) == 1
    assert len(events_of(incident, Kind.ACTION_CHANGED)) == 1


@pytest.mark.usefixtures("committed_db")
def test_many_may_add_at_once() -> None:
    incident, actor = make_incident(), make_actor()

    at_once(lambda number: add_action(incident.pk, ActionDraft(description=f"Step {number}"), actor))

    assert Action.objects.count() == WRITERS
    assert len(events_of(incident, Kind.ACTION_ADDED)) == WRITERS
