"""Who else is declaring the same at this moment."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from incidents.models import Actor, Configuration, DeclareDraft
from incidents.services.colleagues import DRAFTS_COMPARED, Colleague, find_colleagues
from incidents.services.declare_drafts import TypedForm, save_draft
from incidents.services.drafts import IncidentDraft
from incidents.services.similarity import KnownValue
from tests.make import make_actor, make_custom_field, make_draft

pytestmark = pytest.mark.django_db

THEIRS = "Checkout API returning 500s in eu-west-1"
MINE = "checkout api 5xx eu-west-1"


def found(actor: Actor, name: str = MINE, **draft: object) -> tuple[Colleague, ...]:
    return find_colleagues(IncidentDraft(name=name, **draft), actor, Configuration.current())  # type: ignore[arg-type]


def test_a_colleague_who_types_the_same_is_seen_with_what_they_type() -> None:
    bob = make_actor("Bob Okafor", role="viewer")
    draft = make_draft(THEIRS, actor=bob)

    (colleague,) = found(make_actor("Alice", role="viewer"))

    assert (colleague.person, colleague.name, colleague.is_private) == (bob.user, THEIRS, False)
    assert colleague.typed_at == draft.updated_at


def test_other_texts_and_ones_own_are_not() -> None:
    alice = make_actor("Alice")
    make_draft("Payroll export is empty", actor=make_actor("Bob"))
    make_draft(THEIRS, actor=alice)

    assert found(alice) == ()


def test_somebody_who_stopped_typing_is_not_declaring_right_now() -> None:
    make_draft(THEIRS, actor=make_actor("Bob"))
    alice = make_actor("Alice")

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5, seconds=1), tick=False):
        assert found(alice) == ()


def test_tests_disturb_nobody_and_are_not_disturbed() -> None:
    make_draft(THEIRS, actor=make_actor("Bob"), mode="test")
    make_draft(THEIRS, actor=make_actor("Carol"))
    alice = make_actor("Alice")

    assert [one.person.name for one in found(alice)] == ["Carol"]
    assert found(alice, mode="test") == ()


def test_whoever_left_is_not_named() -> None:
    bob = make_actor("Bob")
    make_draft(THEIRS, actor=bob)
    assert bob.user is not None
    bob.user.is_active = False
    bob.user.save()

    assert found(make_actor("Alice")) == ()


def test_another_service_is_another_incident() -> None:
    make_custom_field("Service", options=("Checkout", "Ledger"), similarity="service")
    typed = TypedForm(
        form_token="form-of-bob",
        values={"name": ["Latency is high"]},
        draft=IncidentDraft(name="Latency is high"),
        known_values=[KnownValue("service", "Ledger")],
    )
    save_draft(typed, make_actor("Bob"))
    field = Configuration.current().custom_fields.by_slug["service"]
    alice = make_actor("Alice")

    assert found(alice, "Latency is high", custom_fields={field.pk: ("checkout",)}) == ()
    assert len(found(alice, "Latency is high", custom_fields={field.pk: ("ledger",)})) == 1


def test_a_person_is_named_once_and_three_people_at_most() -> None:
    bob = make_actor("Bob")
    for number in range(3):
        make_draft(THEIRS, actor=make_actor(f"Person {number}"))
    make_draft(THEIRS, actor=bob)
    make_draft(THEIRS, actor=bob)

    assert [one.person.name for one in found(make_actor("Alice"))] == ["Bob", "Person 2", "Person 1"]


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_private_drafts_change_nothing_for_others(role: str) -> None:
    alice = make_actor("Alice", role=role)
    make_draft(THEIRS, actor=make_actor("Bob"))
    before = found(alice)

    for number in range(DRAFTS_COMPARED + 1):
        make_draft(THEIRS, actor=make_actor(f"Carol {number}"), is_private=True)

    assert found(alice) == before
    assert len(before) == 1


def test_an_administrator_sees_private_ones_as_such() -> None:
    make_draft(THEIRS, actor=make_actor("Bob"), is_private=True)

    (colleague,) = found(make_actor("Ada", role="administrator"))

    assert colleague.is_private


@pytest.mark.parametrize("count", [1, 60])
def test_one_query_however_many_there_are(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    alice = make_actor("Alice")
    for number in range(count):
        make_draft(f"Checkout {number} is slow", actor=make_actor(f"Person {number}"))
    configuration = Configuration.current()

    with django_assert_num_queries(1):
        find_colleagues(IncidentDraft(name=MINE), alice, configuration)


def test_whatever_is_kept_is_compared_without_an_error() -> None:
    for name in ("%_\\", "🔥\u200f\u0645\u0631", "the of and", "x" * 200):
        make_draft(name, actor=make_actor("Bob"))
    alice = make_actor("Alice")

    for name in ("", "\u200b", "the of and", "(" * 100):
        found(alice, name)

    assert DeclareDraft.objects.count() == 4
