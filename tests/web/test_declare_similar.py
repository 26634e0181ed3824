"""The panel of similar incidents, while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Incident
from tests.forms import read_form
from tests.make import make_actor, make_custom_field, make_incident, make_user
from tests.web.test_declare import CHECKOUT, NEW, SAME_AS_CHECKOUT, SIMILAR

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def known(client: Client) -> Incident:
    """Log somebody in, and let another one have declared before."""
    client.force_login(make_user("Priya Raman"))
    return make_incident(CHECKOUT, actor=make_actor("Tomas Vidal"))


def test_the_panel_alone_answers_htmx(client: Client, known: Incident) -> None:
    response = client.post(SIMILAR, {"name": SAME_AS_CHECKOUT}, headers=HTMX)

    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    assert response.text.lstrip().startswith('<div id="similar">')
    assert (
        '<span id="similar-title" hx-swap-oob="innerHTML">1 similar recent incident</span>' in response.text
    )
    assert "Very likely the same" in response.text
    assert "<mark>" in response.text
    assert "Name shares" in response.text
    assert "<html" not in response.text


def test_a_get_of_the_panel_answers_the_same(client: Client, known: Incident) -> None:
    by_get = client.get(SIMILAR, {"name": SAME_AS_CHECKOUT}, headers=HTMX)
    by_post = client.post(SIMILAR, {"name": SAME_AS_CHECKOUT}, headers=HTMX)

    assert by_get.text == by_post.text


def test_without_javascript_the_whole_form_comes_back_with_what_was_typed(
    client: Client, known: Incident
) -> None:
    form = read_form(client.get(NEW), "declare-form")

    response = client.post(
        form.buttons["Look for similar incidents"],
        form.filled(name=SAME_AS_CHECKOUT, summary="a\r\nb ", severity="minor"),
    )

    values = read_form(response, "declare-form").values
    assert (response.status_code, response.context["form"].errors) == (200, {})
    assert (values["name"], values["summary"], values["severity"]) == (
        [SAME_AS_CHECKOUT],
        ["a\r\nb "],
        ["minor"],
    )
    assert "Very likely the same" in response.text


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b",
        "the of and",
        "\x00",
        "x" * 1_000_000,
        "%_\\",
        "🔥\u200f\u0645\u0631\u062d\u0628\u0627",
    ],
)
def test_any_text_is_looked_up_without_an_error(client: Client, known: Incident, name: str) -> None:
    response = client.post(SIMILAR, {"name": name, "summary": name}, headers=HTMX)

    assert response.status_code == 200
    assert response.context["panel"].suggestions == ()


def test_the_value_of_a_field_is_compared(client: Client, known: Incident) -> None:
    field = make_custom_field(options=("Checkout", "Ledger"), similarity="service")
    make_incident("Timeouts for some merchants", custom_fields={field.pk: ("checkout",)})

    def reasons(value: str) -> str:
        typed = {"name": "Timeouts of merchants", "custom_field[affected-service]": value}
        return client.post(SIMILAR, typed, headers=HTMX).text

    assert "Same service: Checkout" in reasons("checkout")
    assert "Same service" not in reasons("ledger")


def test_a_private_incident_is_suggested_to_its_members_alone(client: Client) -> None:
    member, stranger = make_user("Member"), make_user("Stranger")
    make_incident(CHECKOUT, visibility="private", member_ids=(member.pk,))

    def suggested(user: Any) -> int:
        client.force_login(user)
        response = client.post(SIMILAR, {"name": CHECKOUT}, headers=HTMX)
        assert ("INC-1" in response.text) == bool(response.context["panel"].suggestions)
        return len(response.context["panel"].suggestions)

    assert (suggested(member), suggested(stranger)) == (1, 0)


@pytest.mark.parametrize("count", [25, 100])
def test_the_panel_costs_the_same_whatever_there_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    client.force_login(make_user())
    service = make_custom_field(options=("Checkout",), similarity="service")
    actor = make_actor(role="administrator")
    for number in range(count):
        make_incident(f"Checkout {number} is slow", actor=actor, custom_fields={service.pk: ("checkout",)})

    with django_assert_num_queries(10):
        client.post(SIMILAR, {"name": "checkout slow"}, headers=HTMX)


def test_a_storm_is_one_line_that_leads_to_the_list(client: Client) -> None:
    client.force_login(make_user())
    actor = make_actor(role="administrator")
    for number in range(9):
        make_incident(f"Warehouse scanner import failed at 10:0{number}", actor=actor)

    response = client.post(SIMILAR, {"name": "warehouse scanner import failed at 17:40"}, headers=HTMX)
    (suggestion,) = response.context["panel"].suggestions
    listed = client.get(suggestion.alike_url)

    assert "1 similar recent incident<" in response.text
    assert "8 more like it" in response.text
    assert len([row for row in range(1, 10) if f"INC-{row}<" in listed.text]) == 9
