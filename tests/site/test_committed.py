"""Real transactions in tests: what they let through, and what they leave behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection
from django.db.models import Value
from django.db.models.functions import Concat

from incidents.models import IncidentEvent, Severity, User
from tests.make import make_incident


@pytest.mark.parametrize("_", range(2))
def test_other_threads_see_what_is_stored(_: int, committed_db: None) -> None:
    User.objects.create_user("alice@example.com", name="Alice")

    with ThreadPoolExecutor(1) as threads:
        seen = threads.submit(_emails).result()

    assert seen == ["alice@example.com"]


@pytest.mark.parametrize("_", range(2))
def test_the_defaults_come_back(_: int, committed_db: None) -> None:
    assert Severity.objects.exists()
    assert not Severity.objects.filter(name__endswith="changed").exists()

    Severity.objects.update(name=Concat("name", Value(" changed")))


@pytest.mark.parametrize("_", range(2))
def test_history_that_refuses_to_be_deleted_is_gone_afterwards(_: int, committed_db: None) -> None:
    assert not IncidentEvent.objects.exists()

    incident = make_incident()

    assert incident.reference == "INC-1"
    with pytest.raises(DatabaseError):
        IncidentEvent.objects.all().delete()


def _emails() -> list[str]:
    try:
        return list(User.objects.values_list("email", flat=True))
    finally:
        connection.close()
