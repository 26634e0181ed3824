"""Follow-ups: added, changed, tied to issues in trackers, done, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from incidents.models import Actor, FollowUp, FollowUpPriority, Incident, IncidentEvent
from incidents.services.follow_ups import (
    FollowUpDraft,
    add_follow_up,
    add_follow_up_from_link,
    connect_issue,
    edit_follow_up,
)
from incidents.services.issues import IssueLink
from tests.at_once import at_once
from tests.make import make_actor, make_follow_up, make_incident, make_team, make_user
from tests.services.test_actions import events_of

pytestmark = pytest.mark.django_db
Kind = IncidentEvent.Kind
ISSUE = "https://linear.app/acme/issue/PAY-12"


def test_a_follow_up_is_added_with_everything_and_told() -> None:
    incident, mei, team = make_incident(), make_user("Mei Tanaka"), make_team()
    high = FollowUpPriority.objects.get(name="High")

    follow_up = add_follow_up(
        incident.pk,
        FollowUpDraft(
            title=" Alert on\npool use ",
            description="Over *80%*",
            assignee_id=mei.pk,
            assignee_team_id=team.pk,
            priority_id=high.pk,
            labels=("alerts", " alerts ", "", "pools"),
        ),
        make_actor(),
    )

    stored = FollowUp.objects.get(pk=follow_up.pk)
    assert (stored.title, stored.description) == ("Alert on pool use", "Over *80%*")
    assert (stored.assignee, stored.assignee_team, stored.priority) == (mei, team, high)
    assert stored.labels == ["alerts", "pools"]
    (event,) = events_of(incident, Kind.FOLLOW_UP_ADDED)
    assert event.details["task"]["name"] == "Alert on pool use"


def test_completing_sets_the_moment_once() -> None:
    incident = make_incident()
    follow_up = make_follow_up(incident)

    first = edit_follow_up(follow_up, FollowUpDraft(status="completed"), make_actor())
    again = edit_follow_up(follow_up, FollowUpDraft(status="completed"), make_actor())

    assert first.completed_at is not None
    assert first.completed_at == again.completed_at
    assert len(events_of(incident, Kind.FOLLOW_UP_CHANGED)) == 1


def test_parts_are_emptied_by_none() -> None:
    team, high = make_team(), FollowUpPriority.objects.get(name="High")
    follow_up = make_follow_up(make_incident(), assignee_team_id=team.pk, priority_id=high.pk)

    edited = edit_follow_up(
        follow_up, FollowUpDraft(assignee_team_id=None, priority_id=None, labels=()), make_actor()
    )

    assert (edited.assignee_team, edited.priority, edited.title) == (None, None, "Alert on pool use")


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"title": "Do", "description": "a\x00"}, "description"),
        ({"title": "Do", "labels": ("x" * 51,)}, "labels"),
        ({"title": "Do", "labels": ("x",) * 21}, "labels"),
        ({"title": "Do", "priority_id": "high"}, "follow_up_priority_option_id"),
        ({"title": "Do", "priority_id": "0" * 26}, "follow_up_priority_option_id"),
        ({"title": "Do", "assignee_team_id": "0" * 26}, "assignee_team_id"),
        ({"title": "Do", "assignee_id": "0" * 26}, "assignee_id"),
        ({"title": "Do", "status": "done"}, "status"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(draft: dict[str, Any], field: str) -> None:
    incident = make_incident()

    with pytest.raises(ValidationError) as refused:
        add_follow_up(incident.pk, FollowUpDraft(**draft), make_actor())

    assert list(refused.value.error_dict) == [field]
    assert not FollowUp.objects.exists()


def test_a_deleted_follow_up_is_gone_for_good() -> None:
    follow_up = make_follow_up(make_incident())
    edit_follow_up(follow_up, FollowUpDraft(status="deleted"), make_actor())

    with pytest.raises(FollowUp.DoesNotExist):
        edit_follow_up(follow_up, FollowUpDraft(status="outstanding"), make_actor())
    with pytest.raises(FollowUp.DoesNotExist):
        connect_issue(follow_up, IssueLink(url=ISSUE), make_actor())


def test_viewers_change_nothing_and_hidden_ones_are_out_of_reach() -> None:
    hidden = make_incident(visibility="private")
    follow_up = make_follow_up(hidden)

    changes: list[Callable[[Actor], object]] = [
        lambda actor: add_follow_up(hidden.pk, FollowUpDraft(title="Do"), actor),
        lambda actor: add_follow_up_from_link(hidden.pk, ISSUE, actor),
        lambda actor: edit_follow_up(follow_up, FollowUpDraft(status="completed"), actor),
        lambda actor: connect_issue(follow_up, IssueLink(url=ISSUE), actor),
    ]
    for change in changes:
        with pytest.raises(PermissionDenied):
            change(make_actor(role="viewer"))
        with pytest.raises(Incident.DoesNotExist):
            change(make_actor(role="responder"))


def test_an_issue_is_tied_once_and_no_other_takes_its_place() -> None:
    incident = make_incident()
    follow_up = make_follow_up(incident)
    link = IssueLink(provider="linear", url=f"{ISSUE}/")

    connected = connect_issue(follow_up, link, make_actor())
    connect_issue(follow_up, link, make_actor())

    assert (connected.issue_provider, connected.issue_name) == ("linear", "PAY-12")
    assert len(events_of(incident, Kind.FOLLOW_UP_CHANGED)) == 1
    with pytest.raises(ValidationError) as refused:
        connect_issue(follow_up, IssueLink(url="https://github.com/acme/pay/issues/7"), make_actor())
    assert list(refused.value.error_dict) == ["url"]


@pytest.mark.parametrize(
    ("url", "provider", "name"),
    [
        ("https://acme.atlassian.net/browse/PAY-12", "jira", "PAY-12"),
        ("https://github.com/acme/pay/issues/7/", "github", "7"),
        ("https://app.asana.com/0/1/2?focus=true#x", "asana", "2"),
        ("https://linear.app", "linear", "linear.app"),
        ("https://linear.app/%00", "linear", "linear.app"),
        ("https://linear.app/acme/%C3%A4", "linear", "ä"),
        ("https://linear.app/" + "x" * 1_900, "linear", "x" * 200),
    ],
)
def test_a_link_tells_tracker_and_name(url: str, provider: str, name: str) -> None:
    follow_up = add_follow_up_from_link(make_incident().pk, url, make_actor())

    assert (follow_up.issue_provider, follow_up.issue_name) == (provider, name)


@pytest.mark.parametrize(
    ("url", "title"), [(ISSUE, "PAY-12"), ("https://github.com/acme/pay/issues/7", "GitHub issue 7")]
)
def test_a_follow_up_from_a_link_is_called_as_the_issue(url: str, title: str) -> None:
    assert add_follow_up_from_link(make_incident().pk, url, make_actor()).title == title


def test_the_same_link_again_is_the_same_follow_up() -> None:
    incident = make_incident()

    first = add_follow_up_from_link(incident.pk, ISSUE, make_actor())
    again = add_follow_up_from_link(incident.pk, ISSUE, make_actor())

    assert first.pk == again.pk
    assert len(events_of(incident, Kind.FOLLOW_UP_ADDED)) == 1


@pytest.mark.parametrize(
    ("link", "field"),
    [
        (IssueLink(url=""), "url"),
        (IssueLink(url="javascript:alert(1)"), "url"),
        (IssueLink(url="https://tracker.example/1"), "url"),
        (IssueLink(url="https://evilgithub.com/acme/1"), "url"),
        (IssueLink(url="http://[::1"), "url"),
        (IssueLink(url="https://linear.app/" + "x" * 2_000), "url"),
        (IssueLink(provider="paper", url=ISSUE), "provider"),
    ],
)
def test_what_is_no_issue_is_refused(link: IssueLink, field: str) -> None:
    follow_up = make_follow_up(make_incident())

    with pytest.raises(ValidationError) as refused:
        connect_issue(follow_up, link, make_actor())

    assert list(refused.value.error_dict) == [field]


@pytest.mark.usefixtures("committed_db")
def test_the_same_link_many_times_at_once_is_one_follow_up() -> None:
    incident, actor = make_incident(), make_actor()

    made = at_once(lambda _: add_follow_up_from_link(incident.pk, ISSUE, actor))

    assert {one.pk for one in made} == {FollowUp.objects.get().pk}
