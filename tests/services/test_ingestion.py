"""Alerts: counted, attached or declared, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django.fixtures import DjangoAssertNumQueries

from incidents.models import Actor, Alert, AlertSource, Configuration, Incident, IncidentAlert, IncidentEvent
from incidents.services.configuration import delete_noun
from incidents.services.duplicate_settings import DuplicateSettingsEdit, edit_duplicate_settings
from incidents.services.ingestion import AlertDraft, Ingested, Outcome, ingest_alert
from tests.at_once import at_once
from tests.make import (
    make_actor,
    make_alert_source,
    make_custom_field,
    make_incident,
    make_user,
    move_incident,
)

TITLE = "Checkout API returning 500s in eu-west-1"
SAME = "checkout api 5xx eu-west-1"


def ingest(source: AlertSource, title: str = TITLE, **draft: Any) -> Ingested:
    return ingest_alert(AlertDraft(title=title, **draft), source, make_actor("Sender"))


@pytest.mark.django_db
def test_a_new_alert_declares_an_incident_in_triage_of_which_it_is_the_creator() -> None:
    source = make_alert_source()

    ingested = ingest(
        source, deduplication_key="a1", description="Since **noon**", source_url="https://p.example/1"
    )

    incident, alert = Incident.objects.get(), Alert.objects.get()
    assert (ingested.outcome, ingested.incident) == (Outcome.DECLARED, incident)
    assert (incident.name, incident.summary) == (TITLE, "Since **noon**\n\n<https://p.example/1>")
    assert (incident.creator, incident.status_category) == (alert, "triage")
    assert incident.severity == next(iter(Configuration.current().severities))
    assert IncidentAlert.objects.get().incident == incident
    assert (alert.source, alert.deduplication_key, alert.count, alert.status) == (source, "a1", 1, "firing")


@pytest.mark.django_db
def test_a_repeat_is_counted_by_one_statement_and_makes_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    source, sender = make_alert_source(), make_actor("Sender")
    draft = AlertDraft(title=TITLE, deduplication_key="a1")
    ingest_alert(draft, source, sender)

    for _ in range(11):
        with django_assert_num_queries(
            1 + 2
        ):  # and the savepoint of the transaction that the test itself is in
            assert ingest_alert(draft, source, sender).outcome == Outcome.COUNTED

    assert Alert.objects.get().count == 12
    assert (Incident.objects.count(), IncidentEvent.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_another_alert_of_the_same_is_attached_to_the_open_incident() -> None:
    source = make_alert_source()
    known = make_incident(TITLE)
    before = known.last_activity_at

    ingested = ingest(source, SAME, deduplication_key="b")

    known.refresh_from_db()
    event = known.events.get(kind="alert_attached")
    assert (ingested.outcome, ingested.incident, Incident.objects.count()) == (Outcome.ATTACHED, known, 1)
    assert event.details["alert"]["name"] == SAME
    assert event.creator == Alert.objects.get()
    assert known.last_activity_at > before
    assert not known.updates.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("policy", "outcome", "incidents"),
    [("attach", "attached", 1), ("warn", "declared", 2), ("refuse", "refused", 1)],
)
def test_the_policy_of_the_source_decides(policy: str, outcome: str, incidents: int) -> None:
    make_incident(TITLE)

    assert ingest(make_alert_source(policy=policy), SAME).outcome == outcome
    assert (Incident.objects.count(), Alert.objects.count()) == (incidents, 1)


@pytest.mark.django_db
def test_a_source_without_a_policy_follows_the_settings() -> None:
    edit_duplicate_settings(DuplicateSettingsEdit(alert_policy="refuse"), make_actor(role="administrator"))
    make_incident(TITLE)

    assert ingest(make_alert_source(), SAME).outcome == "refused"


@pytest.mark.django_db
def test_what_is_over_holds_no_alert_back() -> None:
    move_incident(make_incident(TITLE), "closed")

    assert ingest(make_alert_source()).outcome == Outcome.DECLARED


@pytest.mark.django_db
def test_private_incidents_are_not_told_to_alerts() -> None:
    make_incident(TITLE, visibility="private")

    assert ingest(make_alert_source()).outcome == Outcome.DECLARED


@pytest.mark.django_db
def test_resolved_says_so_and_firing_again_asks_afresh_once_nobody_is_at_work() -> None:
    source = make_alert_source()
    first = ingest(source, deduplication_key="a").incident
    assert first is not None

    assert ingest(source, deduplication_key="a", status="resolved").outcome == Outcome.COUNTED
    assert Alert.objects.get().status == "resolved"
    assert ingest(source, deduplication_key="a").outcome == Outcome.COUNTED
    ingest(source, deduplication_key="a", status="resolved")
    move_incident(first, "declined")
    again = ingest(source, deduplication_key="a")

    assert again.outcome == Outcome.DECLARED
    assert again.incident != first
    assert (Alert.objects.get().count, IncidentAlert.objects.count()) == (3, 2)


@pytest.mark.django_db
def test_an_alert_that_comes_resolved_makes_no_incident() -> None:
    assert ingest(make_alert_source(), status="resolved").outcome == Outcome.COUNTED
    assert (Alert.objects.get().count, Incident.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_one_key_of_two_sources_is_two_alerts_and_without_a_key_each_is_its_own() -> None:
    source, other = make_alert_source(policy="warn"), make_alert_source("Sentry", policy="warn")

    ingest(source, deduplication_key="a")
    ingest(other, deduplication_key="a")
    ingest(source)
    ingest(source)

    assert (Alert.objects.count(), Incident.objects.count()) == (4, 4)


@pytest.mark.django_db
def test_the_source_says_how_bad_it_is_and_no_field_keeps_an_alert_out() -> None:
    severity = Configuration.current().severities.by_slug["critical"]
    make_custom_field("Region", options=("EU",), required="always")

    incident = ingest(make_alert_source(severity=severity)).incident

    assert incident is not None
    assert incident.severity == severity


@pytest.mark.django_db
def test_a_long_title_becomes_a_name_that_fits() -> None:
    incident = ingest(make_alert_source(), "word " * 90).incident

    assert incident is not None
    assert len(incident.name) <= 200
    assert incident.name.endswith("…")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\ud800"}, "title"),
        ({"title": "x" * 1_000_000}, "title"),
        ({"status": "broken"}, "status"),
        ({"deduplication_key": "a\x00"}, "deduplication_key"),
        ({"deduplication_key": "x" * 501}, "deduplication_key"),
        ({"description": "\x00"}, "description"),
        ({"source_url": "\ud800"}, "source_url"),
        ({"metadata": {"a": ["\x00"]}}, "metadata"),
        ({"metadata": {"\ud800": 1}}, "metadata"),
        ({"metadata": {"a": "x" * 1_000_000}}, "metadata"),
        ({"metadata": {"a": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}}, "metadata"),
    ],
)
def test_what_cannot_be_stored_is_told_by_its_field(draft: dict[str, Any], field: str) -> None:
    source = make_alert_source()

    with pytest.raises(ValidationError) as refused:
        ingest_alert(AlertDraft(**{"title": TITLE, **draft}), source, make_actor("Sender"))

    assert list(refused.value.error_dict) == [field]
    assert not Alert.objects.exists()


@pytest.mark.django_db
def test_who_may_not_declare_sends_no_alerts() -> None:
    with pytest.raises(PermissionDenied):
        ingest_alert(AlertDraft(title=TITLE), make_alert_source(), Actor(user=make_user()))


@pytest.mark.django_db
def test_a_source_with_alerts_stays() -> None:
    from django.db.models import ProtectedError

    source = make_alert_source()
    ingest(source)

    with pytest.raises(ProtectedError):
        delete_noun(source, make_actor(role="administrator"))


@pytest.mark.usefixtures("committed_db")
def test_one_key_at_once_makes_one_incident() -> None:
    source, sender = make_alert_source(), make_actor("Sender")
    draft = AlertDraft(title=TITLE, deduplication_key="a")

    outcomes = at_once(lambda _: ingest_alert(draft, source, sender).outcome, writers=16)

    assert sorted(outcomes) == [Outcome.COUNTED] * 15 + [Outcome.DECLARED]
    assert (Incident.objects.count(), Alert.objects.get().count) == (1, 16)


@pytest.mark.usefixtures("committed_db")
def test_different_keys_of_one_outage_at_once_make_one_incident() -> None:
    source, sender = make_alert_source(), make_actor("Sender")

    def send(number: int) -> Outcome:
        return ingest_alert(AlertDraft(title=TITLE, deduplication_key=str(number)), source, sender).outcome

    outcomes = at_once(send, writers=8)

    assert sorted(outcomes) == [Outcome.ATTACHED] * 7 + [Outcome.DECLARED]
    assert (Incident.objects.count(), IncidentAlert.objects.count()) == (1, 8)
