"""Many at once, with real transactions: the database decides."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction

from incidents.models import (
    Actor,
    ApiKey,
    Configuration,
    IdempotencyKey,
    Incident,
    IncidentEvent,
    IncidentUpdate,
)
from incidents.models.ulid import new_ulid
from incidents.services.api_keys import (
    ApiKeyDraft,
    Issued,
    api_key_of_token,
    issue_api_key,
    replace_token,
)
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.errors import (
    ApiKeyMadeBeforeError,
    IdempotencyKeyReusedError,
    TokenReplacedError,
    VersionConflictError,
)
from incidents.services.updates import share_update
from tests.at_once import WRITERS, at_once
from tests.make import make_actor, make_api_key, make_incident, status_of

pytestmark = pytest.mark.usefixtures("committed_db")


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


def test_a_key_that_many_requests_ask_for_is_made_once() -> None:
    actor, api_key_id = make_actor(role="administrator"), new_ulid()

    def make(_: int) -> Issued | None:
        try:
            return issue_api_key(ApiKeyDraft(name="deploys", roles=("viewer",)), actor, api_key_id=api_key_id)
        except ApiKeyMadeBeforeError:
            return None

    (issued,) = filter(None, at_once(make))

    assert api_key_of_token(issued.token) == ApiKey.objects.get()


def test_a_token_that_many_replace_is_replaced_once() -> None:
    actor = make_actor(role="administrator")
    old = make_api_key(actor=actor)
    seen, grace = old.api_key.token_last_issued_at, datetime.timedelta(minutes=30)

    def replace(_: int) -> Issued | None:
        try:
            return replace_token(old.api_key, actor, issued_at=seen, grace=grace)
        except TokenReplacedError:
            return None

    (new,) = filter(None, at_once(replace))

    assert api_key_of_token(new.token) == api_key_of_token(old.token) == old.api_key
