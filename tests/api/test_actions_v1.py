"""Actions V1, which are actions and follow-ups together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from incident_io.models import ActionsListResultV1, ActionsShowResultV1

from incidents.api.views import actions_v1
from incidents.services.follow_ups import add_follow_up_from_link
from tests.api.counting import queries_of
from tests.make import make_action, make_actor, make_follow_up, make_incident, make_user

if TYPE_CHECKING:
    from tests.api.conftest import ApiClient, MakeApi, Reply

PATH = "/v1/actions"


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200
    return [row["id"] for row in reply.body["actions"]]


def test_both_kinds_are_listed_together_oldest_first(api: ApiClient) -> None:
    incident = make_incident()
    action, follow_up, second = make_action(incident), make_follow_up(incident), make_action(incident)

    reply = api.get(PATH)

    assert ids(reply) == [action.pk, follow_up.pk, second.pk]
    rows = ActionsListResultV1.from_dict(reply.body).actions
    assert [row.follow_up for row in rows] == [False, True, False]
    assert rows[1].description == "Alert on pool use"
    assert ids(api.get(f"{PATH}?is_follow_up=true")) == [follow_up.pk]
    assert ids(api.get(f"{PATH}?is_follow_up=false")) == [action.pk, second.pk]


def test_one_of_either_kind_is_shown(api: ApiClient) -> None:
    incident, mei = make_incident(), make_user("Mei Tanaka")
    action = make_action(incident, assignee_id=mei.pk)
    follow_up = add_follow_up_from_link(incident.pk, "https://linear.app/acme/issue/PAY-12", make_actor())

    shown = api.get(f"{PATH}/{action.pk.lower()}")
    from_link = api.get(f"{PATH}/{follow_up.pk}")

    assert ActionsShowResultV1.from_dict(shown.body).action.id == action.pk
    assert shown.body["action"]["assignee"]["name"] == "Mei Tanaka"
    assert from_link.body["action"]["external_issue_reference"] == {
        "provider": "linear",
        "issue_name": "PAY-12",
        "issue_permalink": "https://linear.app/acme/issue/PAY-12",
    }


def test_real_is_what_is_neither_test_nor_tutorial(api: ApiClient) -> None:
    modes = ("standard", "retrospective", "test", "tutorial")
    by_mode = {mode: make_follow_up(make_incident(mode=mode)).pk for mode in modes}

    for query in ("", "?incident_mode=real"):
        assert ids(api.get(PATH + query)) == [by_mode["standard"], by_mode["retrospective"]]
    assert ids(api.get(f"{PATH}?incident_mode=test")) == [by_mode["test"]]
    assert ids(api.get(f"{PATH}?incident_mode=tutorial")) == [by_mode["tutorial"]]
    assert api.get(f"{PATH}?incident_mode=standard").status == 422


def test_hidden_ones_answer_as_missing_ones(make_api: MakeApi) -> None:
    hidden = make_incident(visibility="private")
    action, follow_up = make_action(hidden), make_follow_up(hidden)
    reader = make_api("viewer")

    assert ids(reader.get(PATH)) == []
    replies = [reader.get(f"{PATH}/{pk}") for pk in (action.pk, follow_up.pk, "0" * 26, "x")]
    assert [reply.status for reply in replies] == [404] * 4
    assert len({str(reply.body["errors"]) for reply in replies}) == 1
    of_hidden, of_nothing = (reader.get(f"{PATH}?incident_id={pk}").body for pk in (hidden.pk, "0" * 26))
    assert of_hidden == of_nothing == {"actions": []}


@pytest.mark.parametrize("query", ["is_follow_up=perhaps", "incident_id=x", "incident_mode=stream"])
def test_a_query_that_cannot_be_is_refused(api: ApiClient, query: str) -> None:
    reply = api.get(f"{PATH}?{query}")

    assert (reply.status, reply.pointers) == (422, [f"/{query.partition('=')[0]}"])


def test_the_list_holds_the_newest_of_both(api: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_v1, "MOST_LISTED", 3)
    incident = make_incident()
    made = [make(incident).pk for make in (make_action, make_follow_up, make_action, make_follow_up)]

    assert ids(api.get(PATH)) == made[1:]


def test_the_list_costs_the_same_whatever_it_holds(api: ApiClient) -> None:
    incident = make_incident()
    make_action(incident, assignee_id=make_user().pk)
    make_follow_up(incident, assignee_id=make_user().pk)
    few = queries_of(api, PATH)
    for _ in range(29):
        make_action(incident, assignee_id=make_user().pk)
        make_follow_up(incident, assignee_id=make_user().pk)

    assert queries_of(api, PATH) == few
