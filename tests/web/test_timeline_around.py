"""The timeline tells what happened around an incident: to actions, follow-ups, attachments and ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from incidents.models import Actor, User
from incidents.services.actions import ActionDraft, add_action, edit_action
from incidents.services.attachments import ANY_LINK, AttachmentDraft, attach_resource, detach_resource
from incidents.services.follow_ups import FollowUpDraft, add_follow_up, connect_issue, edit_follow_up
from incidents.services.issues import IssueLink
from incidents.services.relationships import relate_incidents, unrelate_incidents
from tests.make import make_incident, make_user
from tests.web.test_incident_detail import HTMX, words_of
from tests.web.test_timeline import told

if TYPE_CHECKING:
    from incidents.models import Incident

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def incident(actor: Actor) -> Incident:
    return make_incident(actor=actor)


def test_the_life_of_an_action(reader: Client, incident: Incident, actor: Actor, priya: User) -> None:
    mei = make_user("Mei Tanaka")
    action = add_action(
        incident.pk, ActionDraft(description="Call *the* bank\nNow", assignee_id=mei.pk), actor
    )
    sentences = {
        "Priya Raman took the action “Call *the* bank”": ActionDraft(assignee_id=priya.pk),
        "Priya Raman gave the action “Call *the* bank” to Mei Tanaka": ActionDraft(assignee_id=mei.pk),
        "Priya Raman unassigned the action “Call *the* bank”": ActionDraft(assignee_id=None),
        "Priya Raman changed the action “Call them”": ActionDraft(description="Call them"),
        "Priya Raman completed the action “Call them”": ActionDraft(status="completed"),
        "Priya Raman reopened the action “Call them”": ActionDraft(status="outstanding"),
        "Priya Raman decided against the action “Call them”": ActionDraft(status="not_doing"),
        "Priya Raman deleted the action “Call them”": ActionDraft(status="deleted"),
    }
    for draft in sentences.values():
        edit_action(action, draft, actor)

    assert told(reader, incident)[:-1] == [
        *reversed(sentences),
        "Priya Raman added the action “Call *the* bank” for Mei Tanaka",
    ]


def test_only_what_was_completed_is_ticked(reader: Client, incident: Incident, actor: Actor) -> None:
    action = add_action(incident.pk, ActionDraft(description="Call the bank"), actor)
    edit_action(action, ActionDraft(status="not_doing"), actor)
    timeline = f"{incident.get_absolute_url()}timeline/"
    assert "#circle-check" not in reader.get(timeline, headers=HTMX).content.decode()

    edit_action(action, ActionDraft(status="completed"), actor)

    assert "#circle-check" in reader.get(timeline, headers=HTMX).content.decode()


def test_the_life_of_a_follow_up(reader: Client, incident: Incident, actor: Actor, priya: User) -> None:
    follow_up = add_follow_up(incident.pk, FollowUpDraft(title="x" * 300, assignee_id=priya.pk), actor)
    edit_follow_up(follow_up, FollowUpDraft(title="Alert on pool use"), actor)
    connect_issue(follow_up, IssueLink(url="https://linear.app/acme/issue/PAY-12"), actor)
    edit_follow_up(follow_up, FollowUpDraft(status="completed", assignee_id=None), actor)

    assert told(reader, incident)[:-1] == [
        "Priya Raman completed the follow-up “Alert on pool use”",
        "Priya Raman connected the follow-up “Alert on pool use” to an issue",
        "Priya Raman changed the follow-up “Alert on pool use”",
        f"Priya Raman added the follow-up “{'x' * 199}…”",
    ]


def test_attachments_are_told_with_their_links(reader: Client, incident: Incident, actor: Actor) -> None:
    pull_request = AttachmentDraft(
        resource_type="github_pull_request", url="https://github.com/acme/pay/pull/7", title="Fix the pool"
    )
    by_id = AttachmentDraft(resource_type="pager_duty_incident", external_id="Q1")
    link = AttachmentDraft(resource_type=ANY_LINK, url="https://wiki.example/runbook")
    attached = [attach_resource(incident.pk, draft, actor) for draft in (pull_request, by_id, link)]
    for attachment in attached:
        detach_resource(attachment, actor)

    assert told(reader, incident)[:-1] == [
        "Priya Raman removed the link https://wiki.example/runbook",
        "Priya Raman removed the PagerDuty incident “Q1”",
        "Priya Raman removed the GitHub pull request Fix the pool",
        "Priya Raman attached https://wiki.example/runbook",
        "Priya Raman attached PagerDuty incident “Q1”",
        "Priya Raman attached GitHub pull request Fix the pool",
    ]
    html = reader.get(incident.get_absolute_url()).content.decode()
    link_to_it = 'href="https://github.com/acme/pay/pull/7" rel="noopener noreferrer nofollow"'
    assert link_to_it in html


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        ("related", "related this incident to {other}", "related {this} to this incident"),
        (
            "caused_by",
            "marked this incident as caused by {other}",
            "marked {this} as caused by this incident",
        ),
        ("parent", "made this incident part of {other}", "made {this} part of this incident"),
    ],
)
def test_ties_name_the_other_incident_on_both_sides(
    reader: Client, incident: Incident, actor: Actor, kind: str, here: str, there: str
) -> None:
    other = make_incident("Ledger is slow")
    relationship = relate_incidents(incident.pk, other.pk, kind, actor)

    assert told(reader, incident)[0] == f"Priya Raman {here.format(other=other)}"
    assert told(reader, other)[0] == f"Priya Raman {there.format(this=incident)}"
    unrelate_incidents(relationship, actor)
    assert told(reader, incident)[0] == f"Priya Raman removed the relation to {other}"
    assert told(reader, other)[0] == f"Priya Raman removed the relation to {incident}"


def test_ties_to_hidden_incidents_are_not_told(client: Client, incident: Incident, actor: Actor) -> None:
    hidden = make_incident("Secret breach", visibility="private", actor=actor)
    unrelate_incidents(relate_incidents(incident.pk, hidden.pk, "caused_by", actor), actor)
    client.force_login(make_user("Stan"))

    response = client.get(incident.get_absolute_url())

    assert told(client, incident) == ["Priya Raman declared this incident"]
    assert "Secret" not in words_of(response)
    assert hidden.pk not in response.content.decode()
