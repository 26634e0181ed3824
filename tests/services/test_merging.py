"""Making several incidents one."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from incidents.models import (
    Configuration,
    Incident,
    IncidentDurationMetric,
    IncidentEvent,
    IncidentMerge,
    IncidentToken,
    IncidentUpdate,
    SimilarityVerdict,
)
from incidents.models.ulid import NO_ULID
from incidents.services.configuration import save_noun
from incidents.services.errors import VersionConflictError
from incidents.services.merging import MOST_SOURCES, MergeDraft, merge_incidents
from incidents.services.unmerging import undo_merge
from incidents.services.verdicts import give_verdict
from tests.make import (
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


def test_sources_keep_their_rows_and_point_to_the_survivor() -> None:
    survivor, first, second = (
        make_incident("Payouts fail"),
        make_incident("No payouts"),
        make_incident("502s"),
    )

    merge(survivor, first, second)

    for source in (first, second):
        stored = fresh(source)
        assert (stored.name, stored.merged_into_incident) == (source.name, survivor)
        assert (stored.status_category, stored.incident_status) == ("merged", status_of("merged"))
        assert stored.version == source.version + 1
    assert fresh(survivor).version == survivor.version + 1
    assert IncidentMerge.objects.get().survivor == survivor


def test_both_sides_are_told_with_the_note_and_the_ids_alone() -> None:
    survivor, source = make_incident("Payouts fail"), make_incident("No payouts")

    merge(survivor, source, note="The same gateway")

    (here,), (there,) = events_of(survivor, Kind.MERGED), events_of(source, Kind.MERGED)
    assert here.details == {"merged_incident_id": source.pk, "note": "The same gateway"}
    assert there.details == {"merged_into_incident_id": survivor.pk, "note": "The same gateway"}
    (status,) = events_of(source, Kind.STATUS_CHANGED)
    assert (status.details["from_category"], status.details["to_category"]) == ("live", "merged")


def test_an_update_says_the_same_to_the_api() -> None:
    survivor, source = make_incident(), make_incident()

    merge(survivor, source, note="The same gateway")

    update = IncidentUpdate.objects.get()
    assert (update.incident, update.message) == (source, "The same gateway")
    assert (update.merged_into_incident, update.new_incident_status) == (survivor, status_of("merged"))


def test_what_was_merged_into_a_source_follows_it() -> None:
    first, second, third = make_incident("A"), make_incident("B"), make_incident("C")
    merge(second, first)

    merge(third, second)

    assert {fresh(one).merged_into_incident_id for one in (first, second)} == {third.pk}
    assert fresh(third).merged_into_incident_id is None
    latest = IncidentUpdate.objects.filter(incident=first).order_by("-id").first()
    assert latest is not None
    assert latest.merged_into_incident == third


def test_a_merged_incident_is_not_open_and_not_measured_any_more() -> None:
    survivor, source = make_incident(), make_incident()
    running = IncidentDurationMetric.objects.filter(incident=source, status="calculating")
    assert running.exists()

    merge(survivor, source)

    assert list(Incident.objects.open()) == [fresh(survivor)]
    assert not running.exists()


def test_an_old_merged_incident_is_not_compared_any_more() -> None:
    source = make_incident("Old one", created_at=timezone.now() - datetime.timedelta(days=90))
    assert IncidentToken.objects.filter(incident=source).exists()

    merge(make_incident(), source)

    assert not IncidentToken.objects.filter(incident=source).exists()


def test_a_timestamp_of_the_status_is_set() -> None:
    timestamp = Configuration.current().incident_timestamps.by_slug["closed"]
    timestamp.set_by_statuses.add(status_of("merged"))
    save_noun(timestamp, make_actor(role="administrator"))
    survivor, source = make_incident(), make_incident()

    merge(survivor, source)

    assert source.timestamp_values.filter(incident_timestamp=timestamp).exists()


# --- What differs


def test_the_survivor_keeps_its_values_unless_others_are_chosen() -> None:
    survivor, source = make_incident(severity="minor"), make_incident(severity="critical")

    merge(survivor, source)
    assert fresh(survivor).severity_id == survivor.severity_id

    other = make_incident(severity="critical")
    merge(survivor, other, choices={"severity": other.pk})
    stored = fresh(survivor)
    assert (stored.severity_id, stored.severity_rank) == (other.severity_id, other.severity_rank)
    assert events_of(survivor, Kind.SEVERITY_CHANGED)


def test_a_lead_a_field_and_a_moment_can_be_chosen() -> None:
    field = make_custom_field("Region", options=("EU", "US"))
    configuration = Configuration.current()
    eu, us = (configuration.options[field.pk].by_slug[slug].pk for slug in ("eu", "us"))
    lead, started = configuration.lead_role, configuration.incident_timestamps.by_slug["impact-started"]
    assert lead is not None
    rosa, moment = make_user("Rosa Lund"), timezone.now() - datetime.timedelta(hours=3)
    survivor = make_incident(custom_fields={field.pk: (us,)})
    source = make_incident(
        custom_fields={field.pk: (eu,)}, roles={lead.pk: rosa.pk}, timestamps={started.pk: moment}
    )

    keys = ("custom_field[region]", "incident_role[incident-lead]", "incident_timestamp[impact-started]")
    merge(survivor, source, choices=dict.fromkeys(keys, source.pk))

    assert survivor.custom_field_entries.get().value_option_id == eu
    assert survivor.role_assignments.get(incident_role=lead).assignee == rosa
    assert survivor.timestamp_values.get(incident_timestamp=started).value == moment


def test_lists_are_joined() -> None:
    field = make_custom_field("Services", options=("A", "B", "C"), field_type="multi_select")
    options = [option.pk for option in Configuration.current().options[field.pk]]
    team, other = make_team("Payments"), make_team("Ledger")
    survivor = make_incident(custom_fields={field.pk: (options[1],)}, team_ids=(team.pk,))
    source = make_incident(custom_fields={field.pk: (options[0], options[1])}, team_ids=(other.pk,))

    merge(survivor, source)

    entries = survivor.custom_field_entries.order_by("position")
    assert [entry.value_option_id for entry in entries] == [options[1], options[0]]
    assert set(survivor.teams.all()) == {team, other}
    assert [entry.value_option_id for entry in source.custom_field_entries.order_by("position")] == options[
        :2
    ]


def test_a_type_that_would_make_the_survivor_private_is_not_taken() -> None:
    survivor, source = make_incident(), make_incident()
    security = Configuration.current().incident_types.by_slug["security"]
    Incident.objects.filter(pk=source.pk).update(incident_type=security)

    merge(survivor, source, choices={"incident_type": source.pk})

    assert fresh(survivor).incident_type_id == survivor.incident_type_id
    assert not fresh(survivor).is_private


# --- Refusals


def refused(draft: MergeDraft, **kwargs: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error, transaction.atomic():
        merge_incidents(draft, kwargs.get("actor") or make_actor(role="administrator"))
    return error.value.message_dict


def test_what_cannot_be_merged_is_told() -> None:
    survivor, merged, other = make_incident(), make_incident(), make_incident()
    merge(other, merged)
    draft = MergeDraft(survivor_id=survivor.pk, source_ids=())

    def told(*source_ids: str) -> str:
        wanted = MergeDraft(survivor_id=survivor.pk, source_ids=source_ids)
        return " ".join(refused(wanted)["source_incident_ids"])

    assert "at least one" in " ".join(refused(draft)["source_incident_ids"])
    assert "into itself" in told(survivor.pk)
    assert "merged before" in told(merged.pk)
    assert "no such incident" in told(NO_ULID)
    assert "no such incident" in told("nonsense\x00")
    assert f"at most {MOST_SOURCES}" in told(*(f"{number:026}" for number in range(MOST_SOURCES + 1)))
    into_merged = MergeDraft(survivor_id=merged.pk, source_ids=(survivor.pk,))
    assert "itself" in " ".join(refused(into_merged)["source_incident_ids"])
    note = MergeDraft(survivor_id=survivor.pk, source_ids=(other.pk,), note="\x00")
    assert list(refused(note)) == ["note"]


def test_a_private_incident_is_not_merged_into_a_public_one() -> None:
    public, private = make_incident(), make_incident(visibility="private")

    draft = MergeDraft(survivor_id=public.pk, source_ids=(private.pk,))
    assert "make it visible to everyone" in " ".join(refused(draft)["source_incident_ids"])

    merge(private, public)
    assert fresh(public).merged_into_incident == private
    assert not fresh(public).is_private


def test_a_real_incident_does_not_vanish_in_a_test() -> None:
    real, practice = make_incident(), make_incident(mode="test")

    draft = MergeDraft(survivor_id=practice.pk, source_ids=(real.pk,))
    assert "vanish from lists" in " ".join(refused(draft)["source_incident_ids"])

    merge(real, practice)
    assert fresh(practice).merged_into_incident == real


def test_what_the_actor_may_not_see_is_not_there() -> None:
    public, private, stranger = make_incident(), make_incident(visibility="private"), make_actor()

    with pytest.raises(Incident.DoesNotExist):
        merge_incidents(MergeDraft(survivor_id=private.pk, source_ids=(public.pk,)), stranger)
    hidden = refused(MergeDraft(survivor_id=public.pk, source_ids=(private.pk,)), actor=stranger)
    missing = refused(MergeDraft(survivor_id=public.pk, source_ids=(NO_ULID,)), actor=stranger)
    assert hidden == missing
    with pytest.raises(Incident.DoesNotExist):
        merge_incidents(MergeDraft(survivor_id="x", source_ids=(public.pk,)), stranger)


def test_viewers_merge_nothing() -> None:
    survivor, source = make_incident(), make_incident()

    with pytest.raises(PermissionDenied):
        merge(survivor, source, actor=make_actor(role="viewer"))


def test_an_incident_that_changed_since_is_not_merged() -> None:
    survivor, source = make_incident(), make_incident()
    move_incident(source, "fixing")

    with pytest.raises(VersionConflictError):
        merge(survivor, source, versions={survivor.pk: 1, source.pk: 1})

    assert fresh(source).merged_into_incident is None


def test_a_merge_is_a_verdict_until_it_is_taken_back() -> None:
    actor = make_actor(role="administrator")
    survivor = make_incident("Ledger export is stuck", actor=actor)
    judged = make_incident("Ledger export hangs", actor=actor)
    source = make_incident("Ledger export stuck again", actor=actor)
    give_verdict(survivor.pk, judged.pk, "different", actor)

    merge_incidents(MergeDraft(survivor_id=survivor.pk, source_ids=(source.pk, judged.pk)), actor)
    after = set(SimilarityVerdict.objects.values_list("other_incident", "verdict", "source"))
    undo_merge(source.pk, actor)

    assert after == {(judged.pk, "different", "page"), (source.pk, "same", "merge")}
    assert set(SimilarityVerdict.objects.values_list("other_incident", flat=True)) == {judged.pk}
