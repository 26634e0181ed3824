"""Many at once, with real transactions: the database decides."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction

from incidents.models import (
    Actor,
    ApiKey,
    Configuration,
    IdempotencyKey,
    Incident,
    IncidentEvent,
    IncidentUpdate,
)
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.errors import IdempotencyKeyReusedError, VersionConflictError
from incidents.services.updates import share_update
from tests.make import make_actor, make_incident, status_of

pytestmark = pytest.mark.usefixtures("committed_db")

WRITERS = 32
ResultT = TypeVar("ResultT")


def at_once(work: Callable[[int], ResultT]) -> list[ResultT]:
    """Run the work in as many threads as there are writers, all let go together."""
    start = threading.Barrier(WRITERS)

    def run(number: int) -> ResultT:
        try:
            start.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def draft(name: str, *, idempotency_key: str = "") -> IncidentDraft:
    severity = Configuration.current().severities.by_slug["major"]
    return IncidentDraft(name=name, severity_id=severity.pk, idempotency_key=idempotency_key)


def test_references_have_no_gaps_and_no_duplicates_whatever_is_rolled_back() -> None:
    actor = make_actor()

    def declare(number: int) -> None:
        for turn in range(4):
            with transaction.atomic():
                create_incident(draft(f"Incident {number}.{turn}"), actor)
                transaction.set_rollback((number + turn) % 5 == 0)

    at_once(declare)

    numbers = sorted(Incident.objects.values_list("number", flat=True))
    kept = sum((number + turn) % 5 != 0 for number in range(WRITERS) for turn in range(4))
    assert numbers == list(range(1, kept + 1))
    assert IncidentEvent.objects.filter(kind="declared").count() == kept


def test_the_same_request_many_times_at_once_makes_one_incident() -> None:
    actor = make_actor()

    made = at_once(lambda _: create_incident(draft("Checkout is down", idempotency_key="pressed"), actor))

    assert {created.incident.pk for created in made} == {Incident.objects.get().pk}
    assert sum(created.is_new for created in made) == 1
    assert IdempotencyKey.objects.count() == 1


def test_the_same_update_many_times_at_once_is_one_update() -> None:
    incident = make_incident()
    actor = Actor.of_api_key(ApiKey.objects.create(name="deploys", roles=["incident_editor"]))
    update = UpdateDraft(message="Rolled back", incident_status_id=status_of("fixing").pk)

    made = at_once(lambda _: share_update(incident.pk, update, actor, idempotency_key="deploy-7"))

    assert {one.pk for one in made} == {IncidentUpdate.objects.get().pk}
    assert IncidentEvent.objects.filter(kind="update_shared").count() == 1


def test_of_many_incidents_one_gets_the_update_of_a_key() -> None:
    incidents = [make_incident(f"Incident {number}").pk for number in range(WRITERS)]
    actor = Actor.of_api_key(ApiKey.objects.create(name="deploys", roles=["incident_editor"]))

    def share(number: int) -> bool:
        try:
            share_update(incidents[number], UpdateDraft(message="Hi"), actor, idempotency_key="deploy-7")
        except IdempotencyKeyReusedError:
            return False
        return True

    assert sum(at_once(share)) == IncidentUpdate.objects.count() == 1


def test_changes_of_a_status_at_once_all_find_the_incident() -> None:
    incident, actor = make_incident(), make_actor()
    statuses = [status_of(slug).pk for slug in ("fixing", "monitoring", "investigating")]

    at_once(lambda n: edit_incident(incident.pk, IncidentEdit(incident_status_id=statuses[n % 3]), actor))

    changes = IncidentEvent.objects.filter(kind="status_changed").count()
    assert Incident.objects.get().version == 1 + changes


def test_of_many_edits_of_one_version_one_wins() -> None:
    incident, actor = make_incident(), make_actor()

    def edit(number: int) -> bool:
        try:
            edit_incident(incident.pk, IncidentEdit(name=f"Name {number}"), actor, version=1)
        except VersionConflictError:
            return False
        return True

    won = at_once(edit)

    stored = Incident.objects.get(pk=incident.pk)
    assert (sum(won), stored.version) == (1, 2)
    assert stored.name == f"Name {won.index(True)}"
    assert stored.events.filter(kind="name_changed").count() == 1


def test_edits_of_different_parts_without_a_version_all_stay() -> None:
    incident = make_incident()
    actors: list[Actor] = [make_actor(f"Person {number}") for number in range(WRITERS)]

    at_once(lambda number: edit_incident(incident.pk, IncidentEdit(summary=f"by {number}"), actors[number]))

    assert Incident.objects.get(pk=incident.pk).version == WRITERS + 1
    assert incident.events.filter(kind="summary_changed").count() == WRITERS
