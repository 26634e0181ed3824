"""The way back from a merge, on the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.make import make_action, make_incident, make_user, merge, move_incident
from tests.web.test_merge import asked, fresh, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def test_undo_by_the_page_of_the_merged_one(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    merge(survivor, source)
    assert "Undo until" in words_of(browser.get(source.get_absolute_url()))

    response = browser.post(f"/incidents/{source.reference}/unmerge/")

    assert (response.status_code, response["Location"]) == (303, source.get_absolute_url())
    assert fresh(source).is_open
    assert "undid the merge" in words_of(browser.get(survivor.get_absolute_url()))
    assert browser.post(f"/incidents/{source.reference}/unmerge/").status_code == 303


def test_what_cannot_be_undone_exactly_can_be_split_off(browser: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    move_incident(source, "monitoring")
    merge(survivor, source)
    make_action(survivor)
    assert "Undo until" not in words_of(browser.get(source.get_absolute_url()))

    answer = browser.post(f"/incidents/{source.reference}/unmerge/")
    assert answer.status_code == 409
    assert "Something was written since" in words_of(answer)
    assert "Monitoring" in words_of(answer)
    for _ in range(2):
        done = browser.post(f"/incidents/{source.reference}/split-off/")
        assert (done.status_code, done["Location"]) == (303, source.get_absolute_url())

    assert fresh(source).merged_into_incident is None
    assert "split off" in words_of(browser.get(survivor.get_absolute_url()))


def test_nobody_undoes_what_they_cannot_see(browser: Client) -> None:
    survivor, source = make_incident("Leak", visibility="private"), make_incident("A")
    merge(survivor, source)

    page = words_of(browser.get(source.get_absolute_url()))
    assert "merged into another one" in page
    assert survivor.reference not in page
    assert "Undo" not in page
    assert "Split off" not in page
    for action in ("unmerge", "split-off"):
        assert browser.post(f"/incidents/{source.reference}/{action}/").status_code == 404
    leads_back = browser.get(f"/incidents/{source.reference}/split-off/")
    assert leads_back["Location"] == source.get_absolute_url()


def test_viewers_are_offered_nothing(client: Client) -> None:
    survivor, source = make_incident("S"), make_incident("A")
    merge(survivor, source)
    client.force_login(make_user(role="viewer"))

    assert client.get(asked(survivor, source)).status_code == 403
    assert client.post(f"/incidents/{source.reference}/unmerge/").status_code == 403
    assert client.post(f"/incidents/{source.reference}/split-off/").status_code == 403
    for incident in (survivor, source):
        page = words_of(client.get(incident.get_absolute_url()))
        assert "Undo" not in page
        assert "Split off" not in page
    assert "cell-selection" not in client.get("/incidents/").content.decode()
    assert "Merge…" not in words_of(client.get("/incidents/"))
