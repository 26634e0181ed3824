"""What the worker does for bulk changes: it goes on where a page was closed, and forgets old reports."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from incidents.models import BulkChange
from incidents.services.bulk_changes import advancing
from incidents.tasks import bulk_changes
from incidents.tasks.housekeeping import forget_bulk_changes
from incidents.tasks.registry import RECURRING
from tests.make import make_actor, make_incident
from tests.services.test_bulk_changes import Kind, done, outcomes, severity, started

pytestmark = pytest.mark.django_db


def test_the_worker_goes_on_step_by_step_with_what_is_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advancing, "STEP", 2)
    monkeypatch.setattr(bulk_changes, "SECONDS_OF_A_STEP", 0)
    rosa, incidents = make_actor("Rosa Lund"), [make_incident(f"A{number}") for number in range(5)]
    first = started(rosa, Kind.SEVERITY, (severity("critical"),), *incidents)
    second = started(rosa, Kind.SEVERITY, (severity("minor"),), *incidents[:1])

    steps = list(bulk_changes.advance_bulk_changes())

    assert len(steps) == 4
    assert outcomes(first) == ["changed"] * 5
    assert outcomes(second) == ["changed"]
    assert list(bulk_changes.advance_bulk_changes()) == []


def test_reports_go_after_ninety_days() -> None:
    rosa, incident = make_actor("Rosa Lund"), make_incident("A")
    old, older, kept = (
        done(rosa, Kind.SEVERITY, (severity(slug),), incident) for slug in ("critical", "minor", "major")
    )
    aged = BulkChange.objects.filter(pk__in=[old.pk, older.pk])
    aged.update(created_at=timezone.now() - datetime.timedelta(days=91))

    assert len(list(forget_bulk_changes())) == 2

    assert BulkChange.objects.get() == kept
    assert incident.events.count() == 4


def test_the_worker_knows_both_jobs() -> None:
    assert {"advance-bulk-changes", "forget-bulk-changes"} <= {job.name for job in RECURRING}
