"""The page of duplicates: groups to merge, and figures that click through to their rows."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Actor, DuplicateCandidate, Incident, IncidentEvent, SimilarityVerdict
from incidents.models.ulid import new_ulid
from incidents.services.declaring import declare_by_policy
from incidents.services.drafts import IncidentDraft
from incidents.services.duplicates import find_duplicates
from incidents.services.history import History
from incidents.services.verdicts import give_verdict
from tests.make import make_actor, make_api_key, make_incident, make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

ADDRESS = "/duplicates/"
NAME = "Checkout API returns 500s for EU merchants"


@pytest.fixture
def responder(client: Client) -> Client:
    client.force_login(make_user("Rosa Lund"))
    return client


def alike(count: int = 2) -> list[Incident]:
    rows = [make_incident(NAME) for _ in range(count)]
    list(find_duplicates(100))
    return rows


def merge(duplicate: Incident, survivor: Incident, *, after: datetime.timedelta) -> None:
    """Store what merging stores."""
    Incident.objects.filter(pk=duplicate.pk).update(merged_into_incident=survivor, status_category="merged")
    history = History(duplicate.pk, make_actor(), duplicate.created_at + after)
    history.add(IncidentEvent.Kind.MERGED, merged_into_incident_id=survivor.pk)
    history.write()


def page(client: Client) -> str:
    return client.get(ADDRESS).content.decode()


def test_an_empty_installation_has_nothing_alike(responder: Client) -> None:
    words = page(responder)

    assert "Nothing looks alike" in words
    assert "0.0% of 0 declared" in words
    assert "none yet" in words


def test_what_looks_alike_is_one_group_with_a_way_to_merge(responder: Client) -> None:
    rows = alike(3)

    words = page(responder)

    assert "1 group, 3 incidents" in words
    query = "&amp;".join(f"id={row.reference}" for row in rows)
    assert f"/incidents/merge/?{query}" in words
    assert "Name shares" in words


def test_what_automation_declared_again_is_a_group(responder: Client) -> None:
    severity_id = make_incident(NAME).severity_id
    key = Actor.of_api_key(make_api_key().api_key)
    declare_by_policy(IncidentDraft(name=NAME, severity_id=severity_id), key, "warn")

    assert "1 group, 2 incidents" in page(responder)


def test_what_was_called_the_same_is_a_group_until_it_is_merged(responder: Client) -> None:
    older, newer = make_incident("Ledger is late"), make_incident("Printer on fire")
    give_verdict(older.pk, newer.pk, "same", make_actor())
    assert "Called the same" in page(responder)

    merge(newer, older, after=datetime.timedelta(minutes=5))

    assert "Nothing looks alike" in page(responder)


@pytest.mark.parametrize(("verdict", "groups"), [("different", 0), ("related", 0), ("unsure", 1)])
def test_what_was_decided_is_no_group(responder: Client, verdict: str, groups: int) -> None:
    older, newer = alike()
    give_verdict(older.pk, newer.pk, verdict, make_actor())

    assert page(responder).count("duplicate-incidents") == groups


def test_not_the_same_decides_the_whole_group(responder: Client) -> None:
    rows = alike(3)

    response = responder.post(ADDRESS, {"id": [row.pk for row in rows]}, follow=True)

    words = response.content.decode()
    assert "3 pairs will not be suggested again." in words
    assert "Nothing looks alike" in words
    assert set(SimilarityVerdict.objects.values_list("verdict", flat=True)) == {"different"}


def test_a_group_that_is_gone_is_told(responder: Client) -> None:
    rows = [make_incident("Ledger is late"), make_incident("Printer on fire")]

    response = responder.post(ADDRESS, {"id": [row.pk for row in rows]}, follow=True)

    assert "Somebody was quicker" in response.content.decode()
    assert not SimilarityVerdict.objects.exists()


def test_viewers_see_groups_and_decide_nothing(client: Client) -> None:
    rows = alike()
    client.force_login(make_user(role="viewer"))

    words = page(client)
    assert "1 group, 2 incidents" in words
    assert "Not the same" not in words
    assert client.post(ADDRESS, {"id": [row.pk for row in rows]}).status_code == 403


@pytest.mark.parametrize(
    ("ids", "status"), [([], 422), (["nobody"], 404), (["INC-1", "INC-2"], 404), (["\x00", "x"], 404)]
)
def test_what_makes_no_sense_decides_nothing(responder: Client, ids: list[str], status: int) -> None:
    alike()

    assert responder.post(ADDRESS, {"id": ids}).status_code == status
    assert not SimilarityVerdict.objects.exists()


def test_hidden_incidents_are_in_no_group_and_in_no_figure(client: Client) -> None:
    owner = make_actor("Olga Owner")
    public = make_incident(NAME)
    hidden = make_incident(NAME, visibility="private", actor=owner)
    list(find_duplicates(100))
    assert DuplicateCandidate.objects.count() == 1
    client.force_login(make_user())

    words = page(client)

    assert "Nothing looks alike" in words
    assert "of 1 declared" in words
    assert client.post(ADDRESS, {"id": [public.pk, hidden.pk]}).status_code == 404
    assert client.post(ADDRESS, {"id": [public.pk, new_ulid()]}).status_code == 404
    assert not SimilarityVerdict.objects.exists()
    client.force_login(owner.user)  # type: ignore[arg-type]
    assert "1 group, 2 incidents" in page(client)


def test_figures_count_duplicates_and_the_time_until_they_were_merged(responder: Client) -> None:
    survivor, first, second, third = (make_incident(f"Ledger {number}") for number in range(4))
    make_incident("Practice", mode="test")
    for duplicate, minutes in ((first, 10), (second, 20), (third, 60)):
        merge(duplicate, survivor, after=datetime.timedelta(minutes=minutes))

    words = " ".join(page(responder).split())

    assert "75.0% of 4 declared in 26 weeks" in words
    assert "1h 30m" in words
    assert "20m" in words
    assert "3 duplicates" in words


def test_the_first_merge_is_what_counts(responder: Client) -> None:
    survivor, duplicate = make_incident("Ledger"), make_incident("Ledger again")
    for minutes in (10, 300):
        merge(duplicate, survivor, after=datetime.timedelta(minutes=minutes))

    assert "10m" in page(responder)
    assert "5h" not in page(responder)


def test_each_figure_leads_to_its_rows(responder: Client) -> None:
    rosa = make_actor("Tom Vidal")
    survivor = make_incident("Ledger", actor=rosa)
    merge(make_incident("Ledger again", actor=rosa), survivor, after=datetime.timedelta(minutes=5))

    addresses = re.findall(r'href="(/incidents/[^"]+one_of\]=merged[^"]+)"', page(responder))

    assert len(addresses) == 4
    for address in addresses:
        words = responder.get(address.replace("&amp;", "&")).content.decode()
        assert "Ledger again" in words
        assert "Nothing here" not in words


def test_many_figures_are_kept_for_a_while_for_each_reader(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.web.duplicate_figures.MOST_READ_EACH_TIME", 0)
    make_incident("Leaked key", visibility="private", actor=make_actor("Olga Owner"))
    make_incident("Ledger")
    for role, declared in (("administrator", 2), ("responder", 1)):
        client.force_login(make_user(role=role))
        assert f"of {declared} declared" in page(client)
        make_incident("Ledger again")
        assert f"of {declared} declared" in page(client)
        Incident.objects.filter(name="Ledger again").update(mode="test")


def test_who_declares_duplicates_is_told(responder: Client) -> None:
    survivor = make_incident("Ledger")
    key = Actor.of_api_key(make_api_key("ledger-watch").api_key)
    for number in range(3):
        merge(make_incident(f"Ledger {number}", actor=key), survivor, after=datetime.timedelta(minutes=5))
    merge(make_incident("Ledger 4", actor=make_actor("Tom Vidal")), survivor, after=datetime.timedelta(0))

    words = " ".join(re.sub(r"<[^>]+>", " ", page(responder)).split())

    assert "ledger-watch API key 3 75%" in words
    assert "Tom Vidal Person 1 25%" in words


def test_what_is_older_than_26_weeks_is_left_out(responder: Client) -> None:
    survivor = make_incident("Ledger")
    past = timezone.now() - datetime.timedelta(weeks=27)
    merge(make_incident("Ledger once", created_at=past), survivor, after=datetime.timedelta(minutes=5))

    assert "0.0% of 1 declared" in page(responder)


def test_the_page_costs_the_same_however_many_groups(
    responder: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    responder.get(ADDRESS)
    for number in range(25):
        for _ in range(2):
            make_incident(f"Alpha{number}xyz breaks beta{number}qrs")
    list(find_duplicates(100))

    with django_assert_num_queries(9):
        words = responder.get(ADDRESS).content.decode()

    assert words.count("duplicate-incidents") == 20
    assert "These are the newest." in words
