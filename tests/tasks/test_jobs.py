"""What each job removes, and what it keeps."""

from __future__ import annotations

import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from incidents.models import IdempotencyKey, Incident, IncidentToken, TokenReading
from incidents.models.ulid import ulid_at
from incidents.services.similarity import index_incidents, pruning, rereading
from incidents.services.similarity.rereading import want_reading
from incidents.tasks.housekeeping import end_sessions, forget_idempotency_keys
from incidents.tasks.similarity import prune_similarity_tokens, read_similarity_tokens_again
from tests.make import make_actor, make_incident, make_user, move_incident

pytestmark = pytest.mark.django_db


def make_aged(name: str, *, days: int) -> Incident:
    return make_incident(name, created_at=timezone.now() - datetime.timedelta(days=days))


def close_and_keep_tokens(incident: Incident) -> None:
    """Let the incident be as one that was closed in time and has aged since."""
    kept = list(IncidentToken.objects.filter(incident=incident))
    move_incident(incident, "closed")
    IncidentToken.objects.bulk_create(kept, ignore_conflicts=True)


def with_tokens() -> set[str]:
    return set(IncidentToken.objects.values_list("incident_id", flat=True))


def test_tokens_go_when_the_incident_is_neither_open_nor_recent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    over = [make_aged(f"Ledger export {number} is late", days=40) for number in range(5)]
    still_open = make_aged("Badge printer is stuck", days=400)
    recent = make_aged("Login page is blank", days=3)
    for incident in (*over, recent):
        close_and_keep_tokens(incident)
    assert with_tokens() == {incident.pk for incident in (*over, still_open, recent)}

    steps = list(prune_similarity_tokens())

    assert with_tokens() == {still_open.pk, recent.pk}
    assert len(steps) == 3


def test_pruning_nothing_is_no_step() -> None:
    make_incident()

    assert list(prune_similarity_tokens()) == []


def test_idempotency_keys_go_after_a_week() -> None:
    user = make_user()
    incident = make_incident()
    now = timezone.now()
    for days in (1, 6, 8, 30):
        moment = now - datetime.timedelta(days=days)
        IdempotencyKey.objects.create(
            id=ulid_at(moment), user=user, key=f"{days} days", incident=incident, created_at=moment
        )

    steps = list(forget_idempotency_keys())

    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"1 days", "6 days"}
    assert len(steps) == 1


def test_expired_sessions_go() -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for seconds in (-60, 3600):
        session = store()
        session.set_expiry(timezone.now() + datetime.timedelta(seconds=seconds))
        session.save()

    list(end_sessions())

    assert Session.objects.filter(expire_date__gt=timezone.now()).count() == Session.objects.count() == 1


def test_tokens_are_read_again_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "BATCH", 2)
    actor = make_actor(role="administrator")
    made = [make_incident(f"Scanner {number} offline", actor=actor) for number in range(4)]
    made.append(make_aged("Badge printer is stuck", days=400))
    IncidentToken.objects.all().delete()
    want_reading()

    steps = read_similarity_tokens_again()
    next(steps)
    half = TokenReading.objects.get()

    assert (half.read_count, half.total_count, half.is_done) == (2, 5, False)
    assert len(list(steps)) == 2
    assert with_tokens() == {incident.pk for incident in made}
    assert TokenReading.objects.get().is_done
    assert list(read_similarity_tokens_again()) == []


def test_words_that_change_meanwhile_are_read_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "BATCH", 2)
    for number in range(3):
        make_incident(f"Scanner {number} offline")
    want_reading()
    steps = read_similarity_tokens_again()
    next(steps)

    want_reading()
    next(steps)

    assert TokenReading.objects.get().read_count == 2


def test_reading_again_changes_nothing_where_the_words_are_the_same() -> None:
    make_incident("Scanner 7 offline in eu-west-1", summary="Since the deploy")
    before = set(IncidentToken.objects.values_list("token", "weight"))

    index_incidents(Incident.objects.all())

    assert set(IncidentToken.objects.values_list("token", "weight")) == before
