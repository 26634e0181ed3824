"""Incidents in the admin: found, declared and changed through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Configuration, Incident, IncidentEvent
from incidents.services.drafts import IncidentEdit
from incidents.services.duplicate_settings import DuplicateSettingsEdit, edit_duplicate_settings
from incidents.services.editing import edit_incident
from tests.admin.conftest import errors_of, form_of
from tests.make import (
    make_actor,
    make_custom_field,
    make_incident,
    make_team,
    make_user,
    move_incident,
    status_of,
)

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import User

pytestmark = pytest.mark.django_db

LIST = "/admin/incidents/incident/"
ADD = f"{LIST}add/"


def change_of(incident: Incident) -> str:
    return f"{LIST}{incident.pk}/change/"


def severity(slug: str) -> str:
    return Configuration.current().severities.by_slug[slug].pk


def names_on(client: Client, query: str) -> set[str]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return {incident.name for incident in response.context["cl"].result_list}


@pytest.mark.parametrize("query", ["INC-1", "inc-1", "1"])
def test_a_reference_finds_its_incident_alone(admin: Client, query: str) -> None:
    make_incident("Checkout down")
    make_incident("Search mentions inc-1")

    assert names_on(admin, f"q={query}") == {"Checkout down"}


def test_words_of_name_and_summary_are_found_whatever_their_case(admin: Client) -> None:
    make_incident("Checkout down", summary="Since release 7")
    make_incident("Search slow")

    assert names_on(admin, "q=RELEASE+checkout") == {"Checkout down"}


def test_wildcards_are_letters(admin: Client) -> None:
    make_incident("Checkout down")
    make_incident("Disk 91% full")

    assert names_on(admin, "q=%25") == {"Disk 91% full"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status_category__exact=closed", {"Over"}),
        ("mode__exact=test", {"Exercise"}),
        ("visibility__exact=private", {"Secret"}),
    ],
)
def test_filters(admin: Client, query: str, found: set[str]) -> None:
    move_incident(make_incident("Over"), "closed")
    make_incident("Exercise", mode="test")
    make_incident("Secret", visibility="private")

    assert names_on(admin, query) == found


def test_an_incident_is_declared(admin: Client, administrator: User) -> None:
    team = make_team()
    lead = make_user("Priya Raman")
    role = Configuration.current().lead_role
    assert role is not None
    typed = {
        "name": "Checkout down",
        "severity": severity("major"),
        "teams": [team.pk],
        f"role_{role.pk}": lead.pk,
    }

    response = admin.post(ADD, form_of(admin, ADD, **typed))

    incident = Incident.objects.get()
    assert response["Location"] == LIST
    assert (incident.number, incident.creator_user, [*incident.teams.all()]) == (1, administrator, [team])
    assert incident.role_assignments.get(incident_role=role).assignee == lead
    assert incident.events.get().kind == IncidentEvent.Kind.DECLARED


def test_pressing_twice_makes_one(admin: Client) -> None:
    sent = form_of(admin, ADD, name="Checkout down", severity=severity("major"))

    admin.post(ADD, sent)
    admin.post(ADD, sent)

    assert Incident.objects.count() == 1


def test_custom_fields_are_stored_and_shown_again(admin: Client) -> None:
    single = make_custom_field("Service", options=("Checkout", "Search"))
    several = make_custom_field("Teams", field_type="multi_select", options=("Payments", "Platform"))
    number = make_custom_field("Customers", field_type="numeric")
    checkout = single.options.get(value="Checkout").pk
    both = [option.pk for option in several.options.order_by("value")]
    typed = {
        f"custom_field_{single.pk}": checkout,
        f"custom_field_{several.pk}": both,
        f"custom_field_{number.pk}": "12.50",
    }

    admin.post(ADD, form_of(admin, ADD, name="Checkout down", severity=severity("major"), **typed))

    shown = form_of(admin, change_of(Incident.objects.get()))
    assert shown[f"custom_field_{single.pk}"] == checkout
    assert shown[f"custom_field_{several.pk}"] == both
    assert shown[f"custom_field_{number.pk}"] == "12.5"


def test_what_is_wrong_is_told_by_the_field_and_nothing_is_stored(admin: Client) -> None:
    number = make_custom_field("Customers", field_type="numeric")
    typed = {
        "name": "a\x00b",
        "severity": "",
        "call_url": "javascript:alert(1)",
        f"custom_field_{number.pk}": "many",
    }

    first = admin.post(ADD, form_of(admin, ADD, **typed))
    second = admin.post(
        ADD, form_of(admin, ADD, **{**typed, "name": "Checkout", "severity": severity("minor")})
    )

    assert {"name", "severity"} <= set(errors_of(first))
    assert set(errors_of(second)) == {"call_url", f"custom_field_{number.pk}"}
    assert "javascript:alert(1)" in second.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "x" * 201},
        {"name": "   "},
        {"name": "x" * 1_000_000},
        {"summary": "y" * 20_001},
        {"severity": "nonsense"},
        {"severity": "7" * 26},
        {"incident_status": "nonsense"},
        {"mode": "nonsense"},
        {"visibility": "nonsense"},
        {"teams": ["nonsense"]},
        {"call_url": "//evil.example.com"},
        {"idempotency_key": "k" * 500},
    ],
    ids=repr,
)
def test_bad_input_is_never_stored(admin: Client, typed: dict[str, Any]) -> None:
    sent = form_of(admin, ADD, **{"name": "Checkout down", "severity": severity("minor"), **typed})

    response = admin.post(ADD, sent)

    assert errors_of(response)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("person", ["nonsense", "7" * 26, "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_unknown_people_are_told(admin: Client, person: str) -> None:
    role = Configuration.current().lead_role
    assert role is not None
    typed = {"name": "Checkout down", "severity": severity("minor"), f"role_{role.pk}": person}

    assert list(errors_of(admin.post(ADD, form_of(admin, ADD, **typed)))) == [f"role_{role.pk}"]


@pytest.mark.parametrize(
    "name", ["قطع في الخدمة", "🔥 Checkout 🔥", "50% \\ _ off", "<script>alert(1)</script>"]
)
def test_unusual_text_is_kept_as_it_is(admin: Client, name: str) -> None:
    admin.post(ADD, form_of(admin, ADD, name=name, severity=severity("minor")))

    incident = Incident.objects.get()
    assert incident.name == name
    assert "<script>alert" not in admin.get(change_of(incident)).content.decode()


def test_a_similar_incident_asks_for_a_tick(admin: Client) -> None:
    make_incident("Checkout API returning 500s in eu-west-1")
    sent = form_of(admin, ADD, name="Checkout API returning 500s in eu-west-1", severity=severity("minor"))

    held_back = admin.post(ADD, sent)

    assert "INC-1 Checkout API returning 500s" in errors_of(held_back)["is_separate"][0]
    assert Incident.objects.count() == 1


def test_where_the_settings_say_so_nobody_is_asked(admin: Client) -> None:
    edit_duplicate_settings(DuplicateSettingsEdit(admin_policy="off"), make_actor(role="administrator"))
    other = make_incident("Checkout API returning 500s in eu-west-1")

    response = admin.post(ADD, form_of(admin, ADD, name=other.name, severity=severity("minor")))

    assert response.status_code == 302, errors_of(response)
    assert Incident.objects.count() == 2


def test_the_warning_says_why_and_nothing_that_was_typed_is_lost(admin: Client) -> None:
    make_incident("Checkout API returning 500s in eu-west-1")
    typed = {
        "name": "checkout api 5xx eu-west-1",
        "summary": "Since **noon**",
        "call_url": "https://meet.example/1",
    }
    sent = form_of(admin, ADD, severity=severity("minor"), **typed)

    held_back = admin.post(ADD, sent)

    form = held_back.context["adminform"].form
    assert "Name shares" in errors_of(held_back)["is_separate"][0]
    assert {name: form[name].value() for name in typed} == typed
    assert form["is_separate"].label == "Save all the same"
    shown = {"separate_from": form["separate_from"].value(), "is_separate": "on"}
    assert admin.post(ADD, {**sent, **shown}).status_code == 302
    assert Incident.objects.count() == 2


def test_with_the_tick_and_a_reason_both_histories_tell_it(admin: Client) -> None:
    other = make_incident("Checkout API returning 500s in eu-west-1")
    sent = form_of(admin, ADD, name=other.name, severity=severity("minor"))
    held_back = admin.post(ADD, sent)
    shown = {"separate_from": held_back.context["adminform"].form["separate_from"].value()}

    response = admin.post(ADD, {**sent, **shown, "is_separate": "on", "separate_reason": "Another customer"})

    assert response.status_code == 302, errors_of(response)
    events = IncidentEvent.objects.filter(kind=IncidentEvent.Kind.DECLARED_SEPARATELY)
    assert {event.incident_id for event in events} == {*Incident.objects.values_list("pk", flat=True)}
    assert {event.details["reason"] for event in events} == {"Another customer"}


def test_an_incident_is_changed_with_its_history(admin: Client, administrator: User) -> None:
    incident = make_incident("Checkout down", severity="minor")
    path = change_of(incident)

    response = admin.post(
        path,
        form_of(
            admin,
            path,
            name="Checkout is back",
            severity=severity("major"),
            incident_status=status_of("fixing").pk,
        ),
    )

    assert response.status_code == 302, errors_of(response)
    incident.refresh_from_db()
    assert (incident.name, incident.status_category, incident.version) == ("Checkout is back", "live", 2)
    events = incident.events.filter(creator_user=administrator)
    assert {event.kind for event in events} >= {"name_changed", "severity_changed", "status_changed"}


def test_saving_without_a_change_changes_nothing(admin: Client) -> None:
    incident = make_incident(summary="One\n\nTwo", call_url="https://meet.example.com/1")
    path = change_of(incident)

    admin.post(path, form_of(admin, path))

    assert Incident.objects.get().version == 1
    assert incident.events.count() == 1


def test_only_allowed_moves_are_offered(admin: Client) -> None:
    incident = make_incident()

    offered = admin.get(change_of(incident)).context["adminform"].form.fields["incident_status"].queryset

    assert {status.category for status in offered} == {"live", "paused", "learning", "closed", "canceled"}


def test_who_comes_second_is_told_and_keeps_their_text(admin: Client) -> None:
    incident = make_incident("Checkout down")
    path = change_of(incident)
    sent = form_of(admin, path, name="Mine")
    edit_incident(incident.pk, IncidentEdit(name="Theirs"), make_actor(role="responder"))

    response = admin.post(path, sent)

    assert "it is at version 2, you began with 1" in errors_of(response)["save_over"][0]
    assert "Mine" in response.content.decode()
    assert Incident.objects.get().name == "Theirs"


def test_with_a_tick_the_second_saves_over_the_first(admin: Client) -> None:
    incident = make_incident("Checkout down")
    path = change_of(incident)
    sent = form_of(admin, path, name="Mine")
    edit_incident(incident.pk, IncidentEdit(name="Theirs"), make_actor(role="responder"))
    told = admin.post(path, sent).context["adminform"].form

    response = admin.post(path, {**sent, "save_over": "on", "seen_version": told["seen_version"].value()})

    assert response.status_code == 302, errors_of(response)
    assert Incident.objects.get().name == "Mine"


def test_a_third_change_is_told_again(admin: Client) -> None:
    incident = make_incident("Checkout down")
    path = change_of(incident)
    sent = form_of(admin, path, name="Mine")
    for name in ("Theirs", "Theirs again"):
        edit_incident(incident.pk, IncidentEdit(name=name), make_actor(role="responder"))

    response = admin.post(path, {**sent, "save_over": "on", "seen_version": "2"})

    assert "it is at version 3" in errors_of(response)["save_over"][0]
    assert Incident.objects.get().name == "Theirs again"


@pytest.mark.parametrize("typed", ["many", "-1", "9" * 5_000, ""])
def test_a_broken_version_is_no_error_of_ours(admin: Client, typed: str) -> None:
    incident = make_incident("Checkout down")
    path = change_of(incident)

    response = admin.post(path, form_of(admin, path, name="Mine", begun_version=typed))

    assert errors_of(response)
    assert Incident.objects.get().name == "Checkout down"


def test_nobody_removes_an_incident(admin: Client) -> None:
    incident = make_incident()

    assert admin.post(f"{LIST}{incident.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Incident.objects.exists()


def test_looking_at_a_private_incident_is_recorded(admin: Client, administrator: User) -> None:
    incident = make_incident(visibility="private")

    admin.get(change_of(incident))

    assert incident.events.get(kind="private_viewed").creator_user == administrator


def test_the_page_leads_to_history_and_updates(admin: Client) -> None:
    incident = make_incident("Checkout down")
    make_incident("Search slow")

    history = admin.get(f"{LIST}{incident.pk}/history/", follow=True)

    assert [event.incident for event in history.context["cl"].result_list] == [incident]


def test_history_is_only_read(admin: Client) -> None:
    event = make_incident().events.get()
    path = f"/admin/incidents/incidentevent/{event.pk}/"

    assert admin.get("/admin/incidents/incidentevent/add/").status_code == 403
    assert admin.post(f"{path}change/", {"kind": "merged"}).status_code == 403
    assert admin.post(f"{path}delete/", {"post": "yes"}).status_code == 403
