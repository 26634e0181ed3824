"""find_similar: levels, reasons, what is compared, and texts of every kind."""

from __future__ import annotations

import datetime
import itertools
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.models import Actor, Configuration, CustomFieldOption, Incident, IncidentMembership
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft, IncidentEdit
from incidents.services.editing import edit_incident
from incidents.services.similarity import KnownValue, Match, Question, find_similar, index_incidents
from incidents.services.similarity.window import compared_by, count_compared_besides
from incidents.services.updates import add_report
from tests.make import make_actor, make_custom_field, make_incident, move_incident

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

CHECKOUT = "Checkout API returning 500s in eu-west-1"
SERVICES = ("payout-gateway", "search-index", "Issues")


@pytest.fixture
def alice() -> Actor:
    return make_actor(role="administrator")


@pytest.fixture
def checkout(alice: Actor) -> Incident:
    return make_incident(CHECKOUT, actor=alice)


def only_match(name: str, actor: Actor, **question: Any) -> Match:
    (match,) = find_similar(Question(name=name, **question), actor).matches
    return match


def make_old(name: str, actor: Actor, *, days: int) -> Incident:
    severity = Configuration.current().severities.rows[0]
    draft = IncidentDraft(name=name, severity_id=severity.pk)
    return create_incident(draft, actor, created_at=timezone.now() - datetime.timedelta(days=days)).incident


def make_in_service(name: str, service: str) -> Incident:
    field = make_custom_field(options=SERVICES, similarity="service")
    option = CustomFieldOption.objects.get(custom_field=field, value=service)
    return make_incident(name, custom_fields={field.pk: (option.pk,)})


def test_reports_inform_without_points(alice: Actor, checkout: Incident) -> None:
    before = only_match(CHECKOUT, alice)
    for number in range(3):
        add_report(checkout.pk, IncidentDraft(name=f"Me too {number}"), alice)

    after = only_match(CHECKOUT, alice)

    assert ("3 reports", 0) in {(reason.text, reason.points) for reason in after.reasons}
    assert not any(reason.code == "reports" for reason in before.reasons)
    assert after.score == before.score


def test_checkout_in_other_words_is_likely(alice: Actor) -> None:
    stored = make_incident(CHECKOUT, actor=alice)

    match = only_match("checkout api 5xx eu-west-1", alice)

    assert (match.incident_id, match.level) == (stored.pk, "likely")
    assert match.score >= 50


def test_same_name_of_an_open_incident_is_exact(alice: Actor) -> None:
    make_incident(CHECKOUT, actor=alice)

    match = only_match("  checkout API, returning 500s in EU-WEST-1! ", alice)

    assert match.level == "exact"
    assert match.reasons[0].code in {"words", "name_equal"}


def test_same_name_of_a_closed_incident_is_not_exact(alice: Actor) -> None:
    move_incident(make_incident(CHECKOUT, actor=alice), "closed", actor=alice)

    assert only_match(CHECKOUT, alice).level == "likely"


def test_same_name_in_another_type_is_not_exact(alice: Actor) -> None:
    stored = make_incident(CHECKOUT, actor=alice)
    other = next(
        kind for kind in Configuration.current().incident_types if kind.pk != stored.incident_type_id
    )

    assert only_match(CHECKOUT, alice, incident_type_id=other.pk).level == "likely"


def test_same_name_in_another_service_is_not_warned_of(alice: Actor) -> None:
    make_in_service("Error rate above limit", "payout-gateway")

    match = only_match("Error rate above limit", alice, field_values=(KnownValue("service", "search-index"),))

    assert match.level == "related"
    assert ("service_differs", "Other service: payout-gateway") in {(r.code, r.text) for r in match.reasons}


def test_other_region_is_told_as_a_doubt(alice: Actor) -> None:
    make_incident("DNS resolution failing in us-east-1", actor=alice)

    match = only_match("DNS resolution failing in eu-west-1", alice)

    doubt = next(reason for reason in match.reasons if reason.code == "region_differs")
    assert match.level == "related"
    assert doubt.text == "Other region: us-east-1"
    assert doubt.points < 0


def test_same_service_is_told_as_it_is_written(alice: Actor) -> None:
    make_in_service("Refunds are stuck", "Issues")

    match = only_match("Refunds stuck since noon", alice, field_values=(KnownValue("service", "issues"),))

    assert "Same service: Issues" in {reason.text for reason in match.reasons}


def test_component_that_reads_like_a_word_counts_only_as_it_is_written(alice: Actor) -> None:
    make_in_service("Comments vanish from threads", "Issues")

    lower = only_match("comments vanish, many issues", alice)
    written = only_match("Comments vanish from Issues", alice)

    assert "service_same" not in {reason.code for reason in lower.reasons}
    assert "service_same" in {reason.code for reason in written.reasons}


@pytest.mark.parametrize(
    "name", ["checkout api 5xx eu-west-1", "checkout 500s us-east-1", "API slow", CHECKOUT]
)
def test_points_add_up_to_the_score(alice: Actor, name: str) -> None:
    make_incident(CHECKOUT, actor=alice, summary="Carts cannot be paid since the deploy of 14:10.")

    match = only_match(name, alice, summary="carts cannot be paid")

    assert sum(reason.points for reason in match.reasons) == match.score


def test_shared_words_are_marked_in_the_name(alice: Actor) -> None:
    make_incident(CHECKOUT, actor=alice)

    match = only_match("checkout api 5xx eu-west-1", alice)

    assert "".join(part for part, _ in match.name_parts) == CHECKOUT
    assert [part for part, is_shared in match.name_parts if is_shared] == [
        "Checkout",
        "API",
        "500s",
        "eu-west-1",
    ]


def test_misspelt_words_still_find_it(alice: Actor) -> None:
    stored = make_incident("Warehouse scanners offline", actor=alice)

    assert only_match("Warehuose scaners", alice).incident_id == stored.pk


def test_nothing_in_common_is_no_match(alice: Actor) -> None:
    make_incident(CHECKOUT, actor=alice)

    assert find_similar(Question(name="Parking barrier stuck"), alice).matches == ()


def test_an_incident_is_never_similar_to_itself(alice: Actor) -> None:
    stored = make_incident(CHECKOUT, actor=alice)

    question = Question(name=CHECKOUT, exclude_incident_id=stored.pk)

    assert find_similar(question, alice).matches == ()


def test_at_most_five_rows_and_three_of_them_quiet(alice: Actor) -> None:
    for bank in ("Borealis", "Zephyr", "Halcyon", "Meridian", "Solstice", "Kestrel", "Juniper"):
        make_incident(f"Refund jobs stuck in payout queue of {bank}", actor=alice)
    for city in ("Oslo", "Rome", "Bonn", "Nice", "Kiel"):
        make_incident(f"Refund desk closed in {city} by storm and flood", actor=alice)

    loud = find_similar(Question(name="Refund jobs stuck in payout queue"), alice)
    quiet = find_similar(Question(name="Refund desk shows old amounts"), alice)

    assert [match.is_warning for match in loud.matches] == [True] * 5
    assert [match.level for match in quiet.matches] == ["related"] * 3


def test_closed_and_old_is_not_compared(alice: Actor) -> None:
    move_incident(make_old(CHECKOUT, alice, days=40), "closed", actor=alice)

    assert find_similar(Question(name=CHECKOUT), alice).matches == ()


def test_open_and_old_is_compared(alice: Actor) -> None:
    stored = make_old(CHECKOUT, alice, days=400)

    similar = find_similar(Question(name=CHECKOUT), alice)

    assert [match.incident_id for match in similar.matches] == [stored.pk]
    assert (similar.compared, similar.compared_is_capped) == (1, False)


@pytest.mark.parametrize(
    ("role", "is_member", "expected"),
    [("viewer", False, 6), ("responder", True, 12), ("administrator", False, 12)],
)
def test_as_many_are_compared_as_the_definition_says(role: str, *, is_member: bool, expected: int) -> None:
    reader, owner = make_actor("Rosa Lund", role=role), make_actor("Olga Owner", role="administrator")
    members = [str(person.user_id) for person in (owner, reader)[: 1 + is_member]]
    kinds = itertools.product(
        (1, 400), ("public", "private"), ("standard", "retrospective", "test"), ("investigating", "closed")
    )
    for days, visibility, mode, status in kinds:
        stored = make_old(f"{CHECKOUT} {days} {mode} {status}", owner, days=days)
        for member in members if visibility == "private" else []:
            IncidentMembership.objects.create(incident=stored, user_id=member)
        Incident.objects.filter(pk=stored.pk).update(mode=mode, visibility=visibility)
        move_incident(stored, status, actor=owner)

    compared = find_similar(Question(name=CHECKOUT), reader).compared

    assert compared == compared_by(reader).count() == expected


@pytest.mark.parametrize("most", [0, 1, 2, 3, 4])
def test_counting_what_is_compared_stops_at_the_most(alice: Actor, most: int) -> None:
    for name in ("Ledger", "Payroll", "Badges"):
        make_incident(name, visibility="private")

    assert count_compared_besides(alice, most) == min(most, 3)


@pytest.mark.parametrize("mode", ["test", "tutorial"])
def test_practice_is_not_compared(alice: Actor, mode: str) -> None:
    make_incident(CHECKOUT, actor=alice, mode=mode)

    assert find_similar(Question(name=CHECKOUT), alice).matches == ()


@pytest.mark.parametrize("status", ["declined", "canceled"])
def test_dismissed_is_never_warned_of(alice: Actor, status: str) -> None:
    move_incident(make_incident(CHECKOUT, actor=alice, status="triage"), status, actor=alice)

    assert only_match(CHECKOUT, alice).level == "related"


def test_renamed_incident_is_found_by_its_new_name_only(alice: Actor) -> None:
    stored = make_incident(CHECKOUT, actor=alice)
    edit_incident(stored.pk, IncidentEdit(name="Parking barrier stuck"), alice)

    assert only_match("parking barrier stuck again", alice).incident_id == stored.pk
    assert find_similar(Question(name=CHECKOUT), alice).matches == ()


def test_indexing_again_changes_nothing(alice: Actor) -> None:
    make_incident(CHECKOUT, actor=alice)
    before = find_similar(Question(name="checkout api 5xx"), alice)

    index_incidents(Incident.objects.visible_to(alice))

    assert find_similar(Question(name="checkout api 5xx"), alice).matches[0].score == before.matches[0].score


@pytest.mark.parametrize("text", ["", " ", "!!! …", "the and of", "\x00", "\ud800", "🔥"])
def test_text_without_words_has_no_match(alice: Actor, text: str) -> None:
    make_incident(CHECKOUT, actor=alice)

    assert find_similar(Question(name=text, summary=text), alice).matches == ()


def test_a_million_characters_are_cheap(alice: Actor) -> None:
    stored = make_incident(CHECKOUT, actor=alice)
    summary = "checkout api 500 " * 60_000
    started = time.process_time()

    matches = find_similar(Question(name=CHECKOUT + " x" * 500_000, summary=summary), alice).matches

    assert [match.incident_id for match in matches] == [stored.pk]
    assert time.process_time() - started < 0.5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(name=st.text(max_size=300), summary=st.text(max_size=600), value=st.text(max_size=100))
def test_any_text_is_answered(alice: Actor, name: str, summary: str, value: str) -> None:
    question = Question(name=name, summary=summary, field_values=(KnownValue("service", value),))

    for match in find_similar(question, alice).matches:
        assert 0 <= match.score <= 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(words=st.permutations(CHECKOUT.split()))
def test_the_order_of_the_words_hides_nothing(alice: Actor, checkout: Incident, words: list[str]) -> None:
    match = only_match(" ".join(words), alice)

    assert (match.incident_id, match.is_warning) == (checkout.pk, True)


def test_one_question_costs_six_queries(
    alice: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_in_service(CHECKOUT, "payout-gateway")
    find_similar(Question(name=CHECKOUT), alice)

    with django_assert_num_queries(6):
        find_similar(Question(name=CHECKOUT), alice)
