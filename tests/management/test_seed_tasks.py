"""The actions and follow-ups of the demo: few incidents have many, the same for a seed, and consistent."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import F
from django.utils import timezone

from incidents.models import Action, FollowUp, IncidentEvent, TaskStatus
from tests.management.test_seed_demo import seed

pytestmark = pytest.mark.django_db

KINDS: tuple[type[Action] | type[FollowUp], ...] = (Action, FollowUp)


def test_most_incidents_have_none_and_a_few_have_many() -> None:
    seed(400)

    for kind in KINDS:
        counts = Counter(kind.objects.values_list("incident_id", flat=True)).values()
        assert 30 < len(counts) < 200
        assert sum(count <= 2 for count in counts) > len(counts) / 2
        assert max(counts) >= 4


def test_every_status_occurs_and_nothing_happens_in_the_future() -> None:
    seed(400)

    now = timezone.now()
    for kind in KINDS:
        statuses = set(kind.objects.values_list("status", flat=True))
        assert statuses == {TaskStatus.OUTSTANDING, TaskStatus.COMPLETED, TaskStatus.NOT_DOING}
        assert not kind.objects.filter(updated_at__gt=now).exists()
        assert not kind.objects.filter(updated_at__lt=F("created_at")).exists()
        assert not kind.objects.filter(created_at__lt=F("incident__created_at")).exists()
        assert not kind.objects.filter(updated_at__gt=F("incident__updated_at")).exists()
        assert kind.objects.filter(assignee=None).exists()
    assert FollowUp.objects.exclude(labels=[]).exists()
    assert FollowUp.objects.exclude(issue_permalink="").exists()
    assert FollowUp.objects.filter(priority__isnull=False, assignee_team__isnull=False).exists()


def test_the_history_leads_to_their_state() -> None:
    seed(150)

    tasks = {task.pk: task for kind in KINDS for task in kind.objects.all()}
    told = {}
    for event in IncidentEvent.objects.filter(details__has_key="task").order_by("id"):
        told[event.details["task"]["id"]] = event.details["status"]
        assert event.details["task"]["name"] == str(tasks[event.details["task"]["id"]])
    assert told == {pk: task.status for pk, task in tasks.items()}


def test_whoever_does_something_on_a_private_incident_is_a_member_of_it() -> None:
    seed(600)

    tasks = [
        task
        for kind in KINDS
        for task in kind.objects.filter(incident__visibility="private", assignee__isnull=False)
    ]
    assert tasks
    assert all(task.incident.memberships.filter(user=task.assignee_id).exists() for task in tasks)


def test_the_same_seed_makes_the_same_ones() -> None:
    seed(60, seed=7)
    first = [*Action.objects.order_by("id").values_list("incident__number", "description")]
    seed(60, seed=7, force_add=True)

    again = Action.objects.filter(incident__number__gt=60).order_by("id")
    assert sorted(first) == sorted(
        (number - 60, words) for number, words in again.values_list("incident__number", "description")
    )
