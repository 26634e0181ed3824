"""Incidents as SQL: also where there can be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incidents.models import Incident, StatusCategory
from incidents.models.incident_listing import Asked
from incidents.models.incident_order import NEWEST_FIRST
from incidents.models.incident_record import read_records
from incidents.models.incident_selection import IncidentSelection, fetch_rows
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_conditions_that_exclude_each_other_leave_nothing() -> None:
    make_incident()

    for nothing in (Incident.objects.none(), Incident.objects.filter(mode__in=[])):
        selection = IncidentSelection(nothing, ("id",))
        assert fetch_rows(selection.page(NEWEST_FIRST, size=5), (None,)) == []
        assert fetch_rows(selection.count(10), (None,)) == [[0]]
        assert read_records(nothing, Asked(order=NEWEST_FIRST, size=5)).incidents == []


def test_a_list_that_excludes_every_category_is_empty(client: Client) -> None:
    make_incident("Checkout fails")
    client.force_login(make_user())
    every_category = "&".join(f"status_category[not_in]={category}" for category in StatusCategory.values)

    response = client.get(f"/incidents/?{every_category}")

    assert response.status_code == 200
    assert "Checkout fails" not in response.content.decode()
