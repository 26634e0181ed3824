"""What the declare form does with input that no person would type, and some that people do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incidents.models import Incident, IncidentEvent
from tests.forms import read_form
from tests.make import make_custom_field, make_user
from tests.web.test_declare import ENOUGH, NEW

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

IMPACT = "incident_timestamp[impact-started]"
LEAD = "incident_role[lead]"


@pytest.fixture
def fields() -> None:
    """Store a custom field of every type."""
    make_custom_field("Affected service", options=("Checkout", "Ledger"))
    make_custom_field("Regions", options=("EU", "US"), field_type="multi_select")
    make_custom_field("Ticket", field_type="link")
    make_custom_field("Customers hit", field_type="numeric")
    make_custom_field("Cluster", field_type="text")


def refused(client: Client, **changes: Any) -> Any:
    """Send the form with something wrong in it, and see that nothing was stored."""
    client.force_login(make_user())
    response = client.post(NEW, {**ENOUGH, **changes})
    assert response.status_code == 422
    assert "<title>Error: Declare an incident" in response.text
    assert not Incident.objects.exists()
    assert not IncidentEvent.objects.exists()
    return response


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("name", ""),
        ("name", " \t "),
        ("name", "\x01"),
        ("name", "nul\x00"),
        ("name", "x" * 201),
        ("name", "x" * 1_000_000),
        ("summary", "nul\x00"),
        ("summary", "x" * 20_001),
        ("severity", ""),
        ("severity", "nope"),
        ("severity", "01HZZZZZZZZZZZZZZZZZZZZZZZ"),
        ("severity", "\x00"),
        ("status_category", "closed"),
        ("incident_type", "nope"),
        ("visibility", "secret"),
        ("mode", "quick"),
        (IMPACT, "yesterday"),
        (IMPACT, "0000-01-01T00:00"),
        (IMPACT, "0001-01-01T00:00"),
        (IMPACT, "9999-12-31T23:59"),
        (IMPACT, "10000-01-01T00:00"),
        (IMPACT, "1969-12-31T00:00"),
        (IMPACT, "\x00"),
        (LEAD, "nobody@example.com"),
        (LEAD, "01HZZZZZZZZZZZZZZZZZZZZZZZ"),
        (LEAD, "\x00"),
        ("separate_reason", "x" * 501),
        ("idempotency_key", "x" * 256),
        ("idempotency_key", "\x00"),
        ("custom_field[affected-service]", "nope"),
        ("custom_field[affected-service]", ["checkout", "nope\x00"]),
        ("custom_field[regions]", ["eu", "nope"]),
        ("custom_field[regions]", ["eu"] * 101),
        ("custom_field[ticket]", "javascript:alert(1)"),
        ("custom_field[ticket]", "https://[half"),
        ("custom_field[ticket]", "x" * 3000),
        ("custom_field[customers-hit]", "many"),
        ("custom_field[customers-hit]", "1e999999"),
        ("custom_field[customers-hit]", "NaN"),
        ("custom_field[cluster]", "nul\x00"),
        ("custom_field[cluster]", "x" * 1001),
    ],
)
@pytest.mark.usefixtures("fields")
def test_what_is_wrong_is_told_by_its_control_and_above(client: Client, control: str, value: Any) -> None:
    response = refused(client, **{control: value})

    form = response.context["form"]
    assert form.errors.keys() == {control}
    assert f'href="#{form[control].id_for_label or form[control].auto_id}"' in response.text


def test_everything_wrong_is_told_at_once(client: Client) -> None:
    make_custom_field("Customers hit", field_type="numeric")

    response = refused(
        client, name="", severity="", **{IMPACT: "never", LEAD: "nobody", "custom_field[customers-hit]": "x"}
    )

    assert response.context["form"].errors.keys() == {
        "name",
        "severity",
        IMPACT,
        LEAD,
        "custom_field[customers-hit]",
    }


def test_each_link_above_leads_to_a_control(client: Client) -> None:
    make_custom_field("Customers hit", field_type="numeric")

    response = refused(client, name="", severity="", **{IMPACT: "never", "custom_field[customers-hit]": "x"})

    for control in (
        "id_name",
        "id_severity",
        "id_incident_timestamp_impact-started",
        "id_custom_field_customers-hit",
    ):
        assert f'href="#{control}"' in response.text
        assert f'id="{control}"' in response.text


def test_the_text_comes_back_as_it_was_typed(client: Client) -> None:
    typed = {
        "name": "  \u202e\u0645\u0631\u062d\u0628\u0627 🔥 <b>&amp;</b> \"'  ",
        "summary": "\r\n two\r\n\r\nlines \u200f",
        "visibility": "private",
        "mode": "retrospective",
    }

    response = refused(client, severity="", **typed)

    values = read_form(response, "declare-form").values
    assert {name: values[name][0] for name in typed} == typed


def test_a_private_type_asks_for_members_only(client: Client) -> None:
    response = refused(client, incident_type="security", visibility="public")

    assert response.context["form"].errors.as_data().keys() == {"visibility"}
    assert "Security incidents are private. Choose “Members only”." in response.text


def test_a_required_field_is_asked_for_by_its_name(client: Client) -> None:
    make_custom_field("Affected service", options=("Checkout",), required="always")

    response = refused(client)

    assert response.context["form"].errors.keys() == {"custom_field[affected-service]"}


def test_somebody_who_left_cannot_lead(client: Client) -> None:
    gone = make_user("Gone", is_active=False)

    response = refused(client, **{LEAD: gone.pk})

    assert response.context["form"].errors.keys() == {LEAD}


def test_an_hour_that_the_clocks_skip_is_explained(client: Client) -> None:
    client.force_login(make_user(time_zone="Europe/Zurich"))

    response = client.post(NEW, {**ENOUGH, IMPACT: "2026-03-29T02:30"})

    assert "The clocks skipped this time." in response.text


def test_an_hour_that_the_clocks_repeat_means_its_first_run(client: Client) -> None:
    client.force_login(make_user(time_zone="Europe/Zurich"))

    client.post(NEW, {**ENOUGH, IMPACT: "2025-10-26T02:30"})

    stored = Incident.objects.get().timestamp_values.get(incident_timestamp__slug="impact-started")
    assert stored.value.isoformat() == "2025-10-26T00:30:00+00:00"


@pytest.mark.parametrize(
    "query",
    [
        {"name": "x" * 5000, "summary": "x" * 30_000},
        {"severity": ["major", "nope"]},
        {"custom_field[": "x", "custom_field[]": "y", "custom_field[a][b]": "z"},
        {IMPACT: "10000-01-01T00:00", LEAD: "' OR 1=1 --"},
        {"custom_field[customers-hit]": "1e99999999"},
        {f"custom_field[{number}]": "x" for number in range(50)},
    ],
)
@pytest.mark.usefixtures("fields")
def test_no_address_breaks_the_form(client: Client, query: dict[str, Any]) -> None:
    client.force_login(make_user())

    assert client.get(NEW, query).status_code == 200


def test_text_beyond_its_limit_still_comes_back_by_address(client: Client) -> None:
    client.force_login(make_user())

    values = read_form(client.get(NEW, {"name": "x" * 300}), "declare-form").values

    assert values["name"] == ["x" * 300]


def test_unknown_controls_are_ignored(client: Client) -> None:
    client.force_login(make_user())

    response = client.post(NEW, {**ENOUGH, "number": "7", "creator_user": "x", "custom_field[nope]": "y"})

    assert response.status_code == 303
    assert Incident.objects.get().number == 1
