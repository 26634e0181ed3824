"""Ticks on the incident page: what they do, and that they are answered with one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.make import make_action, make_follow_up, make_incident, make_user
from tests.web.test_incident_detail import HTMX, words_of
from tests.web.test_incident_tasks import address_of

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


@pytest.fixture
def incident() -> Incident:
    return make_incident()


def test_a_tick_completes_and_takes_back(responder: Client, incident: Incident) -> None:
    for task in (make_action(incident), make_follow_up(incident)):
        address = address_of(task)

        assert responder.post(address, {"status": "completed"}).status_code == 303
        task.refresh_from_db()
        assert task.status == "completed"
        answer = responder.post(address, {"status": "outstanding"}, headers=HTMX)
        task.refresh_from_db()
        assert (answer.status_code, task.status) == (200, "outstanding")
        assert "reopened" in words_of(answer)


def test_a_tick_is_answered_with_its_row_and_the_count(responder: Client, incident: Incident) -> None:
    make_action(incident, "Flip the flag")
    task = make_action(incident, "Call the bank")

    html = responder.post(address_of(task), {"status": "completed"}, headers=HTMX).content.decode()

    rows, _, around = html.partition('id="tasks_done"')
    assert 'id="tasks"' not in html
    assert (rows.count("<li"), f'id="task-{task.pk}"' in rows, "Flip the flag" in rows) == (1, True, False)
    assert "1 of 2 done" in around
    assert 'id="timeline"' in around


@pytest.mark.parametrize("status", ["", "half", "a\x00", "x" * 10_000])
def test_a_tick_that_means_nothing_is_refused(responder: Client, incident: Incident, status: str) -> None:
    task = make_action(incident)

    response = responder.post(address_of(task), {"status": status}, headers=HTMX)

    assert response.status_code == 422
    assert "The status is one of" in words_of(response)
    task.refresh_from_db()
    assert task.status == "outstanding"
