"""What refers to a row of configuration."""

from __future__ import annotations

import pytest

from incidents.models import Configuration, IncidentRole, IncidentTimestamp, Severity, Team
from incidents.services.usage import need_of, reason_to_stay, usage_of
from tests.make import make_custom_field, make_incident, make_team, status_of

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


@pytest.mark.parametrize("slug", ["triage", "closed", "declined", "canceled", "merged"])
def test_the_last_status_of_a_category_that_incidents_go_through_is_needed(slug: str) -> None:
    assert need_of(status_of(slug)).startswith(f"“{status_of(slug)}” is the last status of the category")


@pytest.mark.parametrize("slug", ["fixing", "paused", "reviewing"])
def test_a_status_beside_others_or_of_a_category_that_may_be_empty_is_not_needed(slug: str) -> None:
    assert need_of(status_of(slug)) == ""


def test_lead_and_reporter_are_needed_and_other_roles_are_not() -> None:
    needed = {role.slug for role in IncidentRole.objects.all() if need_of(role)}

    assert needed == {"incident-lead", "reporter"}


def test_the_last_severity_is_needed() -> None:
    Severity.objects.exclude(slug="major").delete()

    assert need_of(Severity.objects.get()) == "“Major” is the last severity. Add another one first."


def test_what_uses_a_row_is_named_as_the_reason_to_stay() -> None:
    make_incident(severity="major")

    reason = reason_to_stay(Severity.objects.get(slug="major"))

    assert reason == "“Major” is in use by incidents. Take it from those first."
    assert reason_to_stay(Severity.objects.get(slug="minor")) == ""
