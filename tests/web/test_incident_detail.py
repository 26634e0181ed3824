"""The page of an incident: what it shows, and to whom."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from incidents.models import (
    Actor,
    Alert,
    Configuration,
    ExternalIssueReference,
    Incident,
    IncidentAttachment,
    IncidentEvent,
    PostmortemDocument,
    User,
)
from incidents.services.creation import create_incident
from incidents.services.drafts import IncidentDraft, IncidentEdit, UpdateDraft
from incidents.services.editing import edit_incident
from incidents.services.memberships import grant_membership, revoke_membership
from incidents.services.updates import add_report, share_update
from tests.make import (
    make_custom_field,
    make_incident,
    make_team,
    make_user,
    move_incident,
    status_of,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
ATTACK = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture
def rosa() -> User:
    return make_user("Rosa Lund")


@pytest.fixture
def responder(client: Client, rosa: User) -> Client:
    client.force_login(rosa)
    return client


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def merge(incident: Incident, survivor: Incident) -> None:
    merged = status_of("merged")
    Incident.objects.filter(pk=incident.pk).update(
        incident_status=merged, status_category="merged", merged_into_incident=survivor
    )


def words_of(response: Any) -> str:
    """Return the text of a page as one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("shape", ["INC-{0.number}", "inc-{0.number}", "{0.number}", "{0.pk}"])
def test_incident_is_found_by_every_name_it_has(responder: Client, shape: str) -> None:
    incident = make_incident("Checkout API returning 500s")

    response = responder.get(f"/incidents/{shape.format(incident)}/")

    assert response.status_code == 200
    html = response.content.decode()
    assert '<h1 class="incident-title">Checkout API returning 500s</h1>' in html
    assert f'<link rel="canonical" href="/incidents/{incident.reference}/">' in html


def test_page_asks_to_log_in(client: Client) -> None:
    incident = make_incident()

    response = client.get(incident.get_absolute_url())

    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={incident.get_absolute_url()}"


@pytest.mark.parametrize("path", ["", "timeline/", "edit/", "status/", "lead/", "members/", "related/"])
def test_hidden_and_missing_answer_the_same(responder: Client, path: str) -> None:
    hidden = make_incident("Breach", visibility="private")

    seen = responder.get(f"/incidents/{hidden.reference}/{path}")
    missing = responder.get(f"/incidents/INC-999/{path}")

    assert seen.status_code == missing.status_code == 404
    # Each answer carries its own address, and a token of its own.
    varying = rb'INC-\d+|name="csrfmiddlewaretoken" value="\w+"'
    clean = [re.sub(varying, b"", response.content) for response in (seen, missing)]
    assert clean[0] == clean[1]


@pytest.mark.parametrize("name", ["INC-0", "INC--1", "INC-99999999999999999999", "0" * 26, "%", "INC-٣"])
def test_names_of_no_incident_are_not_found(responder: Client, name: str) -> None:
    assert responder.get(f"/incidents/{name}/").status_code == 404


def test_members_and_administrators_see_a_private_incident() -> None:
    incident = make_incident("Breach", visibility="private")
    member, administrator = make_user("Mia"), make_user("Ada", role="administrator")
    boss = Actor.of_user(administrator)
    grant_membership(incident.pk, member, boss)

    assert browser_of(member).get(incident.get_absolute_url()).status_code == 200
    assert browser_of(administrator).get(incident.get_absolute_url()).status_code == 200

    revoke_membership(incident.pk, member, boss)
    assert browser_of(member).get(incident.get_absolute_url()).status_code == 404


def test_administrator_who_is_no_member_is_recorded_once() -> None:
    incident = make_incident("Breach", visibility="private")
    browser = browser_of(make_user("Ada Okafor", role="administrator"))

    browser.get(incident.get_absolute_url())
    response = browser.get(incident.get_absolute_url())

    assert incident.events.filter(kind="private_viewed").count() == 1
    assert "Ada Okafor looked at this private incident as an administrator" in words_of(response)


def test_who_looked_stays_among_members_when_an_incident_becomes_public(rosa: User) -> None:
    owner = make_user("Owen")
    incident = make_incident("Breach", visibility="private", actor=Actor.of_user(owner))
    browser_of(make_user("Ada", role="administrator")).get(incident.get_absolute_url())
    edit_incident(incident.pk, IncidentEdit(visibility="public"), Actor.of_user(owner))

    assert "looked at" in words_of(browser_of(owner).get(incident.get_absolute_url()))
    assert "looked at" not in words_of(browser_of(rosa).get(incident.get_absolute_url()))


@pytest.mark.parametrize(("reports", "said"), [(0, ""), (1, "1 report"), (3, "3 reports")])
def test_reports_are_counted_in_the_head(responder: Client, reports: int, said: str) -> None:
    incident = make_incident()
    for number in range(reports):
        add_report(incident.pk, IncidentDraft(name=f"Me too {number}"), Actor.of_user(make_user()))

    page = responder.get(incident.get_absolute_url()).text

    found = re.search(r'<span class="numeric">(\d+ reports?)</span>', page)
    assert (found[1] if found else "") == said


def test_viewer_sees_everything_and_no_form() -> None:
    incident = make_incident()

    html = browser_of(make_user("Vera", role="viewer")).get(incident.get_absolute_url()).content.decode()

    assert 'id="update_form"' not in html
    assert 'id="status_form"' not in html
    assert f"{incident.get_absolute_url()}edit/" not in html
    assert "/lead/" not in html
    assert 'id="timeline"' in html


@pytest.mark.parametrize("path", ["edit/", "status/", "severity/", "lead/", "roles/scribe/"])
def test_viewer_may_not_open_a_form(path: str) -> None:
    incident = make_incident()
    viewer = browser_of(make_user("Vera", role="viewer"))

    assert viewer.get(f"{incident.get_absolute_url()}{path}").status_code == 403
    assert viewer.post(f"{incident.get_absolute_url()}{path}", {"name": "x"}).status_code == 403
    incident.refresh_from_db()
    assert incident.version == 1


def test_typed_markup_is_shown_as_text(responder: Client, rosa: User) -> None:
    field = make_custom_field("Note", field_type="text")
    link = make_custom_field("Dashboard", field_type="link")
    incident = make_incident(
        f"Name {ATTACK}",
        summary=f"Summary {ATTACK} [click](javascript:alert(3))",
        custom_fields={field.pk: (ATTACK,), link.pk: ("https://example.com/?a=<b>",)},
    )
    share_update(incident.pk, UpdateDraft(message=f"Update {ATTACK}"), Actor.of_user(rosa))

    html = responder.get(incident.get_absolute_url()).content.decode()

    assert "<script>alert" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="https://example.com/?a=&lt;b&gt;"' in html


def test_links_that_are_none_are_not_offered(responder: Client) -> None:
    incident = make_incident()
    Incident.objects.filter(pk=incident.pk).update(
        call_url="javascript:alert(1)", postmortem_document_url="//evil.example"
    )
    IncidentAttachment.objects.create(incident=incident, permalink="data:text/html,x", title="Odd")
    ExternalIssueReference.objects.create(
        incident=incident, provider="jira", issue_name="PAY-1", issue_permalink="ftp://example.com/PAY-1"
    )

    html = responder.get(incident.get_absolute_url()).content.decode()

    assert "Join call" not in html
    assert not re.search(r'href="(javascript|data|ftp|//evil)', html)
    assert "Odd" in html
    assert "PAY-1" in html


def test_side_shows_what_the_incident_has(responder: Client) -> None:
    team = make_team("Payments")
    incident = make_incident(team_ids=(team.pk,), call_url="https://call.example/1")
    Incident.objects.filter(pk=incident.pk).update(
        workload_minutes_working=260, workload_minutes_late=72, workload_minutes_sleeping=40
    )
    PostmortemDocument.objects.create(incident=incident, title="Why", document_url="https://docs.example/why")
    IncidentAttachment.objects.create(incident=incident, permalink="https://grafana.example/1", title="Graph")
    ExternalIssueReference.objects.create(
        incident=incident,
        provider="jira",
        issue_name="PAY-1932",
        issue_permalink="https://jira.example/PAY-1932",
    )

    words = words_of(responder.get(incident.get_absolute_url()))

    for shown in ("Payments", "Join call", "PAY-1932", "Jira", "Why", "In progress", "Graph"):
        assert shown in words
    assert "6h 12m" in words
    assert "Working 4h 20m" in words


def test_durations_run_while_the_incident_is_open(responder: Client) -> None:
    incident = make_incident()
    impact = Configuration.current().incident_timestamps.by_slug["impact-started"]
    started = incident.created_at - datetime.timedelta(hours=3, minutes=5)
    edit_incident(
        incident.pk,
        IncidentEdit(timestamps={impact.pk: started}),
        Actor.of_user(make_user("Ada", role="administrator")),
    )

    words = words_of(responder.get(incident.get_absolute_url()))

    assert "Impact, running 3h 05m" in words
    assert "Time to detect 3h 05m" in words


def test_timestamps_name_the_zone_of_the_person() -> None:
    incident = make_incident()

    html = (
        browser_of(make_user("Kei", time_zone="Asia/Tokyo")).get(incident.get_absolute_url()).content.decode()
    )

    assert '<span class="text-tertiary">JST</span>' in html
    assert re.search(r"\d\d:\d\d JST", html)


def test_steps_tell_where_the_incident_is(responder: Client) -> None:
    incident = make_incident(status="triage")
    move_incident(incident, "investigating")
    move_incident(incident, "write-up")

    html = responder.get(incident.get_absolute_url()).content.decode()
    steps = re.findall(r'<li class="(step[^"]*)"[^>]*>([^<]+)<', html)

    assert steps == [
        ("step step-done", "Triage"),
        ("step step-done", "Investigating"),
        ("step step-done", "Fixing"),
        ("step step-done", "Monitoring"),
        ("step step-current", "Write-up"),
        ("step", "Closed"),
    ]
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize(("status", "steps"), [("declined", ["Triage", "Declined"]), ("paused", None)])
def test_steps_of_other_ways_end_with_where_it_is(
    responder: Client, status: str, steps: list[str] | None
) -> None:
    incident = make_incident(status="triage")
    move_incident(incident, status)

    html = responder.get(incident.get_absolute_url()).content.decode()

    names = re.findall(r'<li class="step[^"]*"[^>]*>([^<]+)<', html)
    assert steps is None or names == steps
    assert re.search(rf'aria-current="step">{status.capitalize()}', html)


def test_merged_incident_leads_on_to_the_one_that_goes_on(responder: Client) -> None:
    survivor = make_incident("Payouts fail")
    incident = make_incident("Payouts down")
    merge(incident, survivor)

    html = responder.get(incident.get_absolute_url()).content.decode()

    assert f"{survivor.reference} Payouts fail" in html
    assert f"Open {survivor.reference}" in html


def test_merged_into_a_hidden_incident_names_nothing(responder: Client) -> None:
    survivor = make_incident("Secret breach", visibility="private")
    incident = make_incident("Payouts down")
    merge(incident, survivor)

    html = responder.get(incident.get_absolute_url()).content.decode()

    assert "merged into another one" in html
    assert "Secret breach" not in html
    assert survivor.reference not in html
    assert survivor.pk not in html


def test_badges_name_what_is_unusual() -> None:
    incident = make_incident("Drill", mode="test", visibility="private")

    page = browser_of(make_user("Ada", role="administrator")).get(incident.get_absolute_url())

    tags = re.findall(r'<span class="tag">(?:<svg.*?</svg>)?([^<]+)</span>', page.content.decode())
    assert tags[:2] == ["Private", "Test"]


def test_related_names_only_what_the_reader_may_see(responder: Client) -> None:
    shown = make_incident("Checkout API returning 500s in eu-west-1")
    make_incident("Checkout API returning 500s in eu-west-1 again", visibility="private")
    incident = make_incident("Checkout API 500s eu-west-1")

    response = responder.get(f"{incident.get_absolute_url()}related/", headers=HTMX)

    html = response.content.decode()
    assert "<html" not in html
    assert f"/incidents/{shown.reference}/" in html
    assert "again" not in html
    assert f'href="/incidents/{incident.reference}/"' not in html


def test_related_without_javascript_is_a_page(responder: Client) -> None:
    incident = make_incident()

    response = responder.get(f"{incident.get_absolute_url()}related/")

    assert response.status_code == 200
    assert "Related incidents" in response.content.decode()


def test_an_incident_made_by_automation_says_by_what(responder: Client) -> None:

    alert = Alert.objects.create(title="payout-gateway 5xx above 5%")
    severity = Configuration.current().severities.by_slug["major"]
    made = create_incident(
        IncidentDraft(name="Payouts", severity_id=severity.pk), Actor(alert=alert, can_declare=True)
    )

    words = words_of(responder.get(made.incident.get_absolute_url()))

    assert "Alert “payout-gateway 5xx above 5%” declared this incident" in words
    assert IncidentEvent.objects.get(incident=made.incident).creator == alert


def test_page_costs_the_same_however_much_it_holds(django_assert_max_num_queries: Any) -> None:
    ada = make_user("Ada", role="administrator")
    browser, boss = browser_of(ada), Actor.of_user(make_user("Owen", role="administrator"))
    other, survivor = make_incident("Other"), make_incident("Survivor")
    fields = [make_custom_field(f"Field {number}", field_type="text") for number in range(12)]
    incident = make_incident(
        "Breach",
        actor=boss,
        visibility="private",
        separate_from=(other.pk,),
        custom_fields={field.pk: ("Some words",) for field in fields},
        team_ids=tuple(make_team(f"Team {number}").pk for number in range(5)),
    )
    for number in range(8):
        grant_membership(incident.pk, make_user(f"Member {number}"), boss)
    for number in range(60):
        edit_incident(incident.pk, IncidentEdit(name=f"Breach {number}"), boss)
    merge(incident, survivor)
    browser.get(incident.get_absolute_url())

    with django_assert_max_num_queries(18):
        browser.get(incident.get_absolute_url())
