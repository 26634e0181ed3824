"""Declaring an incident."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.models import Configuration, Incident, IncidentEvent
from incidents.models.ulid import moment_of_ulid
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft
from incidents.services.errors import IdempotencyKeyReusedError
from tests.make import make_actor, make_custom_field, make_incident, make_team, make_user

pytestmark = pytest.mark.django_db


def draft(**parts: Any) -> IncidentDraft:
    severity = Configuration.current().severities.by_slug["major"]
    return IncidentDraft(**{"name": "Checkout API returning 500s", "severity_id": severity.pk, **parts})


def problems_of(refused: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return refused.value.message_dict


def test_an_incident_is_stored_whole() -> None:
    actor, field, team = make_actor(), make_custom_field(options=("checkout", "ledger")), make_team()
    configuration = Configuration.current()
    lead, option = configuration.lead_role, configuration.options[field.pk].by_slug["ledger"]
    started = timezone.now() - datetime.timedelta(minutes=9)
    impact = configuration.incident_timestamps.by_slug["impact-started"]
    assert lead is not None

    incident = create_incident(
        draft(
            summary="Since **13:05**",
            call_url="https://meet.example.com/x",
            custom_fields={field.pk: (option.pk,)},
            roles={lead.pk: actor.user_id},
            timestamps={impact.pk: started},
            team_ids=(team.pk,),
        ),
        actor,
    ).incident

    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.name, stored.summary, stored.reference) == (
        "Checkout API returning 500s",
        "Since **13:05**",
        "INC-1",
    )
    assert (stored.status_category, stored.severity_rank, stored.version) == ("live", 3, 1)
    assert stored.creator == actor.user
    assert [entry.label for entry in stored.custom_field_entries.all()] == ["ledger"]
    assert {row.incident_role.role_type: row.assignee for row in stored.role_assignments.all()} == {
        "lead": actor.user,
        "reporter": actor.user,
    }
    assert {row.incident_timestamp.slug: row.value for row in stored.timestamp_values.all()} == {
        "impact-started": started,
        "reported": stored.created_at,
        "accepted": stored.created_at,
    }
    detect = stored.duration_metrics.get(duration_metric__slug="time-to-detect")
    assert (detect.status, detect.value_seconds) == ("success", 9 * 60)
    assert [event.kind for event in stored.events.all()] == [IncidentEvent.Kind.DECLARED]
    assert list(stored.teams.all()) == [team]


def test_the_id_carries_the_time_of_declaring() -> None:
    incident = make_incident()

    assert abs(moment_of_ulid(incident.pk) - incident.created_at) < datetime.timedelta(seconds=1)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        create_incident(
            IncidentDraft(name=" ", mode="drill", visibility="secret", call_url="javascript:alert(1)"),
            make_actor(),
        )

    assert problems_of(refused).keys() == {"name", "severity_id", "mode", "visibility", "call_url"}


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a\ud800b"}, "name"),
        ({"name": "\x07\x1b"}, "name"),
        ({"name": "\u200b\u200d"}, "name"),
        ({"summary": "x" * 1_000_000}, "summary"),
        ({"severity_id": "nonsense"}, "severity_id"),
        ({"severity_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "severity_id"),
        ({"incident_status_id": "x"}, "incident_status_id"),
        ({"incident_type_id": "x"}, "incident_type_id"),
        ({"roles": {"x": None}}, "incident_role_assignments"),
        ({"member_ids": ("x",)}, "incident_role_assignments"),
        ({"team_ids": ("x",)}, "team_ids"),
        ({"custom_fields": {"x": ("1",)}}, "custom_field_entries"),
        ({"timestamps": {"x": None}}, "incident_timestamp_values"),
        ({"idempotency_key": "k" * 256}, "idempotency_key"),
        ({"separate_reason": "r" * 501}, "separate_reason"),
    ],
)
def test_bad_input_is_told_by_its_field_and_nothing_is_stored(parts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_incident(draft(**parts), make_actor())

    assert list(problems_of(refused)) == [field]
    assert not Incident.objects.exists()


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_timestamp_out_of_range_is_refused(year: int) -> None:
    impact = Configuration.current().incident_timestamps.by_slug["impact-started"]
    moment = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)

    with pytest.raises(ValidationError) as refused:
        create_incident(draft(timestamps={impact.pk: moment}), make_actor())

    assert list(problems_of(refused)) == [f"incident_timestamp_values.{impact.pk}"]


def test_a_viewer_may_declare_and_the_deactivated_may_not() -> None:
    assert create_incident(draft(), make_actor(role="viewer")).is_new
    gone = make_user("Gone Person")
    gone.is_active = False

    with pytest.raises(PermissionDenied):
        create_incident(draft(), type(make_actor()).of_user(gone))


def test_a_private_incident_is_seen_by_who_declared_it_and_who_works_on_it() -> None:
    actor, lead = make_actor(), make_user("Lea Lead")
    role = Configuration.current().lead_role
    assert role is not None

    incident = create_incident(draft(visibility="private", roles={role.pk: lead.pk}), actor).incident

    assert {row.user_id for row in incident.memberships.all()} == {actor.user_id, lead.pk}


def test_a_type_for_private_incidents_refuses_public_ones() -> None:
    with pytest.raises(ValidationError) as refused:
        make_incident(incident_type="security")

    assert "Security incidents are private" in problems_of(refused)["visibility"][0]


@pytest.mark.parametrize("status", ["paused", "closed", "declined", "merged"])
def test_an_incident_does_not_begin_at_its_end(status: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make_incident(status=status)

    assert list(problems_of(refused)) == ["incident_status_id"]


def test_a_retrospective_incident_may_begin_closed() -> None:
    assert make_incident(mode="retrospective", status="closed").status_category == "closed"


def test_the_same_key_and_content_makes_one_incident() -> None:
    actor = make_actor()
    first = create_incident(draft(idempotency_key="abc"), actor)

    again = create_incident(draft(idempotency_key="abc"), actor)

    assert (again.incident, first.is_new, again.is_new) == (first.incident, True, False)
    assert Incident.objects.count() == 1


def test_the_same_key_with_other_content_is_refused() -> None:
    actor = make_actor()
    create_incident(draft(idempotency_key="abc"), actor)

    with pytest.raises(IdempotencyKeyReusedError):
        create_incident(draft(idempotency_key="abc", name="Something else"), actor)


def test_a_key_belongs_to_its_person() -> None:
    create_incident(draft(idempotency_key="abc"), make_actor())

    assert create_incident(draft(idempotency_key="abc"), make_actor()).is_new


def test_a_refused_request_does_not_use_up_its_key() -> None:
    actor = make_actor()
    with pytest.raises(ValidationError):
        create_incident(draft(idempotency_key="abc", name=""), actor)

    assert create_incident(draft(idempotency_key="abc"), actor).is_new


def test_a_required_field_is_asked_for() -> None:
    field = make_custom_field("Affected service", options=("ledger",), required="always")

    with pytest.raises(ValidationError) as refused:
        create_incident(draft(), make_actor())

    assert list(problems_of(refused)) == [f"custom_field_entries.{field.pk}"]


def test_declared_separately_is_told_on_both_sides() -> None:
    actor, other = make_actor(), make_incident("Checkout API 500s")

    incident = create_incident(
        draft(separate_from=(other.pk,), separate_reason="another region"), actor
    ).incident

    for about, counterpart in ((incident, other), (other, incident)):
        event = about.events.get(kind=IncidentEvent.Kind.DECLARED_SEPARATELY)
        assert event.details == {"other_incident_id": counterpart.pk, "reason": "another region"}


def test_a_hidden_incident_cannot_be_named_as_the_other() -> None:
    hidden = make_incident("Leaked token", visibility="private")

    create_incident(draft(separate_from=(hidden.pk, "x"), separate_reason="probing"), make_actor())

    assert not hidden.events.filter(kind=IncidentEvent.Kind.DECLARED_SEPARATELY).exists()


def test_the_number_of_queries_does_not_grow_with_the_parts() -> None:
    fields = [make_custom_field(f"Field {number}", field_type="text") for number in range(6)]
    actor = make_actor()
    make_incident(actor=actor)
    with CaptureQueriesContext(
        connection,
    ) as plain:
        create_incident(draft(custom_fields={fields[0].pk: ("a",)}), actor)

    with CaptureQueriesContext(connection) as full:
        create_incident(draft(custom_fields={field.pk: ("a",) for field in fields}), actor)

    assert len(full) == len(plain)
