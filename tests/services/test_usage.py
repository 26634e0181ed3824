"""What refers to a row of configuration."""

from __future__ import annotations

import pytest

from incidents.models import Configuration, IncidentTimestamp, Severity, Team
from incidents.services.usage import usage_of
from tests.make import make_custom_field, make_incident, make_team

pytestmark = pytest.mark.django_db


def test_what_nothing_refers_to_is_unused() -> None:
    make_incident(severity="major")

    assert usage_of(Severity.objects.get(slug="critical")) == ()


def test_incidents_use_their_severity() -> None:
    make_incident(severity="major")

    assert usage_of(Severity.objects.get(slug="major")) == ("incidents",)


def test_incidents_use_their_teams() -> None:
    team = make_team()
    make_incident(team_ids=(team.pk,))

    assert usage_of(team) == ("incidents",)
    assert usage_of(Team(name="Other", slug="other")) == ()


def test_incidents_use_the_options_they_have() -> None:
    field = make_custom_field(options=("Checkout", "Search"))
    checkout, search = field.options.order_by("value")
    make_incident(custom_fields={field.pk: (checkout.pk,)})

    assert usage_of(checkout) == ("incidents",)
    assert usage_of(search) == ()
    assert usage_of(field) == ("incidents",)


def test_metrics_use_their_timestamps() -> None:
    timestamp = Configuration.current().incident_timestamps.by_slug["identified"]

    assert usage_of(timestamp) == ("duration metrics",)


def test_a_timestamp_is_not_used_by_the_statuses_that_set_it() -> None:
    timestamp = IncidentTimestamp.objects.get(slug="fixed")

    assert usage_of(timestamp) == ()
