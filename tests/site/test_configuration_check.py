"""The system check that tells what an installation lacks to declare with."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from incidents.models import IncidentRole, IncidentStatus, IncidentType
from incidents.services.configuration import touch_configuration

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    """Return what the check says of the database."""
    return [
        message.msg
        for message in run_checks(tags=["database"], databases=["default"])
        if message.id == "incidents.W003"
    ]


def test_a_fresh_installation_lacks_nothing() -> None:
    assert told() == []


def test_missing_lead_role_is_told() -> None:
    IncidentRole.objects.filter(role_type="lead").delete()
    touch_configuration()

    assert told() == ["There is no incident role of the type lead."]


def test_missing_default_type_is_told() -> None:
    IncidentType.objects.update(is_default=False)
    touch_configuration()

    assert told() == ["There is no default incident type."]


@pytest.mark.parametrize("category", ["triage", "live"])
def test_missing_status_is_told(category: str) -> None:
    for status in IncidentStatus.objects.filter(category=category):
        status.delete()
    touch_configuration()

    assert told() == [f"There is no incident status of the category {category}."]


def test_without_the_database_nothing_is_asked() -> None:
    IncidentRole.objects.all().delete()
    touch_configuration()

    assert [message for message in run_checks() if message.id == "incidents.W003"] == []
