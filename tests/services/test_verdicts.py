"""What people say of two incidents: once a pair, told on both, and known to whoever may see both."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction

from incidents.models import (
    Actor,
    DuplicateCandidate,
    Incident,
    IncidentEvent,
    IncidentRelationship,
    SimilarityVerdict,
)
from incidents.services.creation import Created
from incidents.services.declaring import declare_by_policy, declare_incident, report_same
from incidents.services.drafts import IncidentDraft
from incidents.services.duplicates import find_duplicates
from incidents.services.separation import record_separation
from incidents.services.verdicts import give_verdict, record_verdict, reject_pairs
from tests.make import make_actor, make_api_key, make_incident, make_relationship

pytestmark = pytest.mark.django_db

NAME = "Checkout API returns 500s for EU merchants"


@pytest.fixture
def pair() -> tuple[Incident, Incident]:
    return make_incident(NAME), make_incident("Checkout API 500s, EU merchants")


def events_of(incident: Incident) -> list[tuple[str, str]]:
    rows = IncidentEvent.objects.filter(incident=incident, kind="verdict_given").order_by("id")
    return [(event.details["verdict"], event.details["other_incident_id"]) for event in rows]


def test_a_verdict_keeps_what_the_check_said(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    rosa = make_actor("Rosa Lund")

    given = give_verdict(newer.pk, older.pk, "same", rosa)

    assert (given.incident_id, given.other_incident_id) == (older.pk, newer.pk)
    assert (given.verdict, given.source, given.creator_user_id) == ("same", "page", rosa.user_id)
    assert given.level in {"likely", "exact"}
    assert given.score == sum(reason["points"] for reason in given.reasons)


def test_both_incidents_tell_of_it(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair

    give_verdict(older.pk, newer.pk, "unsure", make_actor())

    assert events_of(older) == [("unsure", newer.pk)]
    assert events_of(newer) == [("unsure", older.pk)]


def test_a_verdict_can_be_changed_and_both_are_told(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    give_verdict(older.pk, newer.pk, "same", make_actor())

    give_verdict(newer.pk, older.pk, "different", make_actor())

    assert SimilarityVerdict.objects.get().verdict == "different"
    assert [verdict for verdict, _ in events_of(older)] == ["same", "different"]


def test_the_same_verdict_again_tells_nothing(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    first = give_verdict(older.pk, newer.pk, "same", make_actor("Rosa Lund"))

    again = give_verdict(older.pk, newer.pk, "same", make_actor("Tom Vidal"))

    assert again.creator_user_id == first.creator_user_id
    assert len(events_of(older)) == 1


def test_related_ties_them_and_another_verdict_unties_them(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    give_verdict(older.pk, newer.pk, "related", make_actor())
    assert IncidentRelationship.objects.get().kind == "related"

    give_verdict(older.pk, newer.pk, "different", make_actor())

    assert not IncidentRelationship.objects.exists()


def test_a_tie_that_says_more_stays(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    make_relationship(newer, older, "caused_by")

    give_verdict(older.pk, newer.pk, "related", make_actor())
    give_verdict(older.pk, newer.pk, "different", make_actor())

    assert IncidentRelationship.objects.get().kind == "caused_by"


def test_what_the_check_does_not_find_has_no_points() -> None:
    older, newer = make_incident("Ledger is late"), make_incident("Printer on fire")

    given = give_verdict(older.pk, newer.pk, "same", make_actor())

    assert (given.score, given.level, given.reasons) == (0, "", [])


def test_a_check_that_fails_keeps_nobody_from_judging(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair

    with connection.execute_wrapper(fail_reading_tokens):
        given = give_verdict(older.pk, newer.pk, "same", make_actor())

    assert given.score is None


def fail_reading_tokens(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if "incidents_incidenttoken" in sql:
        raise OperationalError("canceling statement due to statement timeout")
    return execute(sql, params, many, context)


def test_viewers_do_not_judge(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair

    with pytest.raises(PermissionDenied):
        give_verdict(older.pk, newer.pk, "same", make_actor(role="viewer"))

    assert not SimilarityVerdict.objects.exists()


def test_what_is_hidden_cannot_be_judged() -> None:
    public = make_incident(NAME)
    hidden = make_incident(NAME, visibility="private", actor=make_actor("Olga Owner"))

    with pytest.raises(Incident.DoesNotExist):
        give_verdict(public.pk, hidden.pk, "same", make_actor())
    with pytest.raises(Incident.DoesNotExist):
        give_verdict(hidden.pk, public.pk, "same", make_actor())

    assert not SimilarityVerdict.objects.exists()


@pytest.mark.parametrize("verdict", ["", "Same", "twin", "same\x00"])
def test_there_are_four_verdicts(pair: tuple[Incident, Incident], verdict: str) -> None:
    with pytest.raises(ValidationError) as refused:
        give_verdict(pair[0].pk, pair[1].pk, verdict, make_actor())

    assert list(refused.value.message_dict) == ["verdict"]


def test_an_incident_is_not_compared_with_itself(pair: tuple[Incident, Incident]) -> None:
    with pytest.raises(ValidationError) as refused:
        give_verdict(pair[0].pk, pair[0].pk, "same", make_actor())

    assert list(refused.value.message_dict) == ["other"]


def test_a_pair_has_one_verdict_in_the_database_too(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    given = give_verdict(older.pk, newer.pk, "same", make_actor())
    twin = {
        "verdict": "same",
        "source": "page",
        "weights_version": 1,
        "creator_user_id": given.creator_user_id,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        SimilarityVerdict.objects.create(incident=older, other_incident=newer, **twin)
    with pytest.raises(IntegrityError), transaction.atomic():
        SimilarityVerdict.objects.create(incident=newer, other_incident=older, **twin)
    with pytest.raises(IntegrityError), transaction.atomic():
        SimilarityVerdict.objects.create(incident=newer, **twin)


def test_a_merge_records_its_verdict_without_telling_twice(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair

    with transaction.atomic():
        given = record_verdict((newer.pk, older.pk), "same", make_actor(), source="merge")

    assert (given.source, given.level) == ("merge", "likely")
    assert events_of(older) == []


def test_a_verdict_is_seen_by_those_who_see_both() -> None:
    owner = make_actor("Olga Owner")
    public = make_incident(NAME)
    hidden = make_incident(NAME, visibility="private", actor=owner)
    give_verdict(public.pk, hidden.pk, "different", owner)

    verdicts = SimilarityVerdict.objects
    assert verdicts.visible_to(owner).count() == 1
    assert verdicts.visible_to(make_actor(role="administrator")).count() == 1
    assert verdicts.visible_to(make_actor()).count() == 0


def test_none_of_several_is_another() -> None:
    rows = [make_incident(NAME) for _ in range(3)]
    list(find_duplicates(10))

    assert reject_pairs([row.pk for row in rows], make_actor()) == 3

    assert set(SimilarityVerdict.objects.values_list("verdict", "level")) == {("different", "exact")}
    assert len(events_of(rows[0])) == 2


def test_what_does_not_look_alike_is_not_judged_along() -> None:
    rows = [make_incident(NAME), make_incident(NAME), make_incident("Printer on fire")]
    list(find_duplicates(10))

    assert reject_pairs([row.pk for row in rows], make_actor()) == 1


@pytest.mark.parametrize("count", [1, 11])
def test_few_are_judged_at_once(count: int) -> None:
    rows = [make_incident(f"{NAME} {number}") for number in range(count)]

    with pytest.raises(ValidationError):
        reject_pairs([row.pk for row in rows], make_actor())


def test_a_report_says_that_it_is_the_same() -> None:
    incident = make_incident(NAME)
    draft = IncidentDraft(name="Checkout API 500s, EU merchants")

    report = report_same(incident.pk, draft, make_actor(role="viewer"))
    report_same(incident.pk, draft, make_actor())

    given = SimilarityVerdict.objects.get(report=report)
    assert (given.verdict, given.source, given.incident_id) == ("same", "declare", incident.pk)
    assert given.level == "likely"


def test_a_report_sent_twice_is_one_verdict() -> None:
    incident, viewer = make_incident(NAME), make_actor(role="viewer")

    for _ in range(2):
        report_same(incident.pk, IncidentDraft(name=NAME), viewer)

    assert SimilarityVerdict.objects.count() == 1


def test_to_declare_separately_is_a_verdict() -> None:
    incident = make_incident(NAME)
    draft = IncidentDraft(
        name=NAME,
        severity_id=incident.severity_id,
        separate_from=(incident.pk,),
        separate_reason="Another cluster",
    )

    made = declare_incident(draft, make_actor())

    assert isinstance(made, Created)
    given = SimilarityVerdict.objects.get()
    assert (given.incident_id, given.other_incident_id) == (incident.pk, made.incident.pk)
    assert (given.verdict, given.source, given.level) == ("different", "separation", "exact")
    assert not DuplicateCandidate.objects.exists()
    assert events_of(incident) == []


def test_what_automation_declares_again_is_a_candidate() -> None:
    incident = make_incident(NAME)
    key = Actor.of_api_key(make_api_key().api_key)

    made = declare_by_policy(IncidentDraft(name=NAME, severity_id=incident.severity_id), key, "warn")

    found = DuplicateCandidate.objects.get()
    assert (found.incident_id, found.level) == (incident.pk, "exact")
    assert found.other_incident_id == made.created.incident.pk  # type: ignore[union-attr]


def test_separations_of_the_past_become_verdicts(pair: tuple[Incident, Incident]) -> None:
    older, newer = pair
    tom = make_actor("Tom Vidal")
    record_separation(newer, [older], "Another cluster", tom, newer.created_at)
    migration = import_module("incidents.migrations.0014_verdicts")

    for _ in range(2):
        migration.judge_separations(apps, None)

    given = SimilarityVerdict.objects.get()
    assert (given.incident_id, given.other_incident_id) == (older.pk, newer.pk)
    assert (given.verdict, given.source, given.score) == ("different", "separation", None)
    assert (given.creator_user_id, given.judged_at) == (tom.user_id, newer.created_at)
