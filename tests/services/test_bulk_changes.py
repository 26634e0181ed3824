"""Bulk changes: every kind, what is refused, what is taken back, and what a crash leaves."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import (
    Actor,
    BulkChange,
    BulkChangeRow,
    Configuration,
    Incident,
    IncidentEvent,
    User,
)
from incidents.models.bulk_change import MOST_INCIDENTS
from incidents.models.ulid import new_ulid
from incidents.services.bulk_changes import (
    BulkChangeDraft,
    advance_bulk_change,
    advance_unfinished,
    clean_wanted,
    judge_incidents,
    start_bulk_change,
    undo_bulk_change,
)
from incidents.services.bulk_changes.advancing import STEP
from incidents.services.drafts import IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.memberships import grant_membership, revoke_membership
from incidents.services.verification import verify_incidents
from tests.make import (
    make_actor,
    make_custom_field,
    make_incident,
    make_user,
    merge,
    move_incident,
    status_of,
)

pytestmark = pytest.mark.django_db
Kind = BulkChange.Kind
Outcome = BulkChangeRow.Outcome
EventKind = IncidentEvent.Kind


@pytest.fixture
def rosa() -> Actor:
    return make_actor("Rosa Lund")


def started(
    actor: Actor, kind: Kind, values: tuple[str, ...], *incidents: Incident, **draft: Any
) -> BulkChange:
    ids = tuple(incident.pk for incident in incidents)
    token = draft.pop("form_token", new_ulid())
    wanted = BulkChangeDraft(kind=kind, values=values, incident_ids=ids, form_token=token, **draft)
    return start_bulk_change(wanted, actor)


def done(actor: Actor, kind: Kind, values: tuple[str, ...], *incidents: Incident, **draft: Any) -> BulkChange:
    change = started(actor, kind, values, *incidents, **draft)
    while advance_bulk_change(change.pk, seconds=0):
        pass
    return fresh(change)


def undone(change: BulkChange, actor: Actor) -> BulkChange:
    undo = undo_bulk_change(change.pk, actor)
    while advance_bulk_change(undo.pk, seconds=0):
        pass
    return fresh(undo)


def fresh(change: BulkChange) -> BulkChange:
    return BulkChange.objects.get(pk=change.pk)


def outcomes(change: BulkChange) -> list[str]:
    return list(change.rows.order_by("number").values_list("outcome", flat=True))


def reasons(change: BulkChange) -> list[str]:
    return list(change.rows.order_by("number").values_list("reason", flat=True))


def severity(slug: str) -> str:
    return Configuration.current().severities.by_slug[slug].pk


def events(incident: Incident, kind: str) -> list[IncidentEvent]:
    return list(incident.events.filter(kind=kind).order_by("id"))


def lead_of(incident: Incident) -> User | None:
    held = incident.role_assignments.filter(incident_role=Configuration.current().lead_role).first()
    return held.assignee if held else None


def test_a_severity_is_set_with_one_entry_each(rosa: Actor) -> None:
    incidents = [
        make_incident("A"),
        make_incident("B", severity="minor"),
        make_incident("C", severity="critical"),
    ]

    change = done(rosa, Kind.SEVERITY, (severity("critical"),), *incidents, query="severity[lte]=major")

    assert outcomes(change) == ["changed", "changed", "unchanged"]
    assert change.finished_at is not None
    assert str(change) == "Severity to Critical"
    assert [len(events(one, EventKind.SEVERITY_CHANGED)) for one in incidents] == [1, 1, 0]
    row = change.rows.get(number=1)
    assert row.incident_event == events(incidents[0], EventKind.SEVERITY_CHANGED)[0]
    assert row.incident_event is not None
    assert row.incident_event.creator == rosa.user
    assert (row.before, row.before_label) == ([severity("major")], "Major")
    assert not any(problems for _, problems in verify_incidents())


def test_a_status_is_refused_where_it_may_not_follow(rosa: Actor) -> None:
    triage, closed, survivor, source = (make_incident(name) for name in "ABCD")
    move_incident(closed, "closed")
    merge(survivor, source)

    change = done(rosa, Kind.STATUS, (status_of("declined").pk,), triage, closed, survivor, source)

    assert "refused" in outcomes(change)
    assert reasons(change)[1] == "Declining is for incidents in triage. Cancel this one instead."
    assert reasons(change)[3].startswith("It was merged")
    assert Incident.objects.get(pk=closed.pk).status_category == "closed"


def test_the_preview_says_what_then_happens(rosa: Actor) -> None:
    make_custom_field("Cause", field_type="text", required="before_resolution")
    cause = Configuration.current().custom_fields.by_slug["cause"]
    unfilled, filled, closed, survivor, source = (make_incident(name) for name in "ABCDE")
    edit_incident(filled.pk, IncidentEdit(custom_fields={cause.pk: ("A leak",)}), rosa)
    edit_incident(closed.pk, IncidentEdit(custom_fields={cause.pk: ("A leak",)}), rosa)
    move_incident(closed, "closed")
    merge(survivor, source)
    asked = [Incident.objects.get(pk=one.pk) for one in (unfilled, filled, closed, survivor, source)]
    configuration = Configuration.current()

    target = status_of("closed").pk
    told = judge_incidents(clean_wanted(Kind.STATUS, (target,), configuration), asked, configuration)
    change = done(rosa, Kind.STATUS, (target,), *asked)

    assert outcomes(change) == ["refused", "changed", "unchanged", "refused", "refused"]
    assert [verdict.outcome for verdict in told] == outcomes(change)
    assert [verdict.reason for verdict in told] == reasons(change)
    assert reasons(change)[0] == "Fill in “Cause” before the status Closed."


def test_a_status_with_words_shares_one_update_each(rosa: Actor) -> None:
    first, second = make_incident("A"), make_incident("B")
    move_incident(second, "monitoring")

    done(rosa, Kind.STATUS, (status_of("monitoring").pk,), first, second, message="The fix is out.")

    assert [update.message for update in first.updates.all()] == ["The fix is out."]
    assert len(events(first, EventKind.STATUS_CHANGED)) == 1
    assert not second.updates.filter(message="The fix is out.").exists()


def test_a_lead_is_set_and_taken_away(rosa: Actor) -> None:
    ada, first, second = make_user("Ada Okafor"), make_incident("A"), make_incident("B")

    given = done(rosa, Kind.LEAD, (ada.pk,), first, second)
    taken = done(rosa, Kind.LEAD, (), first, second)

    assert (given.label, taken.label) == ("Ada Okafor", "nobody")
    assert outcomes(taken) == ["changed", "changed"]
    assert lead_of(first) is None
    assert len(events(first, EventKind.ROLE_CHANGED)) == 2


def test_a_change_goes_step_by_step_and_on_after_a_crash(rosa: Actor) -> None:
    incidents = [make_incident(f"A{number}") for number in range(STEP + 3)]
    change = started(rosa, Kind.SEVERITY, (severity("critical"),), *incidents)

    assert advance_bulk_change(change.pk, seconds=0)
    assert outcomes(change).count("waiting") == 3
    assert fresh(change).finished_at is None
    # Whoever drove it is gone: the worker goes on.
    assert len(list(advance_unfinished(seconds=0))) == 1

    assert outcomes(change) == ["changed"] * len(incidents)
    assert fresh(change).finished_at is not None
    assert {len(events(one, EventKind.SEVERITY_CHANGED)) for one in incidents} == {1}


def test_a_crash_within_a_row_leaves_nothing_of_it(rosa: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = make_incident("A")
    change = started(rosa, Kind.SEVERITY, (severity("critical"),), incident)
    with monkeypatch.context() as patched:
        patched.setattr(BulkChangeRow, "save", _die)
        with pytest.raises(KeyboardInterrupt):
            advance_bulk_change(change.pk, seconds=0)

    assert outcomes(change) == ["waiting"]
    assert events(incident, EventKind.SEVERITY_CHANGED) == []
    advance_bulk_change(change.pk, seconds=0)
    assert len(events(incident, EventKind.SEVERITY_CHANGED)) == 1


def _die(*args: object, **options: object) -> None:
    raise KeyboardInterrupt


def test_who_may_not_any_more_changes_nothing_any_more(rosa: Actor) -> None:
    incident = make_incident("A")
    change = started(rosa, Kind.SEVERITY, (severity("critical"),), incident)
    User.objects.filter(pk=change.creator_user_id).update(role=User.Role.VIEWER)

    advance_bulk_change(change.pk, seconds=0)

    assert reasons(change) == ["You may not change incidents any more."]
    assert events(incident, EventKind.SEVERITY_CHANGED) == []


def test_what_went_out_of_sight_is_refused(rosa: Actor) -> None:
    owner = make_actor("Olga Owner")
    incident = make_incident("A", actor=owner, visibility="private")
    assert rosa.user is not None
    grant_membership(incident.pk, rosa.user, owner)
    change = started(rosa, Kind.SEVERITY, (severity("critical"),), incident)
    revoke_membership(incident.pk, rosa.user, owner)

    advance_bulk_change(change.pk, seconds=0)

    assert reasons(change) == ["You do not see this incident any more."]
    assert change.rows.get().before == []


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"incident_ids": ()}, "incident_ids"),
        ({"incident_ids": (new_ulid(),)}, "incident_ids"),
        ({"incident_ids": ("\x00",)}, "incident_ids"),
        ({"incident_ids": tuple(new_ulid() for _ in range(MOST_INCIDENTS + 1))}, "incident_ids"),
        ({"values": (new_ulid(),)}, "severity_id"),
        ({"values": ("\x00",)}, "severity_id"),
        ({"values": ()}, "severity_id"),
        ({"kind": Kind.STATUS}, "incident_status_id"),
        ({"kind": Kind.LEAD}, "incident_role_assignments"),
        ({"kind": Kind.CUSTOM_FIELD, "field_id": "nothing"}, "custom_field_entries"),
        ({"message": "\x00"}, "message"),
        ({"kind": Kind.LEAD, "values": (), "message": "Hello"}, "message"),
        ({"form_token": "x"}, "incident_ids"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_stored(rosa: Actor, draft: dict[str, Any], field: str) -> None:
    usual = {
        "kind": Kind.SEVERITY,
        "values": (severity("critical"),),
        "incident_ids": (make_incident("A").pk,),
        "form_token": new_ulid(),
    }

    with pytest.raises(ValidationError) as refused:
        start_bulk_change(BulkChangeDraft(**{**usual, **draft}), rosa)

    assert set(refused.value.message_dict) == {field}
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ({"field_type": "numeric"}, ("many",)),
        ({"field_type": "link"}, ("javascript:alert(1)",)),
        ({"field_type": "single_select"}, ("nothing",)),
        ({"field_type": "text"}, ("one", "two")),
        ({"field_type": "text", "required": "always"}, ()),
        ({"field_type": "text"}, ("\x00",)),
    ],
)
def test_a_value_of_another_type_is_refused(
    rosa: Actor, fields: dict[str, Any], values: tuple[str, ...]
) -> None:
    field = make_custom_field("Cause", **fields)

    with pytest.raises(ValidationError) as refused:
        started(rosa, Kind.CUSTOM_FIELD, values, make_incident("A"), field_id=field.pk)

    assert set(refused.value.message_dict) == {f"custom_field_entries.{field.pk}"}


def test_viewers_change_nothing(rosa: Actor) -> None:
    viewer, incident = make_actor("Vera", role="viewer"), make_incident("A")
    change = done(rosa, Kind.SEVERITY, (severity("critical"),), incident)

    with pytest.raises(PermissionDenied):
        started(viewer, Kind.SEVERITY, (severity("critical"),), incident)
    with pytest.raises(PermissionDenied):
        undo_bulk_change(change.pk, viewer)


def test_a_hidden_incident_is_refused_as_one_that_is_missing(rosa: Actor) -> None:
    hidden = make_incident("A", actor=make_actor("Olga Owner"), visibility="private")
    told = []
    for pk in (hidden.pk, new_ulid()):
        with pytest.raises(ValidationError) as refused:
            start_bulk_change(
                BulkChangeDraft(
                    kind=Kind.SEVERITY,
                    values=(severity("critical"),),
                    incident_ids=(pk,),
                    form_token=new_ulid(),
                ),
                rosa,
            )
        told.append(refused.value.message_dict)

    assert told[0] == told[1]


def test_the_changes_of_others_are_not_there(rosa: Actor) -> None:
    change = done(rosa, Kind.SEVERITY, (severity("critical"),), make_incident("A"))

    assert not BulkChange.objects.visible_to(make_actor("Mei")).exists()
    assert BulkChange.objects.visible_to(make_actor("Ada", role="administrator")).get() == change
    with pytest.raises(BulkChange.DoesNotExist):
        undo_bulk_change(change.pk, make_actor("Mei"))


def test_a_form_sent_twice_is_one_change(rosa: Actor) -> None:
    incident, token = make_incident("A"), new_ulid()

    first = started(rosa, Kind.SEVERITY, (severity("critical"),), incident, form_token=token)
    second = started(rosa, Kind.SEVERITY, (severity("critical"),), incident, form_token=token)

    assert first == second
    assert BulkChangeRow.objects.count() == 1


def test_a_thousand_are_judged_with_the_queries_of_one(rosa: Actor, django_assert_num_queries: Any) -> None:
    field = make_custom_field("Cause", field_type="text", required="before_resolution")
    incidents = [make_incident(f"A{number}") for number in range(30)]
    configuration = Configuration.current()
    closed, lead = status_of("closed").pk, make_user("Ada")
    many = (incidents * 34)[:MOST_INCIDENTS]

    for queries, wanted in (
        (1, clean_wanted(Kind.STATUS, (closed,), configuration)),
        (0, clean_wanted(Kind.SEVERITY, (severity("critical"),), configuration)),
        (1, clean_wanted(Kind.LEAD, (lead.pk,), configuration)),
        (1, clean_wanted(Kind.CUSTOM_FIELD, ("x",), configuration, field_id=field.pk)),
    ):
        with django_assert_num_queries(queries):
            judge_incidents(wanted, many, configuration)
