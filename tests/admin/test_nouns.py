"""Configuration in the admin: saved and removed through the service, refused with a reason by the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps

from incidents.models import (
    Actor,
    CatalogEntry,
    CatalogType,
    Configuration,
    CustomField,
    CustomFieldOption,
    DurationMetric,
    FollowUpPriority,
    Incident,
    IncidentRole,
    IncidentStatus,
    IncidentTimestamp,
    IncidentType,
    Severity,
    Team,
)
from incidents.services.follow_ups import FollowUpDraft, add_follow_up
from tests.admin.conftest import errors_of, form_of
from tests.make import make_custom_field, make_incident, make_team

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import User

pytestmark = pytest.mark.django_db

# What a new row of each kind is made of.
ROWS: dict[str, dict[str, Any]] = {
    "severity": {"name": "Cosmetic", "rank": 0},
    "followuppriority": {"name": "Someday", "rank": 0},
    "incidentstatus": {"name": "Waiting", "category": "paused", "rank": 20},
    "incidenttype": {"name": "Data", "create_in_triage": "optional"},
    "incidentrole": {"name": "Legal", "role_type": "custom", "description": "Reads along.", "rank": 9},
    "incidenttimestamp": {"name": "Noticed", "rank": 9},
    "alertsource": {"name": "Prometheus", "policy": "attach"},
    "team": {"name": "Payments"},
    "catalogtype": {"name": "Service"},
    "customfield": {"name": "Note", "field_type": "text", "required": "never", "similarity": "", "rank": 1},
}
WITHOUT_SLUG = ("catalogtype", "followuppriority")
TOO_MUCH: dict[str, dict[str, Any]] = {
    "longer than a name": {"name": "x" * 5_000},
    "NUL": {"name": "Pay\x00ments"},
    "nothing that can be seen": {"name": "\u200b \x07"[1:]},
    "a rank past every database": {"rank": 10**30},
    "a rank past one database": {"rank": 40_000},
    "a rank below nothing": {"rank": -1},
    "no number": {"rank": "many"},
}


def path_of(kind: str, pk: str = "") -> str:
    return f"/admin/incidents/{kind}/{pk + '/change/' if pk else 'add/'}"


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_is_added_with_its_slug_and_seen_at_once(admin: Client, kind: str) -> None:
    before = Configuration.current().token

    response = admin.post(path_of(kind), ROWS[kind])

    assert response.status_code == 302, errors_of(response)
    row = apps.get_model("incidents", kind).objects.get(name=ROWS[kind]["name"])
    assert kind in WITHOUT_SLUG or row.slug == ROWS[kind]["name"].lower()
    assert Configuration.current().token != before


@pytest.mark.parametrize(
    ("kind", "mistake"),
    [
        (kind, mistake)
        for kind in ROWS
        for mistake, typed in TOO_MUCH.items()
        if ROWS[kind].keys() >= typed.keys()
    ],
)
def test_bad_input_is_told_by_the_field(admin: Client, kind: str, mistake: str) -> None:
    response = admin.post(path_of(kind), {**ROWS[kind], **TOO_MUCH[mistake]})

    assert list(errors_of(response)) == list(TOO_MUCH[mistake])


@pytest.mark.parametrize("kind", ROWS)
def test_nothing_typed_is_told(admin: Client, kind: str) -> None:
    assert "name" in errors_of(admin.post(path_of(kind), {}))


def test_a_name_that_is_taken_is_told(admin: Client) -> None:
    response = admin.post(path_of("severity"), {"name": "Major", "rank": 9})

    assert errors_of(response) == {"name": ["Severity with this Name already exists."]}


def test_incidents_follow_the_rank_of_their_severity(admin: Client) -> None:
    incident = make_incident(severity="major")
    path = path_of("severity", Severity.objects.get(slug="major").pk)

    admin.post(path, form_of(admin, path, rank=40))

    assert Incident.objects.get(pk=incident.pk).severity_rank == 40


def test_a_status_in_use_keeps_its_category_and_says_so(admin: Client) -> None:
    make_incident(status="investigating")
    status = IncidentStatus.objects.get(slug="investigating")
    path = path_of("incidentstatus", status.pk)

    response = admin.post(path, form_of(admin, path, category="closed", name="Looking"))

    assert list(errors_of(response)) == ["category"]
    assert "Looking" in response.content.decode()
    status.refresh_from_db()
    assert (status.category, status.name) == ("live", "Investigating")


@pytest.mark.parametrize("model", [IncidentType, DurationMetric])
def test_a_new_default_takes_the_place_of_the_one_before(admin: Client, model: Any) -> None:
    flag = "is_default" if model is IncidentType else "is_headline"
    other = model.objects.filter(**{flag: False}).first()
    path = path_of(model._meta.model_name, other.pk)

    response = admin.post(path, form_of(admin, path, **{flag: "on"}))

    assert response.status_code == 302, errors_of(response)
    assert [*model.objects.filter(**{flag: True})] == [other]


def test_a_second_lead_role_is_refused_in_words(admin: Client) -> None:
    response = admin.post(path_of("incidentrole"), {**ROWS["incidentrole"], "role_type": "lead"})

    assert errors_of(response) == {"role_type": ["There is a role of this type already."]}


def test_a_metric_needs_two_timestamps(admin: Client) -> None:
    timestamp = IncidentTimestamp.objects.get(slug="reported").pk
    typed = {"name": "Nothing", "from_timestamp": timestamp, "to_timestamp": timestamp, "rank": 1}

    response = admin.post(path_of("durationmetric"), typed)

    assert errors_of(response) == {"to_timestamp": ["Choose another timestamp than the one it starts at."]}


def test_only_selects_take_values_from_a_catalog(admin: Client) -> None:
    catalog = CatalogType.objects.create(name="Service")

    response = admin.post(path_of("customfield"), {**ROWS["customfield"], "catalog_type": catalog.pk})

    assert errors_of(response) == {"catalog_type": ["Only a select takes its values from a catalog."]}


@pytest.mark.parametrize("named", ["nonsense", "7" * 26, "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_an_unknown_row_that_is_named_is_told(admin: Client, named: str) -> None:
    response = admin.post(path_of("customfield"), {**ROWS["customfield"], "catalog_type": named})

    assert list(errors_of(response)) == ["catalog_type"]


def test_statuses_that_set_a_timestamp_are_seen_at_once(admin: Client) -> None:
    timestamp = IncidentTimestamp.objects.get(slug="impact-started")
    status = IncidentStatus.objects.get(slug="paused")
    path = path_of("incidenttimestamp", timestamp.pk)

    admin.post(path, form_of(admin, path, set_by_statuses=[status.pk]))

    assert timestamp.pk in Configuration.current().timestamps_by_status[status.pk]


def test_what_nothing_uses_is_removed(admin: Client) -> None:
    severity = Severity.objects.get(slug="critical")

    response = admin.post(f"/admin/incidents/severity/{severity.pk}/delete/", {"post": "yes"})

    assert response.status_code == 302
    assert Configuration.current().severities.find("critical") is None


def test_what_is_in_use_stays_and_the_page_says_why(admin: Client) -> None:
    make_incident(severity="major")
    severity = Severity.objects.get(slug="major")

    response = admin.post(f"/admin/incidents/severity/{severity.pk}/delete/", {"post": "yes"})

    assert "Major: used by incidents" in response.content.decode()
    assert Severity.objects.filter(pk=severity.pk).exists()


def test_the_role_of_the_lead_stays_and_the_page_says_why(admin: Client) -> None:
    role = IncidentRole.objects.get(role_type="lead")

    response = admin.post(f"/admin/incidents/incidentrole/{role.pk}/delete/", {"post": "yes"})

    assert "is the role of the type lead" in response.content.decode()
    assert IncidentRole.objects.filter(pk=role.pk).exists()


def test_what_is_always_required_is_on_the_declare_form(admin: Client) -> None:
    response = admin.post(path_of("customfield"), {**ROWS["customfield"], "required": "always"})

    assert list(errors_of(response)) == ["show_before_creation"]


def test_a_priority_in_use_stays_and_the_page_says_why(admin: Client, administrator: User) -> None:
    priority = FollowUpPriority.objects.get(name="Urgent")
    draft = FollowUpDraft(title="Renew the certificate", priority_id=priority.pk)
    add_follow_up(make_incident().pk, draft, Actor.of_user(administrator))

    response = admin.post(f"/admin/incidents/followuppriority/{priority.pk}/delete/", {"post": "yes"})

    assert "Urgent: used by follow-ups" in response.content.decode()
    assert FollowUpPriority.objects.filter(pk=priority.pk).exists()


def test_a_priority_that_nothing_uses_is_removed(admin: Client) -> None:
    priority = FollowUpPriority.objects.get(name="Low")

    admin.post(f"/admin/incidents/followuppriority/{priority.pk}/delete/", {"post": "yes"})

    assert not FollowUpPriority.objects.filter(pk=priority.pk).exists()


def test_a_team_of_incidents_stays(admin: Client) -> None:
    team = make_team()
    make_incident(team_ids=(team.pk,))

    admin.post(f"/admin/incidents/team/{team.pk}/delete/", {"post": "yes"})

    assert Team.objects.filter(pk=team.pk).exists()


def test_options_are_added_changed_and_removed_on_the_page_of_their_field(admin: Client) -> None:
    field = make_custom_field(options=("Checkout", "Serach"))
    path = path_of("customfield", field.pk)
    sent = form_of(
        admin, path, **{"options-0-DELETE": "on", "options-1-value": "Search", "options-2-value": "Login"}
    )

    response = admin.post(path, sent)

    assert response.status_code == 302, errors_of(response)
    options = Configuration.current().options[field.pk]
    assert {option.value for option in options} == {"Search", "Login"}
    assert options.by_slug["login"].value == "Login"


def test_an_option_in_use_stays_and_the_page_says_why(admin: Client) -> None:
    field = make_custom_field(options=("Checkout",))
    option = field.options.get()
    make_incident(custom_fields={field.pk: (option.pk,)})
    path = path_of("customfield", field.pk)

    response = admin.post(path, form_of(admin, path, **{"options-0-DELETE": "on"}))

    assert "“Checkout” is used by incidents: it stays." in response.content.decode()
    assert CustomFieldOption.objects.filter(pk=option.pk).exists()


def test_a_broken_set_of_options_is_told(admin: Client) -> None:
    field = make_custom_field(options=("Checkout",))
    path = path_of("customfield", field.pk)
    sent = form_of(admin, path, **{"options-TOTAL_FORMS": "many", "options-0-id": "nonsense"})

    assert admin.post(path, sent).status_code == 200


def test_a_catalog_entry_gets_its_slug_and_its_aliases_line_by_line(admin: Client) -> None:
    catalog = CatalogType.objects.create(name="Service")
    typed = {
        "catalog_type": catalog.pk,
        "name": "Checkout API",
        "aliases": "checkout\r\n\r\n checkout \r\npay",
    }

    response = admin.post(path_of("catalogentry"), typed)

    assert response.status_code == 302, errors_of(response)
    entry = CatalogEntry.objects.get()
    assert (entry.slug, entry.aliases, entry.external_id) == ("checkout-api", ["checkout", "pay"], None)


@pytest.mark.parametrize("aliases", ["a\x00b", "x" * 300, "\n".join(map(str, range(60)))])
def test_aliases_that_cannot_be_kept_are_told(admin: Client, aliases: str) -> None:
    catalog = CatalogType.objects.create(name="Service")
    typed = {"catalog_type": catalog.pk, "name": "Checkout API", "aliases": aliases}

    assert list(errors_of(admin.post(path_of("catalogentry"), typed))) == ["aliases"]


def test_a_taken_external_id_is_told(admin: Client) -> None:
    catalog = CatalogType.objects.create(name="Service")
    typed = {"catalog_type": catalog.pk, "name": "Checkout", "external_id": "svc-1"}
    admin.post(path_of("catalogentry"), typed)

    response = admin.post(path_of("catalogentry"), {**typed, "name": "Search"})

    assert CatalogEntry.objects.count() == 1
    assert errors_of(response)


def test_the_last_role_of_its_type_may_be_renamed(admin: Client) -> None:
    lead = IncidentRole.objects.get(role_type="lead")
    path = path_of("incidentrole", lead.pk)

    admin.post(path, form_of(admin, path, name="Commander"))

    assert Configuration.current().lead_role == lead
    assert Configuration.current().incident_roles.by_id[lead.pk].name == "Commander"


def test_a_field_with_values_keeps_its_type(admin: Client) -> None:
    field = make_custom_field("Note", field_type="text")
    make_incident(custom_fields={field.pk: ("something",)})
    path = path_of("customfield", field.pk)

    response = admin.post(path, form_of(admin, path, field_type="numeric"))

    assert list(errors_of(response)) == ["field_type"]
    assert CustomField.objects.get().field_type == "text"
