"""Bulk changes driven from several sides at once, with real transactions on both databases."""

from __future__ import annotations

import pytest

from incidents.models import Actor, BulkChange, BulkChangeRow, IncidentEvent, User
from incidents.models.ulid import new_ulid
from incidents.services.bulk_changes import advance_bulk_change, undo_bulk_change
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from tests.at_once import at_once
from tests.make import make_incident, make_user
from tests.services.test_bulk_changes import Kind, done, events, fresh, outcomes, severity, started

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed_db")]
DRIVERS = 6
ROWS = 40


def drive(change: BulkChange) -> None:
    while advance_bulk_change(change.pk, seconds=0):
        pass


def test_many_drivers_do_each_row_once() -> None:
    rosa = Actor.of_user(make_user("Rosa Lund"))
    incidents = [make_incident(f"A{number}", actor=rosa) for number in range(ROWS)]
    change = started(rosa, Kind.SEVERITY, (severity("critical"),), *incidents)

    at_once(lambda _: advance_bulk_change(change.pk, seconds=1), DRIVERS)
    drive(change)

    assert outcomes(change) == ["changed"] * ROWS
    assert fresh(change).finished_at is not None
    told = IncidentEvent.objects.filter(kind=IncidentEvent.Kind.SEVERITY_CHANGED)
    assert told.count() == ROWS
    assert BulkChangeRow.objects.exclude(incident_event=None).count() == ROWS


def test_a_form_sent_many_times_at_once_is_one_change() -> None:
    rosa = Actor.of_user(make_user("Rosa Lund"))
    incident, token = make_incident("A", actor=rosa), new_ulid()

    def send(_: int) -> str:
        return started(rosa, Kind.SEVERITY, (severity("critical"),), incident, form_token=token).pk

    assert len(set(at_once(send, DRIVERS))) == 1
    assert BulkChangeRow.objects.count() == 1


def test_an_undo_pressed_many_times_at_once_is_one_undo() -> None:
    rosa = Actor.of_user(make_user("Rosa Lund"))
    incident = make_incident("A", actor=rosa)
    change = done(rosa, Kind.SEVERITY, (severity("critical"),), incident)

    def press(_: int) -> str:
        undo = undo_bulk_change(change.pk, rosa)
        drive(undo)
        return undo.pk

    assert len(set(at_once(press, DRIVERS))) == 1
    assert len(events(incident, IncidentEvent.Kind.SEVERITY_CHANGED)) == 2
    assert outcomes(change) == ["undone"]


def test_people_edit_while_a_change_goes_over_the_same_incidents() -> None:
    rosa = Actor.of_user(make_user("Rosa Lund"))
    people: list[User] = [make_user(f"Editor {number}") for number in range(4)]
    incidents = [make_incident(f"A{number}", actor=rosa) for number in range(12)]
    change = started(rosa, Kind.SEVERITY, (severity("critical"),), *incidents)

    def work(number: int) -> None:
        if number == len(people):
            drive(change)
            return
        for incident in incidents:
            edit_incident(incident.pk, IncidentEdit(name=f"By {number}"), Actor.of_user(people[number]))

    at_once(work, len(people) + 1)

    assert outcomes(change) == ["changed"] * len(incidents)
    for incident in incidents:
        incident.refresh_from_db()
        assert incident.version == 1 + incident.events.exclude(kind="declared").count()
