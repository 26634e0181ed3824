"""Several people, or several presses of one button, at the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from incidents.models import IdempotencyKey, Incident, IncidentEvent, User
from tests.forms import read_form
from tests.make import make_user
from tests.web.test_declare import ENOUGH, NEW

pytestmark = pytest.mark.usefixtures("committed_db")

AT_ONCE = 8


def send_at_once(senders: list[tuple[Client, dict[str, list[str]]]]) -> Counter[tuple[int, str]]:
    """Send each form from a thread of its own, all let go together; count the answers."""
    start = threading.Barrier(len(senders))

    def send(sender: tuple[Client, dict[str, list[str]]]) -> tuple[int, str]:
        client, form = sender
        try:
            start.wait(timeout=30)
            response = client.post(NEW, form)
            return response.status_code, response.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(senders)) as pool:
        return Counter(pool.map(send, senders))


def browser_of(user: User) -> tuple[Client, dict[str, list[str]]]:
    """Return a browser with the form open and filled in."""
    client = Client()
    client.force_login(user)
    return client, read_form(client.get(NEW), "declare-form").filled(**ENOUGH)


def test_one_form_sent_many_times_at_once_makes_one_incident() -> None:
    user = make_user()
    _, form = browser_of(user)

    answers = send_at_once([(browser_of(user)[0], form) for _ in range(AT_ONCE)])

    assert answers == {(303, "/incidents/INC-1/"): AT_ONCE}
    assert Incident.objects.count() == IdempotencyKey.objects.count() == 1
    assert IncidentEvent.objects.filter(kind="declared").count() == 1


def test_of_many_people_with_the_same_text_one_declares_and_the_others_are_asked() -> None:
    people = [make_user(f"Person {number}") for number in range(AT_ONCE)]

    answers = send_at_once([browser_of(person) for person in people])

    assert answers == {(303, "/incidents/INC-1/"): 1, (409, ""): AT_ONCE - 1}
    assert Incident.objects.count() == 1
