"""Changes of configuration."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from incidents.models import (
    CatalogEntry,
    CatalogType,
    Configuration,
    DurationMetric,
    Incident,
    IncidentRole,
    IncidentStatus,
    IncidentType,
    Severity,
)
from incidents.services.configuration import delete_noun, save_noun
from tests.make import make_actor, make_custom_field, make_incident

pytestmark = pytest.mark.django_db


def test_an_unchanged_configuration_costs_one_query() -> None:
    Configuration.current()

    with CaptureQueriesContext(connection) as queries:
        Configuration.current()

    assert len(queries) == 1


def test_a_change_is_seen_at_once() -> None:
    Configuration.current()

    save_noun(Severity(name="Cosmetic", rank=0), make_actor(role="administrator"))

    assert Configuration.current().severities.rows[0].slug == "cosmetic"


def test_a_slug_outlives_a_new_name() -> None:
    severity = Severity.objects.get(slug="major")
    severity.name = "Sehr schlimm"

    save_noun(severity, make_actor(role="administrator"))

    assert Configuration.current().severities.find("major") == severity


def test_a_name_without_letters_gets_a_slug_all_the_same() -> None:
    actor = make_actor(role="administrator")
    save_noun(Severity(name="!!!", rank=7), actor)
    save_noun(Severity(name="???", rank=8), actor)

    assert {"unnamed", "unnamed-2"} <= set(Configuration.current().severities.by_slug)


def test_incidents_follow_the_rank_of_their_severity() -> None:
    incident = make_incident(severity="major")
    severity = Severity.objects.get(slug="major")
    severity.rank = 40

    save_noun(severity, make_actor(role="administrator"))

    assert Incident.objects.get(pk=incident.pk).severity_rank == 40


def test_a_status_in_use_keeps_its_category() -> None:
    make_incident(status="investigating")
    status = IncidentStatus.objects.get(slug="investigating")
    status.category = "closed"

    with pytest.raises(ValidationError):
        save_noun(status, make_actor(role="administrator"))


def test_unused_configuration_can_be_removed() -> None:
    severity = Severity(name="Cosmetic", rank=0)
    save_noun(severity, make_actor(role="administrator"))

    delete_noun(severity, make_actor(role="administrator"))

    assert Configuration.current().severities.find("cosmetic") is None


def test_a_row_that_is_gone_is_not_stored_again() -> None:
    severity = Severity.objects.get(slug="minor")
    delete_noun(Severity.objects.get(slug="minor"), make_actor(role="administrator"))

    with pytest.raises(Severity.DoesNotExist):
        save_noun(severity, make_actor(role="administrator"))

    assert Configuration.current().severities.find("minor") is None


def test_what_is_needed_stays() -> None:
    triage = IncidentStatus.objects.get(slug="triage")

    with pytest.raises(ProtectedError, match="the last status of the category Triage"):
        delete_noun(triage, make_actor(role="administrator"))

    assert Configuration.current().first_status("triage") == triage


def test_what_is_needed_keeps_its_nature() -> None:
    triage, lead = IncidentStatus.objects.get(slug="triage"), IncidentRole.objects.get(role_type="lead")
    triage.category, lead.role_type = "live", "custom"

    with pytest.raises(ValidationError) as of_status:
        save_noun(triage, make_actor(role="administrator"))
    with pytest.raises(ValidationError) as of_role:
        save_noun(lead, make_actor(role="administrator"))

    assert [*of_status.value.message_dict, *of_role.value.message_dict] == ["category", "role_type"]


@pytest.mark.parametrize("role", ["viewer", "responder"])
def test_only_administrators_configure(role: str) -> None:
    with pytest.raises(PermissionDenied):
        save_noun(Severity(name="Cosmetic", rank=0), make_actor(role=role))


@pytest.mark.parametrize(
    ("count", "tones"), [(1, [5]), (4, [2, 3, 4, 5]), (5, [1, 2, 3, 4, 5]), (7, [1, 2, 3, 3, 4, 5, 5])]
)
def test_any_number_of_severities_maps_to_five_tones(count: int, tones: list[int]) -> None:
    Severity.objects.all().delete()
    for rank in range(count):
        save_noun(Severity(name=f"S{rank}", rank=rank), make_actor(role="administrator"))
    configuration = Configuration.current()

    assert [configuration.severity_tone(severity.pk) for severity in configuration.severities] == tones


def test_a_new_default_type_takes_the_place_of_the_one_before() -> None:
    security = IncidentType.objects.get(slug="security")
    security.is_default = True

    save_noun(security, make_actor(role="administrator"))

    assert [kind.slug for kind in IncidentType.objects.filter(is_default=True)] == ["security"]


def test_a_new_headline_takes_the_place_of_the_one_before() -> None:
    metric = DurationMetric.objects.get(slug="impact")
    metric.is_headline = True

    save_noun(metric, make_actor(role="administrator"))

    assert [row.slug for row in DurationMetric.objects.filter(is_headline=True)] == ["impact"]


def test_a_field_with_values_keeps_its_type() -> None:
    field = make_custom_field("Note", field_type="text")
    make_incident(custom_fields={field.pk: ("something",)})
    field.field_type = "numeric"

    with pytest.raises(ValidationError) as refusal:
        save_noun(field, make_actor(role="administrator"))

    assert list(refusal.value.message_dict) == ["field_type"]


def test_an_entry_that_incidents_name_stays_in_its_catalog() -> None:
    actor = make_actor(role="administrator")
    services, regions = CatalogType(name="Service"), CatalogType(name="Region")
    save_noun(services, actor)
    save_noun(regions, actor)
    entry = CatalogEntry(catalog_type=services, name="Checkout")
    save_noun(entry, actor)
    field = make_custom_field(catalog_type=services)
    make_incident(custom_fields={field.pk: (entry.pk,)})
    entry.catalog_type = regions

    with pytest.raises(ValidationError) as refusal:
        save_noun(entry, actor)

    assert list(refusal.value.message_dict) == ["catalog_type"]
