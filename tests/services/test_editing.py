"""Changing an incident."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from incidents.models import Configuration, Incident, IncidentEvent
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.errors import VersionConflictError
from tests.make import (
    make_actor,
    make_custom_field,
    make_incident,
    make_team,
    make_user,
    move_incident,
    status_of,
)

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind


def moments(incident: Incident) -> dict[str, datetime.datetime]:
    return {row.incident_timestamp.slug: row.value for row in incident.timestamp_values.all()}


def test_only_what_is_named_changes() -> None:
    incident = make_incident(summary="as it was")

    edited = edit_incident(incident.pk, IncidentEdit(name="Checkout is back"), make_actor())

    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.name, stored.summary, stored.version) == ("Checkout is back", "as it was", 2)
    assert edited.kinds == (Kind.NAME_CHANGED,)
    assert stored.last_activity_at > incident.last_activity_at


def test_an_edit_that_changes_nothing_writes_nothing() -> None:
    incident = make_incident()

    edited = edit_incident(
        incident.pk, IncidentEdit(name=incident.name, severity_id=incident.severity_id), make_actor()
    )

    assert edited.kinds == ()
    assert Incident.objects.get(pk=incident.pk).version == 1


def test_each_part_is_stored_and_told() -> None:
    actor, team = make_actor(), make_team()
    field = make_custom_field(options=("ledger", "checkout"), field_type="multi_select")
    incident = make_incident(actor=actor)
    configuration = Configuration.current()
    lead = configuration.lead_role
    assert lead is not None
    edit = IncidentEdit(
        summary="*What* we know",
        severity_id=configuration.severities.by_slug["critical"].pk,
        incident_type_id=configuration.incident_types.by_slug["supplier"].pk,
        incident_status_id=status_of("fixing").pk,
        call_url="https://meet.example.com/x",
        custom_fields={field.pk: ("ledger", "checkout", "ledger")},
        roles={lead.pk: actor.user_id},
        timestamps={configuration.incident_timestamps.by_slug["impact-started"].pk: timezone.now()},
        team_ids=(team.pk,),
    )

    edited = edit_incident(incident.pk, edit, actor)

    assert set(edited.kinds) == {
        Kind.SUMMARY_CHANGED,
        Kind.SEVERITY_CHANGED,
        Kind.TYPE_CHANGED,
        Kind.STATUS_CHANGED,
        Kind.PROPERTY_CHANGED,
        Kind.FIELD_CHANGED,
        Kind.ROLE_CHANGED,
        Kind.TIMESTAMP_CHANGED,
    }
    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.severity_rank, stored.status_category) == (4, "live")
    assert [entry.label for entry in stored.custom_field_entries.order_by("position")] == [
        "ledger",
        "checkout",
    ]
    assert stored.version == 2


def test_a_wrong_part_undoes_the_whole_edit() -> None:
    incident, field = make_incident(), make_custom_field(field_type="text")

    with pytest.raises(ValidationError):
        edit_incident(incident.pk, IncidentEdit(name="", custom_fields={field.pk: ("kept?",)}), make_actor())

    assert not incident.custom_field_entries.exists()


def test_the_search_follows_the_name() -> None:
    incident = make_incident("Checkout is down")

    edit_incident(incident.pk, IncidentEdit(name="Basket is down"), make_actor())

    assert Incident.objects.all().search("basket").get() == incident
    assert not Incident.objects.all().search("checkout").exists()


def test_an_edit_of_an_older_version_is_refused() -> None:
    incident = make_incident()
    edit_incident(incident.pk, IncidentEdit(name="First"), make_actor(), version=1)

    with pytest.raises(VersionConflictError) as refused:
        edit_incident(incident.pk, IncidentEdit(name="Second"), make_actor(), version=1)

    assert refused.value.incident.name == "First"
    assert Incident.objects.get(pk=incident.pk).name == "First"


def test_viewers_may_not_change() -> None:
    incident = make_incident()

    with pytest.raises(PermissionDenied):
        edit_incident(incident.pk, IncidentEdit(name="x"), make_actor(role="viewer"))


def test_a_hidden_incident_is_as_one_that_is_not_there() -> None:
    incident = make_incident(visibility="private")

    with pytest.raises(Incident.DoesNotExist):
        edit_incident(incident.pk, IncidentEdit(name="x"), make_actor())


def test_becoming_private_keeps_it_in_sight_of_those_at_work() -> None:
    actor, lead = make_actor(), make_user("Lea Lead")
    role = Configuration.current().lead_role
    assert role is not None
    incident = make_incident(roles={role.pk: lead.pk})

    edit_incident(incident.pk, IncidentEdit(visibility="private"), actor)

    assert {lead.pk, actor.user_id} <= {row.user_id for row in incident.memberships.all()}


def test_a_new_assignee_of_a_private_incident_becomes_a_member() -> None:
    actor, scribe = make_actor(), make_user("Sue Scribe")
    incident = make_incident(actor=actor, visibility="private")
    role = Configuration.current().incident_roles.by_slug["scribe"]

    edited = edit_incident(incident.pk, IncidentEdit(roles={role.pk: scribe.pk}), actor)

    assert set(edited.kinds) == {Kind.ROLE_CHANGED, Kind.MEMBER_ADDED}
    assert Incident.objects.visible_to(type(actor).of_user(scribe)).filter(pk=incident.pk).exists()


def test_a_role_is_given_up() -> None:
    role = Configuration.current().incident_roles.by_slug["scribe"]
    incident = make_incident(roles={role.pk: make_user().pk})

    edit_incident(incident.pk, IncidentEdit(roles={role.pk: None}), make_actor())

    assert not incident.role_assignments.filter(incident_role=role).exists()


def test_the_reporter_stays() -> None:
    reporter = Configuration.current().reporter_role
    assert reporter is not None

    with pytest.raises(ValidationError):
        edit_incident(make_incident().pk, IncidentEdit(roles={reporter.pk: make_user().pk}), make_actor())


def test_a_status_sets_its_timestamps_and_durations_once() -> None:
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False):
        incident = make_incident(status="triage")
    with time_machine.travel("2026-03-01T10:04:00Z", tick=False):
        move_incident(incident, "investigating")
    with time_machine.travel("2026-03-01T10:30:00Z", tick=False):
        move_incident(incident, "fixing")
    with time_machine.travel("2026-03-01T11:00:00Z", tick=False):
        move_incident(incident, "closed")

    assert {slug: f"{moment:%H:%M}" for slug, moment in moments(incident).items()} == {
        "reported": "10:00",
        "accepted": "10:04",
        "identified": "10:30",
        "resolved": "11:00",
        "closed": "11:00",
    }
    durations = {row.duration_metric.slug: row.value_seconds for row in incident.duration_metrics.all()}
    assert (durations["time-to-accept"], durations["time-to-resolve"]) == (240, 3600)


def test_reopening_takes_the_end_back() -> None:
    incident = move_incident(make_incident(), "closed")

    move_incident(incident, "investigating")

    assert "resolved" not in moments(incident)
    assert incident.duration_metrics.get(duration_metric__slug="time-to-resolve").status == "calculating"


def test_an_end_before_the_start_is_called_invalid() -> None:
    incident = move_incident(make_incident(), "closed")
    resolved = Configuration.current().incident_timestamps.by_slug["resolved"]
    before = incident.created_at - datetime.timedelta(hours=1)

    edit_incident(incident.pk, IncidentEdit(timestamps={resolved.pk: before}), make_actor())

    metric = incident.duration_metrics.get(duration_metric__slug="time-to-resolve")
    assert (metric.status, metric.value_seconds) == ("invalid_timestamps", None)


def test_a_field_needed_before_resolution_holds_the_status_back() -> None:
    field = make_custom_field("Root cause", field_type="text", required="before_resolution")
    incident = make_incident()
    with pytest.raises(ValidationError) as refused:
        move_incident(incident, "closed")
    assert list(refused.value.message_dict) == [f"custom_field_entries.{field.pk}"]

    edit = IncidentEdit(
        custom_fields={field.pk: ("a wrong index",)}, incident_status_id=status_of("closed").pk
    )

    assert edit_incident(incident.pk, edit, make_actor()).incident.status_category == "closed"


@pytest.mark.parametrize(
    ("field_type", "typed", "stored"),
    [
        ("text", "  two\r\nlines ", ["two\nlines"]),
        ("link", "https://example.com/a?b=1", ["https://example.com/a?b=1"]),
        ("numeric", "0012.50", ["12.5"]),
        ("numeric", "-0", ["0"]),
        ("numeric", "1e3", ["1000"]),
    ],
)
def test_a_value_is_stored_as_it_is_meant(field_type: str, typed: str, stored: list[str]) -> None:
    field, incident = make_custom_field(field_type=field_type), make_incident()

    edit_incident(incident.pk, IncidentEdit(custom_fields={field.pk: (typed,)}), make_actor())

    assert [entry.label for entry in incident.custom_field_entries.all()] == stored


@pytest.mark.parametrize(
    ("field_type", "typed"),
    [
        ("numeric", ("1e400",)),
        ("numeric", ("9" * 31,)),
        ("numeric", ("NaN",)),
        ("numeric", ("1.00001",)),
        ("numeric", ("\u0661\u0662x",)),
        ("link", ("javascript:alert(1)",)),
        ("link", ("https://[broken",)),
        ("text", ("a\x00b",)),
        ("text", ("one", "two")),
        ("single_select", ("nonsense",)),
        ("multi_select", ("nonsense",) * 101),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(field_type: str, typed: tuple[str, ...]) -> None:
    field, incident = make_custom_field(field_type=field_type), make_incident()

    with pytest.raises(ValidationError) as refused:
        edit_incident(incident.pk, IncidentEdit(custom_fields={field.pk: typed}), make_actor())

    assert list(refused.value.message_dict) == [f"custom_field_entries.{field.pk}"]


@pytest.mark.parametrize(
    "parts", [{"name": "\x00"}, {"summary": "x" * 20_001}, {"call_url": "ftp://x"}, {"mode": "drill"}]
)
def test_bad_input_is_told_by_its_field(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        edit_incident(make_incident().pk, IncidentEdit(**parts), make_actor())

    assert list(refused.value.message_dict) == list(parts)
