"""Duplicates in a real browser: judged on an incident's page, decided as groups, and the marks previewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from incidents.models import Actor, Configuration, Incident, SimilarityVerdict
from incidents.services.duplicate_check import Evidence
from incidents.services.duplicates import find_duplicates
from incidents.services.verdicts import record_verdict
from tests.make import make_incident, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from incidents.models import User
    from tests.browser.conftest import Browse, Theme

NAME = "Checkout API returns 500s for EU merchants"
LONG_NAME = "deploymarker" * 16
LOOKS: list[tuple[Theme, bool]] = [("light", False), ("dark", False), ("light", True), ("dark", True)]
SETTINGS = "/settings/duplicates/"


@pytest.fixture
def administrator(committed_db: None) -> User:
    return make_user("Priya Raman", role="administrator")


@pytest.fixture
def pair(administrator: User) -> tuple[Incident, Incident]:
    actor = Actor.of_user(administrator)
    rows = make_incident(NAME, actor=actor), make_incident("Checkout API 500s, EU merchants", actor=actor)
    list(find_duplicates(10))
    return rows


@pytest.fixture
def judged(administrator: User, pair: tuple[Incident, Incident]) -> None:
    """Enough verdicts for every figure, and a duplicate that was merged."""
    actor = Actor.of_user(administrator)
    rows = [make_incident(f"{LONG_NAME} {number}", actor=actor, mode="test") for number in range(50)]
    for place, (older, newer) in enumerate(zip(rows[::2], rows[1::2], strict=True)):
        verdict, score = ("different", 52) if place % 8 == 0 else ("same", 55 + place)
        evidence = Evidence(score, "likely")
        record_verdict((older.pk, newer.pk), verdict, actor, source="page", evidence=evidence)
    survivor, duplicate = make_incident("Ledger", actor=actor), make_incident("Ledger again", actor=actor)
    Incident.objects.filter(pk=duplicate.pk).update(merged_into_incident=survivor, status_category="merged")


def test_a_similar_incident_is_judged_by_keyboard(
    browse: Browse, administrator: User, pair: tuple[Incident, Incident]
) -> None:
    page = browse(administrator)
    page.goto(pair[1].get_absolute_url())
    panel = page.locator("#related_incidents")

    panel.get_by_role("button", name="Not related").press("Enter")

    expect(panel).to_contain_text("None that is open or recent.")
    expect(page.locator("#say")).to_have_text(f"{pair[0].reference}: not related")
    expect(page.locator("#related-title")).to_be_focused()
    panel.get_by_text("Looked at before (1)").click()
    panel.get_by_text("Change").click()
    panel.get_by_role("button", name="Related", exact=True).click()
    expect(panel.get_by_text("Looked at before")).to_have_count(0)
    assert SimilarityVerdict.objects.get().verdict == "related"


def test_the_same_leads_to_merging(
    browse: Browse, administrator: User, pair: tuple[Incident, Incident]
) -> None:
    page = browse(administrator)
    page.goto(pair[1].get_absolute_url())

    page.locator("#related_incidents").get_by_role("button", name="Same incident").click()

    page.wait_for_url(f"**/incidents/merge/?id={pair[1].reference}&id={pair[0].reference}")


def test_a_group_is_decided_without_javascript(
    browse: Browse, administrator: User, pair: tuple[Incident, Incident]
) -> None:
    page = browse(administrator, javascript=False)
    page.goto("/duplicates/")
    expect(page.get_by_text("1 group, 2 incidents")).to_be_visible()

    page.get_by_role("button", name="Not the same").click()

    expect(page.get_by_text("1 pair will not be suggested again.")).to_be_visible()
    expect(page.get_by_text("Nothing looks alike")).to_be_visible()


@pytest.mark.usefixtures("judged")
def test_the_slider_previews_and_keeps_the_focus(browse: Browse, administrator: User) -> None:
    page = browse(administrator)
    page.goto(SETTINGS)
    slider = page.get_by_role("slider", name="Warn from")

    slider.press("ArrowRight")
    slider.press("ArrowRight")

    expect(page.get_by_label("Warn from", exact=True)).to_have_value("52")
    # The second mark is below the first by then.
    expect(page.locator("#effect")).to_contain_text("At least 52")
    page.get_by_label("Ask for a tick from", exact=True).fill("80")
    page.get_by_label("Ask for a tick from", exact=True).press("Tab")
    expect(page.locator("#effect")).to_contain_text("From 50 and 50 to 52 and 80")
    expect(page.locator("#figure")).to_contain_text("chosen")
    slider.press("ArrowRight")
    expect(page.locator("#effect")).to_contain_text("From 50 and 50 to 53 and 80")
    expect(slider).to_be_focused()
    assert "csrf" not in page.url
    page.get_by_role("button", name="Save 53 and 80").click()
    expect(page.get_by_text("Warnings begin at 53 points, ticks at 80.")).to_be_visible()
    assert Configuration.current().duplicates.warn_at == 53


@pytest.mark.usefixtures("judged")
def test_marks_are_previewed_and_saved_without_javascript(browse: Browse, administrator: User) -> None:
    page = browse(administrator, javascript=False)
    page.goto(SETTINGS)
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_label("Warn from", exact=True).fill("60")
    page.get_by_label("Ask for a tick from", exact=True).fill("70")

    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Duplicates it would have missed").click()
    page.get_by_role("button", name="Save 60 and 70").click()

    expect(page.get_by_text("Warnings begin at 60 points, ticks at 70.")).to_be_visible()


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize(("theme", "phone"), LOOKS)
def test_every_state_is_accessible(
    browse: Browse,
    administrator: User,
    pair: tuple[Incident, Incident],
    assert_accessible: Callable[[Page], None],
    theme: Theme,
    phone: bool,
) -> None:
    page = browse(administrator, theme=theme, phone=phone)
    for address in ("/duplicates/", SETTINGS, f"{SETTINGS}?warn=60&stop=80", f"{SETTINGS}?warn=60&stop=1"):
        page.goto(address)
        for folded in page.locator("main summary").all():
            folded.click()
        assert_accessible(page)
        assert not scrolls_sideways(page)
    page.goto(pair[1].get_absolute_url())
    expect(page.locator("#related_incidents form")).to_be_visible()
    assert_accessible(page)
    assert not scrolls_sideways(page)


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("width", [320, 820, 1100])
def test_pages_fit_every_width(browse: Browse, administrator: User, width: int) -> None:
    page = browse(administrator)
    page.set_viewport_size({"width": width, "height": 700})
    for address in ("/duplicates/", f"{SETTINGS}?warn=60&stop=80"):
        page.goto(address)
        for folded in page.locator("main summary").all():
            folded.click()
        assert not scrolls_sideways(page)


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
