"""The timeline: every kind of event in a sentence, updates as cards, page by page."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from incidents.models import (
    Actor,
    Alert,
    ApiKey,
    Configuration,
    Incident,
    IncidentEvent,
    User,
    Workflow,
)
from incidents.services.drafts import IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.history import History
from incidents.services.ingestion import AlertDraft, ingest_alert
from incidents.services.memberships import grant_membership, revoke_membership
from incidents.services.updates import add_report, share_update
from tests.make import (
    make_alert_source,
    make_custom_field,
    make_incident,
    make_team,
    make_user,
    move_incident,
)
from tests.web.test_incident_detail import HTMX, words_of

pytestmark = pytest.mark.django_db

Kind = IncidentEvent.Kind


@pytest.fixture
def priya() -> User:
    return make_user("Priya Raman", role="administrator")


@pytest.fixture
def actor(priya: User) -> Actor:
    return Actor.of_user(priya)


@pytest.fixture
def reader(client: Client, priya: User) -> Client:
    client.force_login(priya)
    return client


def told(reader: Client, incident: Incident, query: str = "") -> list[str]:
    """Return the facts of the timeline, newest first, without their times."""
    response = reader.get(f"{incident.get_absolute_url()}timeline/{query}", headers=HTMX)
    facts = re.findall(r'<p class="timeline-fact">(.*?)</p>', response.content.decode(), re.DOTALL)
    without_times = [fact.rpartition("<time")[0] for fact in facts]
    return [" ".join(re.sub(r"<[^>]+>", " ", fact).split()) for fact in without_times]


def note(incident: Incident, actor: Actor, kind: IncidentEvent.Kind, **details: Any) -> None:
    """Write an event as a service would."""
    history = History(incident.pk, actor, datetime.datetime.now(tz=datetime.UTC))
    history.add(kind, **details)
    history.write()


def configured(noun: str, slug: str) -> Any:
    return getattr(Configuration.current(), noun).by_slug[slug]


def test_edits_are_told_in_sentences(reader: Client, actor: Actor, priya: User) -> None:
    mei, service = make_user("Mei Tanaka"), make_custom_field("Service", options=("Payouts", "Ledger"))
    comms, fixed = (
        configured("incident_roles", "communications-lead"),
        configured("incident_timestamps", "fixed"),
    )
    options = Configuration.current().options[service.pk].by_slug
    incident = make_incident("Old name", actor=actor, summary="")
    moment = datetime.datetime(2026, 1, 5, 14, 48, tzinfo=datetime.UTC)
    edits = {
        "Priya Raman changed the name from “Old name” to “New name”": IncidentEdit(name="New name"),
        "Priya Raman wrote the summary": IncidentEdit(summary="One"),
        "Priya Raman changed the summary": IncidentEdit(summary="Two"),
        "Priya Raman removed the summary": IncidentEdit(summary=""),
        "Priya Raman raised severity from Major to Critical": IncidentEdit(
            severity_id=configured("severities", "critical").pk
        ),
        "Priya Raman lowered severity from Critical to Minor": IncidentEdit(
            severity_id=configured("severities", "minor").pk
        ),
        "Priya Raman changed the type from Production to Supplier": IncidentEdit(
            incident_type_id=configured("incident_types", "supplier").pk
        ),
        "Priya Raman became Communications lead": IncidentEdit(roles={comms.pk: priya.pk}),
        "Priya Raman made Mei Tanaka Communications lead": IncidentEdit(roles={comms.pk: mei.pk}),
        "Priya Raman removed Mei Tanaka as Communications lead": IncidentEdit(roles={comms.pk: None}),
        "Priya Raman set Service to Payouts": IncidentEdit(
            custom_fields={service.pk: (options["payouts"].pk,)}
        ),
        "Priya Raman changed Service from Payouts to Ledger": IncidentEdit(
            custom_fields={service.pk: (options["ledger"].pk,)}
        ),
        "Priya Raman removed Service (it was Ledger)": IncidentEdit(custom_fields={service.pk: ()}),
        "Priya Raman set Fixed to Mon 5 Jan 2026, 14:48 UTC": IncidentEdit(timestamps={fixed.pk: moment}),
        "Priya Raman emptied Fixed": IncidentEdit(timestamps={fixed.pk: None}),
        "Priya Raman changed the mode from Standard to Test": IncidentEdit(mode="test"),
        "Priya Raman set the call link to https://call.example/1": IncidentEdit(
            call_url="https://call.example/1"
        ),
        "Priya Raman removed the call link (it was https://call.example/1)": IncidentEdit(call_url=""),
        "Priya Raman set the teams to Payments": IncidentEdit(team_ids=(make_team("Payments").pk,)),
        "Priya Raman made this incident private: only members see it": IncidentEdit(visibility="private"),
        "Priya Raman made this incident visible to everyone": IncidentEdit(visibility="public"),
    }
    for edit in edits.values():
        edit_incident(incident.pk, edit, actor)

    assert told(reader, incident) == [*reversed(edits), "Priya Raman declared this incident"]


def test_moves_are_told_by_what_they_mean(reader: Client, actor: Actor) -> None:
    incident = make_incident(actor=actor, status="triage")
    for status in ("investigating", "fixing", "paused", "write-up", "closed", "investigating", "canceled"):
        move_incident(incident, status, actor=actor)

    assert told(reader, incident)[:-1] == [
        "Priya Raman canceled the incident: Investigating to Canceled",
        "Priya Raman reopened the incident: Closed to Investigating",
        "Priya Raman closed the incident: Write-up to Closed",
        "Priya Raman resolved the incident: Paused to Write-up",
        "Priya Raman paused the incident: Fixing to Paused",
        "Priya Raman changed status from Investigating to Fixing",
        "Priya Raman accepted the incident: Triage to Investigating",
    ]


def test_members_are_told(reader: Client, actor: Actor) -> None:
    incident, mei = make_incident(visibility="private", actor=actor), make_user("Mei Tanaka")
    grant_membership(incident.pk, mei, actor)
    revoke_membership(incident.pk, mei, actor)

    assert told(reader, incident)[:2] == [
        "Priya Raman removed Mei Tanaka from the members",
        "Priya Raman let Mei Tanaka see this incident",
    ]


def test_declaring_as_a_test_says_so(reader: Client, actor: Actor) -> None:
    assert told(reader, make_incident(mode="test", actor=actor)) == [
        "Priya Raman declared this incident as test"
    ]


def test_separation_names_the_other_incident_on_both_sides(reader: Client, actor: Actor) -> None:
    first = make_incident("Payouts fail", actor=actor)
    second = make_incident(
        "Payouts fail again", actor=actor, separate_from=(first.pk,), separate_reason="Other bank"
    )

    assert f"Priya Raman declared this incident separately from {first} because “Other bank”" in told(
        reader, second
    )
    assert f"Priya Raman declared {second} separately from this incident because “Other bank”" in told(
        reader, first
    )


def test_separation_from_a_hidden_incident_is_not_told(client: Client, actor: Actor) -> None:
    hidden = make_incident("Secret breach", visibility="private", actor=actor)
    shown = make_incident("Odd logins", actor=actor, separate_from=(hidden.pk,), separate_reason="Secret")
    client.force_login(make_user("Stan"))

    response = client.get(shown.get_absolute_url())

    assert "separately" not in words_of(response)
    assert "Secret" not in words_of(response)
    assert hidden.pk not in response.content.decode()


def test_merging_is_told_to_those_who_may_see_both(reader: Client, actor: Actor) -> None:
    survivor, incident = make_incident("Payouts fail"), make_incident("Payouts down")
    note(incident, actor, Kind.MERGED, merged_into_incident_id=survivor.pk)
    note(survivor, actor, Kind.MERGED, merged_incident_id=incident.pk)

    assert told(reader, incident)[0] == f"Priya Raman merged this incident into {survivor}"
    assert told(reader, survivor)[0] == f"Priya Raman merged {incident} into this incident"

    Incident.objects.update(visibility="private")
    Incident.objects.filter(pk=incident.pk).update(visibility="public")
    stranger = Client()
    stranger.force_login(make_user("Stan"))
    assert not any("merged" in fact for fact in told(stranger, incident))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (lambda: Actor(api_key=ApiKey.objects.create(name="deploys")), "API key “deploys”"),
        (lambda: Actor(alert=Alert.objects.create(title="5xx")), "Alert “5xx”"),
        (lambda: Actor(workflow=Workflow.objects.create(name="Nightly")), "Workflow “Nightly”"),
    ],
)
def test_automation_is_named_as_what_it_is(reader: Client, source: Any, said: str) -> None:
    incident = make_incident()
    note(incident, source(), Kind.NAME_CHANGED, **{"from": "A", "to": "B"})

    assert told(reader, incident)[0] == f"{said} changed the name from “A” to “B”"


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_survives_an_event_without_details(reader: Client, actor: Actor, kind: str) -> None:
    incident = make_incident()
    note(incident, actor, Kind(kind))

    assert reader.get(incident.get_absolute_url()).status_code == 200


def test_update_and_its_changes_are_one_card(reader: Client, actor: Actor) -> None:
    incident = make_incident(actor=actor)
    fixing = configured("incident_statuses", "fixing")
    share_update(incident.pk, UpdateDraft(message="Found *it*", incident_status_id=fixing.pk), actor)

    html = reader.get(f"{incident.get_absolute_url()}timeline/", headers=HTMX).content.decode()

    assert html.count('<article class="update-card">') == 1
    assert "Found <em>it</em>" in html
    assert told(reader, incident) == ["Priya Raman declared this incident"]


def test_report_is_a_card_of_its_own_words(reader: Client) -> None:
    incident = make_incident()
    add_report(incident.pk, IncidentDraft(name="Same here"), Actor.of_user(make_user("Vera", role="viewer")))

    words = words_of(reader.get(incident.get_absolute_url()))

    assert "Vera added a report" in words
    assert "Same here" in words


def test_an_alert_is_told_with_how_often_it_came(reader: Client, actor: Actor) -> None:
    source = make_alert_source()
    first = AlertDraft(title="Error rate of checkout above 5%", deduplication_key="a")
    incident = ingest_alert(first, source, actor).incident
    assert incident is not None
    ingest_alert(first, source, actor)
    again = AlertDraft(title="Error rate of checkout above 5%!", deduplication_key="b")
    for _ in range(12):
        ingest_alert(again, source, actor)

    assert told(reader, incident) == [
        "Alert “Error rate of checkout above 5%!” attached, 12 times",
        "Alert “Error rate of checkout above 5%” declared this incident, 2 times",
    ]


def test_kinds_narrow_the_timeline(reader: Client, actor: Actor) -> None:
    incident = make_incident(actor=actor)
    fixing = configured("incident_statuses", "fixing")
    share_update(incident.pk, UpdateDraft(message="Found it", incident_status_id=fixing.pk), actor)

    updates = reader.get(f"{incident.get_absolute_url()}timeline/?kinds=updates", headers=HTMX)
    changes = reader.get(f"{incident.get_absolute_url()}timeline/?kinds=changes", headers=HTMX)

    assert "Found it" in words_of(updates)
    assert "declared" not in words_of(updates)
    assert "Found it" not in words_of(changes)
    assert told(reader, incident, "?kinds=changes") == [
        "Priya Raman changed status from Investigating to Fixing",
        "Priya Raman declared this incident",
    ]


def test_pages_hold_every_event_once(reader: Client, actor: Actor) -> None:
    incident = make_incident(actor=actor)
    for number in range(119):
        note(incident, actor, Kind.NAME_CHANGED, **{"from": "", "to": f"Name {number}"})

    facts: list[str] = []
    query = ""
    for _ in range(3):
        facts += told(reader, incident, query)
        page = reader.get(f"{incident.get_absolute_url()}timeline/{query}", headers=HTMX).content.decode()
        older = re.search(r'id="timeline-older"\s+href="[^"?]*(\?[^"]*)"', page)
        query = older[1] if older else ""

    assert len(facts) == len(set(facts)) == 120
    assert facts[-1] == "Priya Raman declared this incident"
    assert query == ""


def test_card_is_not_torn_between_two_pages(reader: Client, actor: Actor) -> None:
    incident = make_incident(actor=actor)
    fixing = configured("incident_statuses", "fixing")
    share_update(incident.pk, UpdateDraft(message="Found it", incident_status_id=fixing.pk), actor)
    for number in range(49):
        note(incident, actor, Kind.NAME_CHANGED, **{"from": "", "to": f"Name {number}"})

    page = reader.get(f"{incident.get_absolute_url()}timeline/", headers=HTMX).content.decode()

    assert 'class="update-card-foot"' in page
    older = re.search(r'id="timeline-older"\s+href="[^"?]*(\?[^"]*)"', page)
    assert older is not None
    assert told(reader, incident, older[1]) == ["Priya Raman declared this incident"]


@pytest.mark.parametrize(
    "query",
    ["?before=x", "?before=%25", "?before=" + "0" * 26, "?kinds=odd&before=", "?before=" + "9" * 9999],
)
def test_broken_cursors_are_no_error(reader: Client, query: str) -> None:
    incident = make_incident()

    assert reader.get(f"{incident.get_absolute_url()}timeline/{query}").status_code == 200


def test_days_are_those_of_the_person(client: Client, actor: Actor) -> None:
    incident = make_incident(actor=actor)
    history = History(incident.pk, actor, datetime.datetime(2025, 3, 1, 23, 30, tzinfo=datetime.UTC))
    history.add(Kind.NAME_CHANGED, **{"from": "A", "to": "B"})
    history.write()
    client.force_login(make_user("Kei", time_zone="Asia/Tokyo"))

    html = client.get(incident.get_absolute_url()).content.decode()

    assert "2 March 2025, JST" in html
    assert re.search(r"Today, \d+ \w+, JST", html)


def test_timeline_without_htmx_is_the_whole_page(reader: Client) -> None:
    incident = make_incident()

    html = reader.get(f"{incident.get_absolute_url()}timeline/?kinds=updates").content.decode()

    assert "<html" in html
    assert 'class="incident-title"' in html
    assert "No updates yet." in html
