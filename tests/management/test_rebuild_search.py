"""manage.py rebuild_search: whatever happened to the texts, they are right again."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from incidents.models import Incident, IncidentSearchText
from incidents.services.drafts import UpdateDraft
from incidents.services.updates import share_update
from tests.make import make_actor, make_incident

pytestmark = pytest.mark.django_db


def test_lost_texts_are_written_again() -> None:
    incident = make_incident("Payout fails")
    make_incident("Login fails")
    share_update(incident.pk, UpdateDraft(message="The ledger was behind."), make_actor())
    IncidentSearchText.objects.update(text="something else")
    output = io.StringIO()

    call_command("rebuild_search", stdout=output)
    call_command("check_incidents", stdout=output)

    assert "The search texts of 2 incidents are written." in output.getvalue()
    assert "0 findings" in output.getvalue()
    assert Incident.objects.search("ledger payout").get() == incident
