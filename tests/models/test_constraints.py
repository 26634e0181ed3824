"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from incidents.models import CustomFieldEntry, Incident, IncidentEvent, Severity
from tests.make import make_custom_field, make_incident, move_incident

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "broken",
    [
        {"mode": "drill"},
        {"visibility": "secret"},
        {"status_category": "solved"},
        {"status_category": "merged"},
        {"severity": None},
        {"severity_rank": -1},
        {"creator_user": None},
        {"name": ""},
        {"number": 0},
    ],
)
def test_an_incident_that_contradicts_itself_is_refused(broken: dict[str, Any]) -> None:
    incident = make_incident()

    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**broken)


def test_an_incident_cannot_be_merged_into_itself() -> None:
    incident = make_incident()

    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(
            status_category="merged", merged_into_incident=incident
        )


def test_two_incidents_cannot_share_a_number() -> None:
    first, second = make_incident("one"), make_incident("two")

    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=second.pk).update(number=first.number)


def test_a_field_entry_holds_exactly_one_value() -> None:
    field, incident = make_custom_field(field_type="text"), make_incident()

    with pytest.raises(IntegrityError), transaction.atomic():
        CustomFieldEntry.objects.create(incident=incident, custom_field=field, value_text="a", value_link="b")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incidents_incidentevent SET kind = 'declared'",
        "DELETE FROM incidents_incidentevent",
        "TRUNCATE incidents_incidentevent",
        "TRUNCATE incidents_incident CASCADE",
    ],
)
def test_history_refuses_change(statement: str) -> None:
    move_incident(make_incident(), "fixing")
    count = IncidentEvent.objects.count()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert IncidentEvent.objects.count() == count


def test_history_refuses_change_through_the_orm() -> None:
    make_incident()

    with pytest.raises(DatabaseError), transaction.atomic():
        IncidentEvent.objects.update(kind="merged")


def test_an_incident_cannot_be_deleted() -> None:
    incident = make_incident()

    with pytest.raises(ProtectedError):
        incident.delete()


def test_configuration_in_use_cannot_be_deleted() -> None:
    make_incident(severity="major")

    with pytest.raises(ProtectedError):
        Severity.objects.get(slug="major").delete()
