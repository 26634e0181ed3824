"""What an incident lacks: the newest are compared with a list, older ones are looked up one by one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from incidents.models import Configuration, CustomFieldEntry, Incident, IncidentRoleAssignment
from tests.filters.asking import filtered

if TYPE_CHECKING:
    from django.db.models import QuerySet

pytestmark = pytest.mark.django_db

# More than are compared with the list.
INCIDENTS = 700
EVERY_MODE = "".join(f"&mode[one_of]={mode}" for mode in Incident.Mode.values)


def numbers(query: str) -> set[int]:
    found = filtered(f"{query}{EVERY_MODE}")
    assert not found.errors
    return set(found.incidents.values_list("number", flat=True))


def having(rows: QuerySet[Any, Any]) -> set[int]:
    """Return the numbers of the incidents that rows are about."""
    return set(rows.values_list("incident__number", flat=True))


def test_blank_and_set_share_all_incidents_between_them() -> None:
    call_command("seed_demo", incidents=INCIDENTS, stdout=io.StringIO())
    everything = set(Incident.objects.values_list("number", flat=True))
    configuration = Configuration.current()
    filled = {
        f"custom_field[{field.slug}]": having(CustomFieldEntry.objects.filter(custom_field=field.pk))
        for field in configuration.custom_fields
    } | {
        f"incident_role[{role.slug}]": having(IncidentRoleAssignment.objects.filter(incident_role=role.pk))
        for role in configuration.incident_roles
    }
    filled["team"] = having(Incident.teams.through.objects.all())

    assert {name: numbers(f"{name}[is_set]=true") for name in filled} == filled
    assert {name: numbers(f"{name}[is_blank]=false") for name in filled} == filled
    for name, incidents in filled.items():
        assert numbers(f"{name}[is_blank]=true") == everything - incidents
        assert numbers(f"{name}[is_set]=false") == everything - incidents
