"""Twin databases: 50 private incidents with near-identical texts change no byte of what a stranger is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from incidents.models import Configuration
from tests.api.conftest import ApiClient
from tests.make import make_actor, make_api_key, make_incident, make_user

if TYPE_CHECKING:
    from django.test import Client

    from incidents.models import User

pytestmark = pytest.mark.django_db

NAME = "Payroll export leaks salaries in eu-west-1"
HTMX = {"HX-Request": "true"}
PRIVATE = 50
_CHANGING = (
    (re.compile(r'name="csrfmiddlewaretoken" value="\w+"'), ""),
    (re.compile(r'name="(?:idempotency_key|form_token)" value="[\w-]+"'), ""),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b"), "ULID"),
    (re.compile(r"\b[0-9A-F]{10}\b"), "REQUEST"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)?"), "TIME"),
    (re.compile(r"INC-\d+|\"external_id\":\d+|\"name\":\"INC-\d+"), "REFERENCE"),
    (re.compile(r"/incidents/\d+|\d{1,2}:\d\d"), "TIME"),
)


def masked(text: str) -> str:
    """Return an answer without tokens, ids, numbers of incidents and times."""
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text


def told(response: Any) -> str:
    headers = (f"{name}: {response.headers.get(name)}" for name in ("Link", "Tocsin-Outcome", "Location"))
    return masked("\n".join([str(response.status_code), *headers, response.content.decode()]))


def twins(ask: Callable[[], list[str]], members: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """Ask in a database without the private incidents, and in one with them."""
    owner = make_actor("Olga Owner", role="administrator")
    answers: list[list[str]] = []
    for private in (0, PRIVATE):
        with transaction.atomic():
            for number in range(private):
                make_incident(
                    f"{NAME} on db-{number}" if number % 2 else NAME,
                    actor=owner,
                    visibility="private",
                    member_ids=members,
                    summary=f"Salaries of department {number}, payrol exprot",
                )
            answers.append(ask())
            transaction.set_rollback(True)
    without, with_private = answers
    return without, with_private


@pytest.fixture
def stranger(client: Client) -> User:
    """Somebody who sees two public incidents that are a little like it."""
    owner = make_actor("Tomas Vidal", role="administrator")
    make_incident("Payroll export is late", actor=owner)
    make_incident("Payroll export leaks into the data lake, eu-west-1", actor=owner)
    user = make_user("Bob Lind")
    client.force_login(user)
    return user


def ask_forms(client: Client) -> list[str]:
    severity = Configuration.current().severities.by_slug["major"].slug
    typed = {"name": NAME, "summary": "Salaries of a department", "severity": severity}
    return [
        told(client.post("/incidents/similar/", typed, headers=HTMX)),
        told(client.post("/incidents/similar/", {"name": "payrol exprot leek"}, headers=HTMX)),
        told(client.post("/incidents/similar/", typed)),
        told(client.get("/incidents/new/", {"name": NAME})),
        told(client.post("/incidents/new/", {"name": "Payroll export is late", "severity": severity})),
        told(client.post("/incidents/new/", {"name": NAME})),
    ]


def ask_api(*, policy: str) -> list[str]:
    issued = make_api_key(
        f"watch-{policy}", roles=("viewer", "incident_creator", "incident_editor"), similar_policy=policy
    )
    api = ApiClient(issued.api_key, issued.token)
    severity = Configuration.current().severities.by_slug["major"]
    answers = [
        api._client.get(f"/v2/incidents/actions/similar?{urlencode({'name': name})}")
        for name in (NAME, "payrol exprot leeks")
    ]
    for number, name in enumerate(("Payroll export leaks salaries", NAME, "payroll export is late")):
        body = {
            "idempotency_key": f"twin-{number}",
            "visibility": "public",
            "name": name,
            "severity_id": severity.pk,
        }
        answers.append(api._client.post("/v2/incidents", body, content_type="application/json"))
    return [told(answer) for answer in answers]


def test_forms_answer_a_stranger_the_same(client: Client, stranger: User) -> None:
    without, with_private = twins(lambda: ask_forms(client))

    assert without == with_private
    assert [answer.split("\n")[0] for answer in without] == ["200", "200", "200", "200", "409", "422"]
    assert 'class="similar-match' in without[0]


@pytest.mark.parametrize("policy", ["warn", "refuse", "attach"])
def test_the_api_answers_a_key_the_same(stranger: User, policy: str) -> None:
    without, with_private = twins(lambda: ask_api(policy=policy))

    assert without == with_private
    assert "Payroll export leaks into" in without[0]


def test_a_member_is_answered_otherwise(client: Client, stranger: User) -> None:
    without, with_private = twins(lambda: ask_forms(client), members=(stranger.pk,))

    assert all(before != after for before, after in zip(without[:4], with_private[:4], strict=True))
