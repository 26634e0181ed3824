"""Taking bulk changes back, and forgetting them."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents.models import Actor, BulkChange, Configuration, Incident, IncidentEvent, User
from incidents.services.bulk_changes import forget_old_bulk_changes, undo_bulk_change
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.verification import verify_incidents
from tests.make import make_actor, make_custom_field, make_incident, make_user, merge, status_of
from tests.services.test_bulk_changes import (
    Kind,
    done,
    events,
    outcomes,
    reasons,
    severity,
    started,
    undone,
)

pytestmark = pytest.mark.django_db
EventKind = IncidentEvent.Kind


@pytest.fixture
def rosa() -> Actor:
    return make_actor("Rosa Lund")


@pytest.mark.parametrize(
    ("field_type", "before", "after", "label"),
    [
        ("single_select", ("Payouts",), ("Ledger",), "Ledger"),
        ("multi_select", ("Payouts",), ("Ledger", "Payouts"), "Ledger, Payouts"),
        ("text", ("a leak",), ("a burst pipe",), "a burst pipe"),
        ("link", ("https://a.example",), ("https://b.example",), "https://b.example"),
        ("numeric", ("2.50",), ("3.10",), "3.1"),
        ("text", ("a leak",), (), "empty"),
        ("text", (), ("a leak",), "a leak"),
    ],
)
def test_a_custom_field_is_set_and_given_back(
    rosa: Actor, field_type: str, before: tuple[str, ...], after: tuple[str, ...], label: str
) -> None:
    options = ("Payouts", "Ledger") if "select" in field_type else ()
    field = make_custom_field("Cause", field_type=field_type, options=options)
    incident = make_incident("A", custom_fields={field.pk: before})

    change = done(rosa, Kind.CUSTOM_FIELD, after, incident, field_id=field.pk)
    again = done(rosa, Kind.CUSTOM_FIELD, after, incident, field_id=field.pk)
    undo = undone(change, rosa)

    assert str(change) == f"Cause to {label}"
    assert (outcomes(again), outcomes(undo), outcomes(change)) == (["unchanged"], ["changed"], ["undone"])
    told = [event.details for event in events(incident, EventKind.FIELD_CHANGED)]
    assert [entry["from"] for entry in told] == [told[1]["to"], told[0]["to"]]
    assert str(undo) == f"Undo of Cause to {label}"


def test_an_undo_gives_back_what_nobody_changed_since(rosa: Actor) -> None:
    untouched, changed, chosen_anew, put_back, closed = (make_incident(name) for name in "ABCDE")
    incidents = (untouched, changed, chosen_anew, put_back, closed)
    change = done(rosa, Kind.SEVERITY, (severity("critical"),), *incidents)
    for incident, slug in (
        (changed, "minor"),
        (chosen_anew, "minor"),
        (chosen_anew, "critical"),
        (put_back, "major"),
    ):
        edit_incident(incident.pk, IncidentEdit(severity_id=severity(slug)), make_actor())
    merge(untouched, closed)

    undo = undone(change, rosa)

    assert outcomes(undo) == ["changed", "refused", "refused", "unchanged", "refused"]
    assert outcomes(change) == ["undone", "changed", "changed", "changed", "changed"]
    assert reasons(undo)[1] == "Somebody changed it since: it is Minor now, and stays so."
    assert reasons(undo)[2] == "Somebody changed it since: it is Critical now, and stays so."
    assert [event.details["to"]["name"] for event in events(untouched, EventKind.SEVERITY_CHANGED)] == [
        "Critical",
        "Major",
    ]
    assert undo_bulk_change(change.pk, rosa) == undo


def test_an_undo_leaves_alone_what_changed_without_a_word(rosa: Actor) -> None:
    incident = make_incident("A")
    change = done(rosa, Kind.SEVERITY, (severity("critical"),), incident)
    minor = Configuration.current().severities.by_slug["minor"]
    Incident.objects.filter(pk=incident.pk).update(severity=minor, severity_rank=minor.rank)

    undo = undone(change, rosa)

    assert reasons(undo) == ["Somebody changed it since: it is Minor now, and stays so."]


def test_an_undo_of_a_status_says_where_there_is_no_way_back(rosa: Actor) -> None:
    active, triage = make_incident("A"), make_incident("B", status="triage")
    change = done(rosa, Kind.STATUS, (status_of("monitoring").pk,), active, triage)

    undo = undone(change, rosa)

    assert outcomes(undo) == ["changed", "refused"]
    assert reasons(undo)[1].startswith("Triage comes first")
    assert not any(problems for _, problems in verify_incidents())


def test_an_undo_of_a_lead_who_left_is_refused(rosa: Actor) -> None:
    ada, incident = make_user("Ada Okafor"), make_incident("A")
    done(rosa, Kind.LEAD, (ada.pk,), incident)
    change = done(rosa, Kind.LEAD, (make_user("Mei Tanaka").pk,), incident)
    User.objects.filter(pk=ada.pk).update(is_active=False)

    undo = undone(change, rosa)

    assert reasons(undo) == ["One of these people is not here any more."]


def test_an_undo_is_not_undone_and_nothing_is_not_undone(rosa: Actor) -> None:
    incident = make_incident("A")
    undo = undone(done(rosa, Kind.SEVERITY, (severity("critical"),), incident), rosa)
    nothing = done(rosa, Kind.SEVERITY, (severity("major"),), incident)
    unfinished = started(rosa, Kind.SEVERITY, (severity("minor"),), incident)

    for change in (undo, nothing, unfinished):
        with pytest.raises(ValidationError):
            undo_bulk_change(change.pk, rosa)


def test_old_changes_are_forgotten_with_their_undo(rosa: Actor) -> None:
    incident = make_incident("A")
    with time_machine.travel(timezone.now() - datetime.timedelta(days=91), tick=True):
        old = done(rosa, Kind.SEVERITY, (severity("critical"),), incident)
    undone(old, rosa)
    kept = done(rosa, Kind.SEVERITY, (severity("critical"),), incident)

    assert forget_old_bulk_changes()
    assert not forget_old_bulk_changes()

    assert BulkChange.objects.get() == kept
    assert len(events(incident, EventKind.SEVERITY_CHANGED)) == 3


def test_an_undo_by_an_administrator_is_seen_by_whose_change_it_was(rosa: Actor) -> None:
    incident = make_incident("A")
    change = done(rosa, Kind.SEVERITY, (severity("critical"),), incident)

    undo = undone(change, make_actor("Ada", role="administrator"))

    assert set(BulkChange.objects.visible_to(rosa)) == {change, undo}
    assert undo_bulk_change(change.pk, rosa) == undo
    assert events(incident, EventKind.SEVERITY_CHANGED)[-1].creator == undo.creator_user
