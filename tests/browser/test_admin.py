"""The admin in a real browser: our look in both themes, and nothing that the content security policy refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from tests.make import make_actor, make_custom_field, make_incident, make_user

if TYPE_CHECKING:
    from tests.browser.conftest import Browse, Theme


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_keep_the_content_security_policy(browse: Browse, theme: Theme) -> None:
    incident = make_incident()
    field = make_custom_field(options=("Checkout", "Search"))
    page = browse(make_user(role="administrator"), theme=theme)

    for path in (
        "",
        "incidents/incident/",
        f"incidents/incident/{incident.pk}/change/",
        "incidents/incident/add/",
        f"incidents/customfield/{field.pk}/change/",
        "incidents/user/",
        "incidents/incidenttype/add/",
    ):
        page.goto(f"/admin/{path}")
        expect(page.locator("#site-name")).to_contain_text("Tocsin")

    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if theme == "light" else "rgb(20, 21, 23)")


def test_the_lead_is_found_by_typing(browse: Browse) -> None:
    incident = make_incident()
    make_actor("Priya Raman")
    page = browse(make_user(role="administrator"))
    page.goto(f"/admin/incidents/incident/{incident.pk}/change/")

    page.locator(".field-box, .form-row", has_text="Incident lead").locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("priya")
    page.get_by_role("option", name="Priya Raman").click()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assignment = Incident.objects.get(pk=incident.pk).role_assignments.get(incident_role__role_type="lead")
    assert assignment.assignee.name == "Priya Raman"


def test_an_option_is_added_on_the_page_of_its_field(browse: Browse) -> None:
    field = make_custom_field(options=("Checkout",))
    page = browse(make_user(role="administrator"))
    page.goto(f"/admin/incidents/customfield/{field.pk}/change/")

    page.locator("#id_options-1-value").fill("Search")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [option.slug for option in field.options.order_by("value")] == ["checkout", "search"]


def test_the_way_back_to_the_product(browse: Browse) -> None:
    page = browse(make_user(role="administrator"))
    page.goto("/admin/")

    page.get_by_role("link", name="Back to incidents").click()

    expect(page).to_have_url("/incidents/")
