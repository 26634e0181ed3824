"""Whatever is merged into whatever: flat, reversible, and nothing is lost."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from incidents.models import Actor, Incident, User
from incidents.services.drafts import UpdateDraft
from incidents.services.merging import MergeDraft, merge_incidents
from incidents.services.unmerging import split_off_incident, undo_merge
from incidents.services.updates import share_update
from incidents.services.verification import verify_counter, verify_incidents
from tests.dump import state_of_incidents
from tests.make import make_action, make_follow_up, make_incident, move_incident
from tests.services.test_merging import fresh

REASONABLE = settings(max_examples=12)
COUNT = 6
PAIRS = st.tuples(
    st.integers(0, COUNT - 1), st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=3), st.booleans()
)


class AnySequenceOfMerges(TestCase):
    """Whatever is merged into whatever: flat, reversible, and nothing is lost."""

    @REASONABLE
    @given(st.lists(PAIRS, min_size=1, max_size=5))
    def test_undone_in_reverse_it_is_as_if_nothing_had_been(self, wanted: list[Any]) -> None:
        incidents, actor = some_incidents()
        states, done = [], []
        for place, sources, takes_all in wanted:
            before = state_of_incidents()
            if source := merged(incidents, place, sources, actor, takes_all=takes_all):
                states.append(before)
                done.append(source)
            assert_flat()
        while done:
            undo_merge(done.pop().pk, actor)
            assert state_of_incidents() == states.pop()

    @REASONABLE
    @given(st.lists(PAIRS, min_size=1, max_size=5), st.permutations(range(COUNT)))
    def test_split_off_one_by_one_each_has_what_was_its_own(
        self, wanted: list[Any], order: list[int]
    ) -> None:
        incidents, actor = some_incidents()
        statuses = [incident.incident_status_id for incident in incidents]
        for place, sources, takes_all in wanted:
            merged(incidents, place, sources, actor, takes_all=takes_all)
        for place in order:
            if fresh(incidents[place]).merged_into_incident_id:
                split_off_incident(incidents[place].pk, actor)
            assert_flat()
        for incident, status_id in zip(incidents, statuses, strict=True):
            assert fresh(incident).incident_status_id == status_id
            assert incident.updates.filter(message=f"Seen {incident.name}").exists()
            assert incident.actions.count() == incident.follow_ups.count() == 1
        assert [*verify_counter(), *(wrong for _, wrongs in verify_incidents() for wrong in wrongs)] == []


def some_incidents() -> tuple[list[Incident], Actor]:
    actor = Actor.of_user(
        User.objects.create_user(
            f"{timezone.now().timestamp()}@example.com", "x", name="Ada", role="administrator"
        )
    )
    incidents = []
    for number in range(COUNT):
        severity = ("minor", "major", "critical")[number % 3]
        visibility = "private" if number == COUNT - 1 else "public"
        incident = make_incident(
            f"I{number}", severity=severity, summary=f"S{number}", visibility=visibility, actor=actor
        )
        share_update(incident.pk, UpdateDraft(message=f"Seen I{number}"), actor)
        make_action(incident, actor=actor)
        make_follow_up(incident, actor=actor)
        incidents.append(move_incident(incident, ("fixing", "closed")[number % 2], actor=actor))
    return incidents, actor


def merged(
    incidents: list[Incident], place: int, sources: set[int], actor: Actor, *, takes_all: bool
) -> Incident | None:
    """Merge if it may be, and return one of the sources."""
    named = [incidents[number] for number in sorted(sources)]
    choices = {"severity": named[0].pk, "summary": named[-1].pk} if takes_all else {}
    draft = MergeDraft(
        survivor_id=incidents[place].pk, source_ids=tuple(one.pk for one in named), choices=choices
    )
    try:
        with transaction.atomic():
            merge_incidents(draft, actor)
    except ValidationError:
        return None
    return named[0]


def assert_flat() -> None:
    assert not Incident.objects.filter(merged_into_incident__merged_into_incident__isnull=False).exists()
