"""Taking a merge back, and splitting one incident off."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from incidents.models import (
    Actor,
    Configuration,
    Incident,
    IncidentEvent,
    IncidentMerge,
    IncidentUpdate,
)
from incidents.services.configuration import save_noun
from incidents.services.drafts import IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.memberships import grant_membership
from incidents.services.unmerging import (
    MergeSettledError,
    latest_merge,
    obstacle_to_undo,
    split_off_incident,
    undo_merge,
)
from incidents.services.updates import share_update
from incidents.services.verification import verify_counter, verify_incidents
from tests.at_once import at_once
from tests.dump import state_of_incidents
from tests.make import (
    make_action,
    make_actor,
    make_custom_field,
    make_incident,
    make_team,
    make_user,
    merge,
    move_incident,
    status_of,
)
from tests.services.test_actions import events_of

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def test_an_undo_gives_everything_back() -> None:
    field = make_custom_field("Services", options=("A", "B"), field_type="multi_select")
    one, two = (option.pk for option in Configuration.current().options[field.pk])
    lead = Configuration.current().lead_role
    assert lead is not None
    people: dict[str, Any] = {"roles": {lead.pk: make_user("Rosa").pk}, "team_ids": (make_team().pk,)}
    earlier, actor = make_incident("Earlier"), make_actor(role="administrator")
    survivor = make_incident("S", severity="minor", custom_fields={field.pk: (one,)}, visibility="private")
    source = make_incident("A", severity="critical", custom_fields={field.pk: (two,)}, summary="Oh", **people)
    merge(source, earlier, actor=actor)
    before = state_of_incidents()

    keys = ("severity", "summary", "incident_role[incident-lead]")
    merge(survivor, source, choices=dict.fromkeys(keys, source.pk), actor=actor)
    assert state_of_incidents() != before
    undo_merge(source.pk, actor)

    assert state_of_incidents() == before
    assert fresh(earlier).merged_into_incident == source
    assert [*verify_counter(), *(wrong for _, wrongs in verify_incidents() for wrong in wrongs)] == []


def test_both_sides_and_the_api_are_told() -> None:
    survivor, source = make_incident(severity="minor"), make_incident(severity="critical")
    merge(survivor, source, choices={"severity": source.pk})

    undo_merge(source.pk, make_actor())

    (here,), (there,) = events_of(survivor, Kind.MERGE_UNDONE), events_of(source, Kind.MERGE_UNDONE)
    assert here.details == {"merged_incident_id": source.pk}
    assert there.details == {"merged_into_incident_id": survivor.pk}
    severities = [
        (event.details["from"]["name"], event.details["to"]["name"])
        for event in events_of(survivor, Kind.SEVERITY_CHANGED)
    ]
    assert sorted(severities) == [("Critical", "Minor"), ("Minor", "Critical")]
    latest = IncidentUpdate.objects.filter(incident=source).order_by("-id").first()
    assert latest is not None
    assert (latest.new_incident_status, latest.merged_into_incident) == (source.incident_status, None)


def test_all_incidents_of_one_merge_come_back_together() -> None:
    survivor, first, second = make_incident(), make_incident(), make_incident()
    merge(survivor, first, second)

    undo_merge(second.pk, make_actor())

    assert fresh(first).is_open
    assert fresh(second).is_open


def test_versions_never_stand_for_two_states() -> None:
    survivor, source = make_incident(), make_incident()
    merge(survivor, source)
    merged = fresh(source)

    undo_merge(source.pk, make_actor())

    assert fresh(source).version == merged.version + 1
    assert fresh(survivor).version == 3
    assert fresh(source).updated_at > merged.updated_at


def write_to_source(survivor: Incident, source: Incident, actor: Actor) -> None:
    share_update(source.pk, UpdateDraft(message="More"), actor)


def write_to_survivor(survivor: Incident, source: Incident, actor: Actor) -> None:
    edit_incident(survivor.pk, IncidentEdit(summary="More"), actor)


def add_a_task(survivor: Incident, source: Incident, actor: Actor) -> None:
    make_action(survivor)


def merge_another(survivor: Incident, source: Incident, actor: Actor) -> None:
    merge(survivor, make_incident())


def let_time_pass(survivor: Incident, source: Incident, actor: Actor) -> None:
    past = timezone.now() - datetime.timedelta(minutes=11)
    IncidentMerge.objects.update(created_at=past)


def change_the_settings(survivor: Incident, source: Incident, actor: Actor) -> None:
    save_noun(Configuration.current().severities.rows[0], make_actor(role="administrator"))


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (write_to_source, "Something was written"),
        (write_to_survivor, "Something was written"),
        (add_a_task, "Something was written"),
        (merge_another, "Something was written"),
        (let_time_pass, "for 10 minutes"),
        (change_the_settings, "settings were changed"),
    ],
)
def test_what_is_not_exact_is_not_undone_but_split_off(since: Any, why: str) -> None:
    survivor, source, actor = make_incident(), make_incident(), make_actor()
    merge(survivor, source)
    since(survivor, source, actor)

    with pytest.raises(MergeSettledError, match=why):
        undo_merge(source.pk, actor)

    assert fresh(source).status_category == "merged"
    assert split_off_incident(source.pk, actor).incident_status == source.incident_status
    assert fresh(source).merged_into_incident is None


def test_an_undo_after_an_undo_has_nothing_to_do() -> None:
    survivor, source, actor = make_incident(), make_incident(), make_actor()
    merge(survivor, source)
    undo_merge(source.pk, actor)

    for pk in (source.pk, survivor.pk):
        with pytest.raises(MergeSettledError, match="Nothing is left"):
            undo_merge(pk, actor)


def test_an_undone_merge_leaves_the_one_before_it_to_be_undone() -> None:
    survivor, first, second, actor = make_incident(), make_incident(), make_incident(), make_actor()
    before = state_of_incidents()
    merge(survivor, first, actor=actor)
    merge(survivor, second, actor=actor)

    undo_merge(second.pk, actor)
    undo_merge(first.pk, actor)

    assert state_of_incidents() == before


def test_split_off_gives_the_status_back_and_leaves_the_rest() -> None:
    survivor, source, other, actor = make_incident(), make_incident(), make_incident(), make_actor()
    move_incident(source, "monitoring")
    merge(survivor, source, other)
    update = share_update(survivor.pk, UpdateDraft(message="In between"), actor)

    split_off_incident(source.pk, actor)

    assert fresh(source).incident_status == status_of("monitoring")
    assert fresh(other).merged_into_incident == survivor
    assert update.incident_id == survivor.pk
    assert events_of(survivor, Kind.SPLIT_OFF)[0].details == {"merged_incident_id": source.pk}
    assert events_of(source, Kind.SPLIT_OFF)[0].details == {"merged_into_incident_id": survivor.pk}
    assert fresh(source).duration_metrics.filter(status="calculating").exists()


def test_split_off_without_a_status_in_history_takes_the_first_active_one() -> None:
    survivor, source = make_incident(), make_incident()
    Incident.objects.filter(pk=source.pk).update(
        incident_status=status_of("merged"), status_category="merged", merged_into_incident=survivor
    )

    assert split_off_incident(source.pk, make_actor()).incident_status == status_of("investigating")


def test_what_is_not_merged_is_not_split_off() -> None:
    with pytest.raises(ValidationError):
        split_off_incident(make_incident().pk, make_actor())


def test_who_may_take_a_merge_back() -> None:
    survivor, source = make_incident(visibility="private"), make_incident()
    merge(survivor, source)
    member, stranger, viewer = make_actor(), make_actor(), make_actor(role="viewer")
    for verb in (undo_merge, split_off_incident):
        with pytest.raises(PermissionDenied):
            verb(source.pk, viewer)
        with pytest.raises(Incident.DoesNotExist):
            verb(source.pk, stranger)
        with pytest.raises(Incident.DoesNotExist):
            verb("nonsense", stranger)

    assert member.user is not None
    grant_membership(survivor.pk, member.user, make_actor(role="administrator"))
    assert split_off_incident(source.pk, member).is_open


@pytest.mark.usefixtures("committed_db")
def test_of_many_undos_at_once_one_wins() -> None:
    survivor, source, actor = make_incident(), make_incident(), make_actor()
    merge(survivor, source)

    def undo(_: int) -> bool:
        try:
            undo_merge(source.pk, actor)
        except MergeSettledError:
            return False
        return True

    assert sum(at_once(undo, 8)) == 1
    assert len(events_of(survivor, Kind.MERGE_UNDONE)) == 1


@pytest.mark.usefixtures("committed_db")
def test_an_undo_and_writes_at_once_lose_nothing() -> None:
    survivor, source, actor = make_incident(), make_incident(), make_actor()
    merge(survivor, source)

    def act(number: int) -> bool:
        if number:
            share_update(survivor.pk, UpdateDraft(message=f"Seen {number}"), actor)
            return True
        try:
            undo_merge(source.pk, actor)
        except MergeSettledError:
            return False
        return True

    was_undone, *_ = at_once(act, 8)

    assert IncidentUpdate.objects.filter(message__startswith="Seen").count() == 7
    assert fresh(source).is_open is was_undone


def test_a_merge_can_be_undone_for_ten_minutes() -> None:
    survivor, source = make_incident(), make_incident()
    merge(survivor, source)
    made = latest_merge(source.pk)
    assert made is not None

    with time_machine.travel(made.created_at + datetime.timedelta(minutes=9, seconds=59)):
        assert obstacle_to_undo(made) == ""
    with time_machine.travel(made.created_at + datetime.timedelta(minutes=10, seconds=1)):
        assert "10 minutes" in obstacle_to_undo(made)
